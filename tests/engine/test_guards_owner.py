"""Ownership: protection that outlives its block, management policies, cool-downs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine import Action
from cloudabstract.errors import ConsentError

lost = pytest.mark.parametrize("lost", [False, True], ids=["store kept", "store lost"])


def _protected(make: Any, kind: str) -> list[Any]:
    on = {"deletion_protection": True}
    keeps = make.storage_class("keeps", reclaim_policy="Retain")
    return {
        "balancer": [make.balancer(**on)],
        "volume": [make.volume(reclaim_policy="Delete", **on)],
        "claim": [make.claim(**on)],
        "claim of a retaining class": [make.claim(volume_class_name="keeps", **on), keeps],
        "claim of a hand-made volume": [make.claim(volume_class_name="", **on), make.volume()],
        "snapshot": [make.snapshot(**on), make.claim()],
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "balancer",
        "volume",
        "claim",
        "claim of a retaining class",
        "claim of a hand-made volume",
        "snapshot",
    ],
)
@lost
def test_protection_outlives_the_block_that_asked_for_it(
    make: Any, world: Any, kind: str, lost: bool
) -> None:
    """Taking the block out of the spec is refused (ST002) whatever anybody says."""
    first, *rest = _protected(make, kind)
    world.apply([first, *rest])
    if lost:
        world.forget()
    assert [(each.code, each.resource) for each in world.plan(rest).rejections] == [
        ("ST002", str(first.key))
    ]
    with pytest.raises(ConsentError):
        world.apply(rest)
    assert world.record.writes == []
    lifted = replace(first, spec=replace(first.spec, deletion_protection=False))
    world.apply([lifted, *rest])
    assert world.apply(rest).ok
    assert world.plan(rest).empty


def test_protection_is_about_replacement_too(make: Any, world: Any) -> None:
    """A balancer that is protected keeps its address."""
    world.apply([make.balancer(deletion_protection=True)])
    inside = make.balancer(deletion_protection=True, routability="Internal")
    assert {each.code for each in world.plan([inside]).rejections} == {"ST002"}


def test_protection_does_not_stand_in_the_way_of_change(make: Any, world: Any) -> None:
    """Backends, ports and health checks come and go."""
    world.apply([make.balancer(deletion_protection=True)])
    changed = make.balancer("web", 5, 6, 7, deletion_protection=True, connection_draining=5)
    assert world.apply([changed]).ok


def test_protection_does_not_matter_without_prune(make: Any, world: Any) -> None:
    """Nothing is deleted, so nothing needs protection; and it is not forgotten."""
    spec = _protected(make, "claim of a hand-made volume")
    world.apply(spec)
    assert world.plan(spec[1:], prune=False).rejections == ()
    world.apply(spec[1:], prune=False)
    assert [each.code for each in world.plan(spec[1:]).rejections] == ["ST002"]


@pytest.mark.parametrize(
    ("policies", "needs", "change"),
    [
        (("Observe",), "Create", "new"),
        (("Observe", "Update", "Delete"), "Create", "new"),
        (("Observe", "Create", "Delete"), "Update", "in place"),
        (("Observe", "Create", "Update"), "Delete", "replaced"),
    ],
)
def test_a_policy_that_is_missing_forbids_its_changes(
    make: Any, world: Any, policies: tuple[str, ...], needs: str, change: str
) -> None:
    """ST003 degrades the resource, says what is needed, and nothing is done."""
    if change != "new":
        world.apply([make.balancer(management_policies=policies)])
        world.cloud.rules.denied = frozenset({"update", "delete", "create"})
    wanted = {
        "new": make.balancer(management_policies=policies),
        "in place": make.balancer("web", 5, 6, management_policies=policies),
        "replaced": make.balancer(routability="Internal", management_policies=policies),
    }[change]
    plan = world.plan([wanted])
    told = [each for each in plan.objections if each.code == "ST003"]
    assert told
    assert all(needs in each.message for each in told)
    assert not plan.rejections
    assert plan.changes == ()
    assert world.apply([wanted])["LoadBalancer/web"].condition("Degraded").reason == "NotManaged"


def test_all_is_allowed_by_default(make: Any, world: Any) -> None:
    """`*` is every policy."""
    assert {each.action for each in world.plan([make.balancer()]).changes} == {Action.CREATE}


def test_a_change_that_comes_too_soon_is_put_off(make: Any, world: Any) -> None:
    """VO011 says until when; labels, users and everybody else go on; later it is done."""
    world.cloud.rules.cooldown = {"memory.disk": 3600.0}
    world.apply([make.volume()])
    world.apply([make.volume(size=2 * make.GIB)])
    larger = [make.volume(size=3 * make.GIB), make.claim(volume_class_name=""), make.attachment()]
    plan = world.plan(larger)
    (told,) = [each for each in plan.objections if each.code == "VO011"]
    assert (told.severity.value, told.reason) == ("degrade", "ModificationDelayed")
    assert "2026-01-01T01:" in told.message
    assert {each.action for each in plan.changes} == {Action.CREATE}
    assert world.apply(larger).ok
    world.clock.advance(3600.0)
    world.apply(larger)
    assert world.cloud.one("memory.disk").fields["size"] == 3 * make.GIB
    world.check_settled(larger)


def test_labels_may_change_while_fields_may_not(make: Any, world: Any) -> None:
    """A cool-down is about the object, not about whose it is."""
    world.cloud.rules.cooldown = {"memory.disk": 3600.0}
    world.apply([make.volume()])
    world.apply([make.volume(size=2 * make.GIB)])
    kept = make.volume(size=2 * make.GIB, reclaim_policy="Delete")
    (change,) = world.plan([kept]).changes
    assert list(change.fields) == ["labels.reclaim"]
