"""Where deletes stand among the steps of a plan: last and backwards, or early before a gap. Pure.

last      after every forward step, and users of a kind before the kind; only if all went well
          that belongs to the same resource or points at it, and if its own users are gone
early     before the create that must not stand beside the old object, together with the
          deletes of what uses that object; but only once all that the new object needs is
          there (gaps.py), so that the gap is as short as can be, and no failure falls into it
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.engine.finding.observe import levels
from cloudabstract.engine.planning.change import Plan
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Found, Kind

from . import gaps
from .steps import Drawn, Graph, Step, draw, targets


def graph(plan: Plan) -> Graph:
    """The steps of `plan` with all their edges."""
    drawn = draw(plan)
    _Ordering(drawn, plan.kinds).order()
    return drawn.graph


class _Ordering:
    def __init__(self, drawn: Drawn, kinds: Iterable[Kind]) -> None:
        self._drawn = drawn
        self._graph = drawn.graph
        self._kinds = {kind.name: kind for kind in kinds}
        self._levels = levels(self._kinds.values())
        self._users = self._users_of_objects()

    def order(self) -> None:
        early = gaps.order(self._drawn, self._users_of)
        self._last([step for step in self._drawn.deletes if step.number not in early])

    def _users_of(self, delete: Step) -> Iterable[Step]:
        found = delete.found
        return () if found is None else self._users.get((found.kind, found.id), ())

    def _users_of_objects(self) -> Mapping[tuple[str, str], list[Step]]:
        """(kind, id) of an object -> the deletes of objects that speak of it in their fields."""
        doomed: dict[str, list[Found]] = defaultdict(list)
        for step in self._drawn.deletes:
            if step.found is not None:
                for word in {step.found.id, step.found.name} - {""}:
                    doomed[word].append(step.found)
        users: dict[tuple[str, str], list[Step]] = defaultdict(list)
        for step in self._drawn.deletes:
            if step.found is None:
                continue
            uses = self._kinds[step.found.kind].uses
            born = self._kinds[step.found.kind].birth
            now = {name: value for name, value in step.found.fields.items() if name not in born}
            spoken = {word for word in words(now) if word in doomed}
            used = {(it.kind, it.id) for word in spoken for it in doomed[word] if it.kind in uses}
            for each in sorted(used - {(step.found.kind, step.found.id)}):
                users[each].append(step)
        return users

    def _last(self, deletes: list[Step]) -> None:
        forward = [step for steps in self._drawn.forward.values() for step in steps]
        barrier = self._graph.all_of(forward, well=False)
        conditions = self._conditions(deletes)
        by_kind: dict[str, list[Step]] = defaultdict(list)
        for step in deletes:
            by_kind[step.kind].append(step)
        for level in reversed(self._levels):
            steps = [step for kind in level for step in by_kind.get(kind.name, ())]
            for step in steps:
                if barrier is not None:
                    self._graph.waits[step.number].add(barrier.number)
                condition = conditions.get(step.resource) if step.resource is not None else None
                if condition is not None:
                    self._graph.needs[step.number].add(condition.number)
                self._graph.needs[step.number] |= {
                    user.number
                    for user in self._users_of(step)
                    if not self._kinds[user.kind].identity  # a registration goes with its parent
                }
            barrier = self._next(barrier, steps)

    def _next(self, barrier: Step | None, steps: list[Step]) -> Step | None:
        """What the deletes of the next level wait for."""
        if not steps:
            return barrier
        return self._graph.all_of((*steps, *([barrier] if barrier is not None else [])), well=False)

    def _conditions(self, deletes: Iterable[Step]) -> Mapping[ResourceKey, Step]:
        """Resource -> a step that ends well if all did that is of it or points at it."""
        ending = {step.resource for step in deletes if step.resource is not None}
        users: dict[ResourceKey, dict[int, Step]] = defaultdict(dict)
        for steps in self._drawn.forward.values():
            for step in steps:
                about = {step.resource, *(target.resource for target in targets(step))}
                for resource in about & ending:
                    if resource is not None:
                        users[resource][step.number] = step
        stand_ins = {
            key: self._graph.all_of(steps.values(), well=True) for key, steps in users.items()
        }
        return {key: step for key, step in stand_ins.items() if step is not None}


def words(value: Any) -> Iterator[str]:
    """Every text anywhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from words(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from words(item)
