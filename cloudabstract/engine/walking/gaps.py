"""Gaps: old objects that go before the new ones come, since the two cannot stand together. Pure.

With the old object go those that use it, before it. None of them goes before everything that the
new object needs is there: the gap is then one delete and one create long, and what fails earlier
leaves the old object at work. Where something that is needed cannot be made before the old object
is gone (it waits for one of these deletes itself), its own needs are waited for instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .steps import Drawn, Graph, Step

UsersOf = Callable[[Step], Iterable[Step]]  # the deletes of what uses the object of a delete


def order(drawn: Drawn, users_of: UsersOf) -> set[int]:
    """Set the edges of all deletes that come before a create; returns their numbers."""
    graph = drawn.graph
    groups = [(create, _going(graph, delete, users_of)) for delete, create in drawn.gaps]
    for delete, create in drawn.gaps:
        graph.needs[create.number].add(delete.number)
    for create, going in groups:
        needed = set(_ready_before(graph, create, going))
        for number in going:
            graph.needs[number] |= needed
    return set().union(*(going for _, going in groups))


def _going(graph: Graph, delete: Step, users_of: UsersOf) -> set[int]:
    """`delete` and those of all that uses the same old object, users first."""
    going: set[int] = set()
    left = [delete]
    while left:
        step = left.pop()
        if step.number in going:
            continue
        going.add(step.number)
        for user in users_of(step):
            graph.needs[step.number].add(user.number)
            left.append(user)
    return going


def _ready_before(graph: Graph, create: Step, going: set[int]) -> Iterator[int]:
    """What `create` needs, as far as it can be had before `going` begin."""
    seen = set(going)
    left = list(graph.needs[create.number])
    while left:
        needed = left.pop()
        if needed in seen:
            continue
        seen.add(needed)
        if _waits_for(graph, needed, going):
            left.extend(graph.needs.get(needed, ()))
        elif graph.steps[needed].verb != "delete":
            yield needed


def _waits_for(graph: Graph, number: int, others: set[int]) -> bool:
    """Whether step `number` can begin only after one of `others`."""
    seen: set[int] = set()
    left = [number]
    while left:
        step = left.pop()
        if step in others:
            return True
        if step not in seen:
            seen.add(step)
            left.extend(graph.needs.get(step, ()))
            left.extend(graph.waits.get(step, ()))
    return False
