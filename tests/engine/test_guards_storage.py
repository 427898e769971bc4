"""Data is not lost by any plan: shrinking, growing, replacing, restoring, vanishing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine import Action, Consent
from cloudabstract.errors import CapabilityError, ConsentError
from cloudabstract.model import Performance

lost = pytest.mark.parametrize("lost", [False, True], ids=["store kept", "store lost"])


@lost
def test_a_volume_does_not_shrink(make: Any, world: Any, lost: bool) -> None:
    """VO001, on the field that asks for it; nothing is touched."""
    spec = [make.volume(size=2 * make.GIB), make.claim(size=2 * make.GIB)]
    world.apply(spec)
    if lost:
        world.forget()
    plan = world.plan([make.volume(), make.claim()])
    assert {(each.code, each.resource, each.field) for each in plan.rejections} == {
        ("VO001", "Volume/archive", "spec.capacity.storage"),
        ("VO001", "VolumeClaim/data", "spec.resources.requests.storage"),
    }
    with pytest.raises(CapabilityError):
        world.apply([make.volume(), make.claim()])
    assert world.record.writes == []


def test_a_claim_grows_only_where_its_class_lets_it(make: Any, world: Any) -> None:
    """VO010; allowVolumeExpansion may be turned on later."""
    stiff = make.storage_class("c", allow_volume_expansion=False)
    world.apply([stiff, make.claim(volume_class_name="c")])
    larger = make.claim(size=2 * make.GIB, volume_class_name="c")
    assert [each.code for each in world.plan([stiff, larger]).rejections] == ["VO010"]
    world.apply([make.storage_class("c"), larger])
    assert world.cloud.one("memory.disk").fields["size"] == 2 * make.GIB


def test_a_hand_made_volume_grows_by_its_own_word(make: Any, world: Any) -> None:
    """No class is asked."""
    world.apply([make.volume()])
    (change,) = world.plan([make.volume(size=2 * make.GIB)]).changes
    assert (change.action, list(change.fields)) == (Action.UPDATE, ["size"])


def test_data_is_never_replaced(make: Any, world: Any) -> None:
    """A field that would need another object is refused (VO012), not done."""
    world.apply([make.volume(performance=Performance("standard"))])
    plan = world.plan([make.volume(performance=Performance("cold"))])
    assert [each.code for each in plan.rejections] == ["VO012"]
    with pytest.raises(ConsentError):
        world.apply([make.volume(performance=Performance("cold"))])
    assert world.record.writes == []


def test_data_that_drifted_beyond_repair_is_not_replaced(make: Any, world: Any) -> None:
    """Somebody changed what cannot change: that is no reason to delete it."""
    world.apply([make.volume()])
    world.cloud.edit(world.cloud.one("memory.disk"), tier="cold")
    assert [each.code for each in world.plan([make.volume()]).rejections] == ["VO012"]


@pytest.mark.parametrize("made", [False, True], ids=["in one plan", "snapshot exists"])
def test_a_restore_is_not_smaller_than_its_snapshot(make: Any, world: Any, made: bool) -> None:
    """VO013, whether the snapshot is there or made in the same plan."""
    spec = [make.claim(size=3 * make.GIB), make.snapshot()]
    if made:
        world.apply(spec)
    small = make.claim("again", data_source=make.source("before"))
    (refused,) = world.plan([*spec, small]).rejections
    assert (refused.code, refused.resource, refused.alternative) == (
        "VO013",
        "VolumeClaim/again",
        "ask for 3Gi",
    )


def test_a_restore_is_measured_as_it_is_made(make: Any, world: Any) -> None:
    """Both sizes are rounded up by the target: what was enough for the source is for the copy."""
    spec = [make.claim(size=100), make.snapshot()]
    assert world.apply(spec).ok
    assert world.apply([*spec, make.claim("again", 100, data_source=make.source("before"))]).ok


def test_a_restore_asks_the_snapshot_of_its_own_namespace(make: Any, world: Any) -> None:
    """A namesake elsewhere is another snapshot."""
    large = make.claim(size=3 * make.GIB, namespace="prod")
    there = replace(make.snapshot(), metadata=replace(make.snapshot().metadata, namespace="prod"))
    spec = [large, there, make.claim(), make.snapshot()]
    assert world.plan([*spec, make.claim("x", data_source=make.source("before"))]).rejections == ()


def test_a_volume_that_vanished_is_lost(make: Any, world: Any) -> None:
    """Said, and not made anew: the claim is Lost, its volume Failed, and the rest goes on."""
    world.apply([make.claim()])
    world.cloud.remove(world.cloud.one("memory.disk"))
    spec = [make.claim(), make.balancer()]
    report = world.apply(spec)
    assert report.ok
    assert report["VolumeClaim/data"].phase == "Lost"
    told = [each for each in report.plan.objections if each.code == "VO016"]
    assert [each.resource for each in told] == ["VolumeClaim/data"]
    assert "memory.disk" not in {each.kind for each in world.cloud.objects()}


def test_a_lost_volume_is_made_anew_by_name_only(make: Any, world: Any) -> None:
    """The user has accepted the loss; the new object is another life, with another token."""
    world.apply([make.claim()])
    old = world.cloud.one("memory.disk")
    world.cloud.remove(old)
    world.apply([make.claim()])
    assert world.apply([make.claim()], data_loss=frozenset({"VolumeClaim/other"})).ok
    assert world.ids == set()
    report = world.apply([make.claim()], data_loss=frozenset({"VolumeClaim/data"}))
    assert (report.ok, report["VolumeClaim/data"].phase) == (True, "Bound")
    assert [call.verb for call in world.record.writes] == ["create"]
    assert world.cloud.one("memory.disk").token != old.token
    world.check_settled([make.claim()])


def test_the_loss_of_data_needs_its_name(make: Any, world: Any) -> None:
    """Agreeing to destruction is not agreeing to lose data; --retain-data is the way out."""
    world.apply([make.claim(), make.volume(reclaim_policy="Delete")])
    with world.engine() as engine, pytest.raises(ConsentError, match="VolumeClaim/data"):
        engine.run([], lambda plan: Consent(True, frozenset({"Volume/archive"})))
    assert len(world.ids) == 2
    assert world.apply([], retain_data=True).ok
    assert len(world.ids) == 2
    assert world.plan([]).empty
