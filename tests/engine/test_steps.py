"""The order of a walk, on every graph of up to four objects and on random larger ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudabstract.engine import Action, Change, Plan
from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.walking.backwards import graph
from cloudabstract.engine.walking.frontier import Frontier
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.provider import Found, Part, PartKey

Edges = frozenset[tuple[int, int]]  # (user, used), user > used
FORWARD = (Action.CREATE, Action.UPDATE)


def test_every_graph_of_up_to_four_objects_is_walked_in_order(toy: Any) -> None:
    """Creates and updates after what they use; deletes last and backwards; each exactly once."""
    for size in range(1, 5):
        for edges in _all_edges(size):
            for actions in (*itertools.product(FORWARD, repeat=2), (Action.DELETE,) * 2):
                told = {n: actions[n % 2] for n in range(size)}
                _check(toy, edges, told, fails=None)


def test_a_failure_stops_only_what_needs_it(toy: Any) -> None:
    """On every graph of up to four objects, for every object that can fail."""
    for size in range(1, 5):
        for edges in _all_edges(size):
            for fails in range(size):
                _check(toy, edges, dict.fromkeys(range(size), Action.CREATE), fails)
                _check(toy, edges, dict.fromkeys(range(size), Action.DELETE), fails)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), size=st.integers(5, 14))
def test_random_graphs_are_walked_in_order(toy: Any, data: st.DataObject, size: int) -> None:
    """Whatever is made, changed and deleted side by side, and whatever fails."""
    pairs = [(high, low) for high in range(size) for low in range(high)]
    edges = frozenset(data.draw(st.sets(st.sampled_from(pairs), max_size=20)))
    actions = st.sampled_from((*FORWARD, Action.DELETE, None))
    told = {number: data.draw(actions) for number in range(size)}
    _check(toy, edges, told, data.draw(st.none() | st.integers(0, size - 1)))


def test_a_gap_puts_its_delete_and_its_users_deletes_first(toy: Any) -> None:
    """Delete the users, delete the old object, make the new one, make its users."""
    drawn = toy().add(0, None).add(1, Action.REPLACE, 0, exclusive=True)
    drawn.add(2, Action.REPLACE, 1, exclusive=True).add(3, Action.DELETE, 1)
    begun = [(verb, number) for verb, number in _walked(drawn.plan)]
    assert set(begun[:2]) == {("delete", 2), ("delete", 3)}
    assert begun[2:] == [("delete", 1), ("create", 1), ("create", 2)]


def test_a_replacement_without_a_gap_deletes_last(toy: Any) -> None:
    """The new one stands and its users point at it before the old one goes."""
    drawn = toy().add(0, Action.REPLACE).add(1, Action.UPDATE, 0)
    assert _walked(drawn.plan) == [("create", 0), ("update", 1), ("delete", 0)]


def test_the_old_object_stays_if_its_users_could_not_move(toy: Any) -> None:
    """An update that failed may still point at it."""
    drawn = toy().add(0, Action.REPLACE).add(1, Action.UPDATE, 0)
    assert _walked(drawn.plan, fails=[("update", 1)]) == [("create", 0), ("update", 1)]


def test_what_is_pending_already_is_waited_for(toy: Any) -> None:
    """Users of an object that an earlier run left PENDING come after it is READY."""
    drawn = toy()
    drawn.pending = {0}
    drawn.add(0, None).add(1, Action.CREATE, 0)
    assert _walked(drawn.plan) == [("wait", 0), ("create", 1)]


def test_an_early_object_lets_its_users_go_but_not_its_predecessor(toy: Any) -> None:
    """Users begin while it is PENDING; the old object ends only when the new one is READY."""
    drawn = toy().add(0, Action.REPLACE, early=True).add(1, Action.CREATE, 0)
    frontier = Frontier(graph(drawn.plan))
    (create,) = _free(frontier)
    frontier.made(create)
    (user,) = _free(frontier)
    assert (user.verb, user.kind) == ("create", "toy.n1")
    frontier.ended(user, well=True)
    assert list(_free(frontier)) == []
    frontier.ended(create, well=True)
    assert [step.verb for step in _free(frontier)] == ["delete"]


def test_what_is_broken_names_what_is_missing(toy: Any) -> None:
    """Even through steps that only stand for others."""
    drawn = toy().add(0, Action.REPLACE).add(1, Action.UPDATE, 0)
    frontier = Frontier(graph(drawn.plan))
    said = {}
    for step in frontier.take():
        broken = frontier.broken(step)
        said[step.verb] = broken
        frontier.ended(step, well=not broken and step.verb != "update")
    assert said["delete"] == "LoadBalancer/r1#toy.n1:only is not there"


@pytest.mark.parametrize("shape", ["one resource", "chain", "star", "gaps", "deletes"])
def test_ten_thousand_steps_have_few_edges(toy: Any, shape: str) -> None:
    """Edges grow with the steps, not with their square: counted, not timed."""
    small, large = (_edges(_many(toy, shape, size)) for size in (1_000, 10_000))
    assert large <= small * 10 + 100
    assert large < 7 * 10_000


def _many(toy: Any, shape: str, size: int) -> Any:
    """Thousands of objects of one kind, in one resource, as no other plan would draw it."""
    drawn = toy().add(0, None, exclusive=shape == "gaps")
    kind = replace(drawn.kinds[0], uses=("toy.n0",))
    resource = toy.key(0).resource
    actions = {"gaps": [Action.REPLACE], "deletes": [Action.DELETE]}.get(shape, [Action.CREATE])
    actions = [Action.CREATE, Action.DELETE] if shape == "one resource" else actions
    parts, found, changes = [], [], []
    for number in range(size):
        action = actions[number % len(actions)]
        key = PartKey(resource, kind.name, str(number))
        used = {"chain": number - 1, "star": 0}.get(shape, -1)
        to = PartKey(resource, kind.name, str(used))
        points = (("to", to),) if used >= 0 and number else ()
        old = Found(kind.name, f"id-{number}", f"name{number}", "here", {}, {})
        changes.append(Change(action, key, "here", old.name, id=old.id, gap=shape == "gaps"))
        if action is not Action.CREATE:
            found.append(old)
        if action is not Action.DELETE:
            parts.append(NamedPart(Part(key, "here", {}), kind, old.name, points=points))
    matched = Matched(orphans=tuple(found))
    desired = Desired({}, tuple(parts))
    return Plan("shop", "toy", tuple(changes), desired=desired, matched=matched, kinds=(kind,))


def _edges(plan: Any) -> int:
    drawn = graph(plan)
    edges = sum(map(len, drawn.waits.values())) + sum(map(len, drawn.needs.values()))
    return edges + len(drawn.steps)


def _all_edges(size: int) -> Iterator[Edges]:
    pairs = [(high, low) for high in range(size) for low in range(high)]
    for count in range(len(pairs) + 1):
        yield from map(frozenset, itertools.combinations(pairs, count))


def _check(toy: Any, edges: Edges, told: dict[int, Any], fails: int | None) -> None:
    """Draw, walk, and look at the order."""
    drawn = toy()
    for number, action in told.items():
        same = [low for high, low in edges if high == number and _beside(action, told[low])]
        drawn.add(number, action, *same)
    verbs = {n: str(action.value) for n, action in told.items() if action is not None}
    failing = [] if fails is None else [(verbs.get(fails, ""), fails)]
    begun = _walked(drawn.plan, failing)
    assert len(begun) == len(set(begun))
    at = {number: index for index, (_, number) in enumerate(begun)}
    uses = {
        (n, low)
        for n, kind in drawn.kinds.items()
        for low in drawn.kinds
        if drawn.kinds[low].name in kind.uses
    }
    for user, used in uses:
        if told[user] in FORWARD and told[used] in FORWARD and user in at:
            assert at[used] < at[user]
        if told[user] is Action.DELETE and told[used] is Action.DELETE and used in at:
            assert at[user] < at[used]
    forward = [index for number, index in at.items() if told[number] in FORWARD]
    deletes = [index for number, index in at.items() if told[number] is Action.DELETE]
    assert max(forward, default=-1) < min(deletes, default=len(begun))
    assert set(told) - set(at) == {n for n in told if told[n] is None} | _stopped(uses, told, fails)


def _beside(action: Any, used: Any) -> bool:
    """Whether an object so changed can use one that is so changed."""
    gone = (Action.DELETE,)
    return (action in gone) == (used in gone) or (action in gone and used is None)


def _stopped(uses: set[tuple[int, int]], told: dict[int, Any], fails: int | None) -> set[int]:
    """Everything that needs the failed object, or may not go before its user has."""
    if fails is None or told[fails] is None:
        return set()
    stopped = {fails}
    for _ in told:
        for user, used in uses:
            back = told[user] is Action.DELETE
            if told[used] is not None and told[user] is not None:
                source, target = (user, used) if back else (used, user)
                if source in stopped:
                    stopped.add(target)
    return stopped - {fails}


def _walked(plan: Any, fails: Iterable[tuple[str, int]] = ()) -> list[tuple[str, int]]:
    """(verb, number) of every step begun, one at a time."""
    frontier = Frontier(graph(plan))
    begun = []
    for step in frontier.take():
        if frontier.broken(step):
            frontier.ended(step, well=False)
            continue
        this = (step.verb or "wait", int(step.kind.removeprefix("toy.n") or -1))
        if step.verb or step.found:
            begun.append(this)
        frontier.ended(step, well=this not in fails)
    return begun


def _free(frontier: Frontier) -> list[Any]:
    """Steps that are free, past those that only stand for others."""
    free = []
    for step in frontier.take():
        if step.verb is None and step.found is None:
            frontier.ended(step, well=not frontier.broken(step))
        else:
            free.append(step)
    return free
