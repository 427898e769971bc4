"""How objects end that nobody wants: deleted or released, users first, never against the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine import Action, Options
from cloudabstract.engine.finding.match import Matched, View
from cloudabstract.engine.finding.observe import Observed
from cloudabstract.engine.planning.endings import Endings
from cloudabstract.engine.planning.question import Question
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.provider import Effect, Found, Kind
from cloudabstract.store import Memory, Trace

KINDS = (
    Kind("toy.address", ending=Effect.ADDRESS),
    Kind("toy.front", uses=("toy.address",)),
    Kind("toy.disk", precious=True, ending=Effect.DATA),
)
MARKABLE = frozenset({"toy.address", "toy.disk"})


@pytest.mark.parametrize(
    ("kind", "reclaim", "retain", "action", "effect"),
    [
        ("toy.address", None, False, Action.DELETE, Effect.ADDRESS),
        ("toy.front", None, True, Action.DELETE, Effect.NONE),
        ("toy.disk", "Delete", False, Action.DELETE, Effect.DATA),
        ("toy.disk", "Delete", True, Action.RELEASE, Effect.NONE),
        ("toy.disk", "Retain", False, Action.RELEASE, Effect.NONE),
        ("toy.disk", None, False, Action.RELEASE, Effect.NONE),  # when in doubt, data stays
        ("toy.address", "Retain", False, Action.RELEASE, Effect.NONE),
    ],
)
def test_the_reclaim_label_decides(
    kind: str, reclaim: str | None, retain: bool, action: Action, effect: Effect
) -> None:
    """Delete needs the label's word where there is data; --retain-data keeps it anyway."""
    ended = _end(_found(kind, reclaim), retain=retain)
    (change,) = ended.changes
    assert (change.action, change.effect, change.reason) == (
        action,
        effect,
        "the spec no longer names it",
    )


def test_what_must_stay_and_cannot_be_let_go_is_left_and_told() -> None:
    """Its labels cannot change: ST003, and nothing is done."""
    ended = _end(_found("toy.front", "Retain"))
    assert ended.changes == ()
    assert [each.code for each in ended.objections] == ["ST003"]


def test_users_end_before_what_they_use() -> None:
    """In the plan as in the walk."""
    ended = _end(_found("toy.address"), _found("toy.front"))
    assert [each.part.kind for each in ended.changes] == ["toy.front", "toy.address"]


def test_nothing_ends_without_prune() -> None:
    """What the spec no longer names stays."""
    assert _end(_found("toy.address"), prune=False).changes == ()


def test_what_a_replacement_ends_is_not_ended_twice() -> None:
    """One object, one change."""
    found = _found("toy.address")
    key = (found.kind, found.place, found.id)
    assert Endings(_question(), {key}).changes([found]).changes == ()


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("Volume/a", "Volume/a"),
        ("VolumeClaim/prod/a", "VolumeClaim/prod/a"),
        ("scribble", "Unknown/scribble"),
        ("", "Unknown/thing"),
    ],
)
def test_an_orphan_is_told_by_what_it_says_of_itself(resource: str, told: str) -> None:
    """Even if that is nothing."""
    labels = {"stack": "shop", "resource": resource}
    found = Found("toy.address", "1", "thing", "here", {}, labels)
    (change,) = _end(found).changes
    assert str(change.part.resource) == told


def test_all_parts_of_a_claims_volume_tell_of_the_claim() -> None:
    """Though only the one that holds the data is labelled with it."""
    disk = _found("toy.disk", "Delete")
    held = replace(disk, labels={**disk.labels, "claim": "VolumeClaim/data"})
    ended = _end(held, _found("toy.front"))
    assert [each.claim for each in ended.changes] == ["VolumeClaim/data"] * 2


def test_an_orphan_without_labels_is_told_by_memory() -> None:
    """Somebody took them off."""
    trace = Trace("toy.address", "here", "thing", "Volume/a#toy.address:r", "Volume/a", id="1")
    found = Found("toy.address", "1", "thing", "here", {}, {})
    (change,) = _end(found, memory=Memory((trace,))).changes
    assert (str(change.part.resource), change.part.role) == ("Volume/a", "r")


def test_policies_without_delete_keep_what_the_spec_lets_go(make: Any, world: Any) -> None:
    """The objects stay, nobody's, and nothing more is to do."""
    world.apply([make.balancer(management_policies=("Observe", "Create", "Update"))])
    before = world.ids
    plan = world.plan([])
    assert {each.action for each in plan.changes} <= {Action.RELEASE, Action.DELETE}
    world.apply([])
    named = {each.id for each in world.cloud.objects() if each.name}
    assert named == {each for each in before if not each.startswith("members-")}
    assert world.plan([]).empty


def _found(kind: str, reclaim: str | None = None) -> Found:
    labels = {"stack": "shop", "resource": "Volume/a", "role": "r"}
    return Found(
        kind, f"{kind}-1", "thing", "here", {}, labels | ({"reclaim": reclaim} if reclaim else {})
    )


def _question(retain: bool = False, prune: bool = True, memory: Memory | None = None) -> Question:
    view = View(Desired({}, ()), Observed(), Matched())
    options = Options(prune=prune, retain_data=retain)
    return Question("shop", "toy", view, memory or Memory(), KINDS, MARKABLE, options=options)


def _end(*found: Found, **more: Any) -> Any:
    return Endings(_question(**more), set()).changes(found)
