"""What was decided when a claim was bound stays decided, with and without the store."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import (
    Metadata,
    Performance,
    PerformanceChange,
    Topology,
    VolumeAttributesClass,
    VolumeAttributesClassSpec,
)
from cloudabstract.provider import CLAIM, CLASS, ZONES

lost = pytest.mark.parametrize("lost", [False, True], ids=["store kept", "store lost"])


def _maybe_forget(world: Any, lost: bool) -> None:
    if lost:
        world.forget()


@lost
def test_a_binding_outlives_a_better_volume(make: Any, world: Any, lost: bool) -> None:
    """A smaller volume that comes later changes nothing."""
    claim, large = make.claim(volume_class_name=""), make.volume("large", 9 * make.GIB)
    world.apply([claim, large])
    _maybe_forget(world, lost)
    report = world.apply([claim, large, make.volume("a-small")])
    assert report["VolumeClaim/data"].volume_name == "large"
    assert report["Volume/a-small"].phase == "Available"


@lost
def test_a_new_default_class_is_not_for_old_claims(make: Any, world: Any, lost: bool) -> None:
    """The class that a claim got when it was bound is its class."""
    world.apply([make.claim()])
    before = world.ids
    _maybe_forget(world, lost)
    fast = make.storage_class("speedy", default=True, performance=Performance("fast"))
    spec = [make.claim(), fast]
    assert world.plan(spec).empty
    world.apply(spec)
    assert world.ids == before
    assert world.cloud.one("memory.disk").owner[CLASS] == "standard"


@lost
def test_a_consumer_that_leaves_moves_nothing(make: Any, world: Any, lost: bool) -> None:
    """The volume stands where its first consumer was; nobody has to stay attached for that."""
    later = make.storage_class("later", volume_binding_mode="WaitForFirstConsumer")
    claim = make.claim(volume_class_name="later")
    world.apply([later, claim, make.attachment(instance="host-2")])
    disk = world.cloud.one("memory.disk")
    _maybe_forget(world, lost)
    world.apply([later, claim])
    assert world.cloud.one("memory.disk").id == disk.id
    assert (disk.place, disk.owner[ZONES]) == ("here-b", "here-b")
    world.check_settled([later, claim])


@lost
def test_a_consumer_that_comes_moves_nothing(make: Any, world: Any, lost: bool) -> None:
    """A volume made at once stays in its zone, wherever its first consumer then is."""
    world.apply([make.claim()])
    before = world.cloud.one("memory.disk")
    _maybe_forget(world, lost)
    spec = [make.claim(), make.attachment(instance="host-2")]
    assert [each.action.value for each in world.plan(spec).changes] == ["create"]
    world.apply(spec)
    assert world.cloud.one("memory.disk").id == before.id


@lost
def test_other_topologies_of_a_class_are_for_new_volumes(make: Any, world: Any, lost: bool) -> None:
    """allowedTopologies may change; what stands, stands."""
    one = make.storage_class("here", allowed_topologies=(Topology(zones=("here-a",)),))
    two = make.storage_class("here", allowed_topologies=(Topology(zones=("here-b",)),))
    claim = make.claim(volume_class_name="here")
    world.apply([one, claim])
    _maybe_forget(world, lost)
    world.check_settled([two, claim])


@lost
def test_a_claim_keeps_its_hand_made_volume(make: Any, world: Any, lost: bool) -> None:
    """The volume says whose it is, so that a lost store finds the binding again."""
    spec = [make.claim(volume_class_name=""), make.volume("archive")]
    world.apply(spec)
    _maybe_forget(world, lost)
    world.check_settled(spec)
    assert world.cloud.one("memory.disk").owner[CLAIM] == "VolumeClaim/data"


def test_a_hand_made_volume_cannot_leave_before_its_claim(make: Any, world: Any) -> None:
    """Taking a bound Volume out of the spec is refused (VO012)."""
    claim = make.claim(volume_class_name="")
    world.apply([claim, make.volume("archive")])
    (refused,) = world.plan([claim]).rejections
    assert (refused.code, refused.resource) == ("VO012", "VolumeClaim/data")


def test_a_class_cannot_leave_before_its_claims(make: Any, world: Any) -> None:
    """What is wanted of a volume cannot be known without its class (CL006)."""
    claim = make.claim(volume_class_name="mine")
    world.apply([claim, make.storage_class("mine")])
    (refused,) = world.plan([claim]).rejections
    assert (refused.code, refused.resource) == ("CL006", "VolumeClaim/data")


def test_an_attributes_class_counts_on_hand_made_volumes_too(make: Any, world: Any) -> None:
    """A claim may switch the speed of whatever volume it has."""
    faster = VolumeAttributesClass(
        Metadata("faster"), VolumeAttributesClassSpec(PerformanceChange(iops=4000))
    )
    archive = make.volume("archive", performance=Performance("fast", 3000))
    world.apply([make.claim(volume_class_name=""), archive])
    switched = make.claim(volume_class_name="", volume_attributes_class_name="faster")
    world.apply([switched, archive, faster])
    assert world.cloud.one("memory.disk").fields["iops"] == 4000
    (refused,) = world.plan([switched, archive]).rejections
    assert (refused.code, refused.field) == ("CL006", "spec.volumeAttributesClassName")
