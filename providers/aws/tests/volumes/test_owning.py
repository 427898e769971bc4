"""Whose data it is: kept, taken back, adopted, vanished; and strangers' things."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.engine import Consent
from cloudabstract.errors import CapabilityError, ConsentError


def test_a_kept_volume_is_released_and_taken_back(make: Any, world: Any) -> None:
    """reclaimPolicy Retain: it stays and says whose it was; a lost store does not matter."""
    kept = make.volume(reclaim_policy="Retain")
    world.settled(kept)
    (before,) = world.volumes()
    world.settled()
    assert world.volumes() == []
    assert world.left() == [before["VolumeId"]]
    world.forget()
    world.settled(kept)
    assert [each["VolumeId"] for each in world.volumes()] == [before["VolumeId"]]


def test_an_existing_volume_is_adopted(make: Any, world: Any) -> None:
    """By its id: it gets our tags, keeps its type, grows when asked, and is not made anew."""
    ec2 = world.client("ec2")
    raw = ec2.create_volume(AvailabilityZone="us-east-1c", Size=5, VolumeType="gp2")
    world.aws.clock.advance(10)
    adopted = make.volume(size=5 * make.GIB, external_ref=raw["VolumeId"], reclaim_policy="Retain")
    world.settled(adopted)
    (ours,) = world.volumes()
    assert (ours["VolumeId"], ours["VolumeType"]) == (raw["VolumeId"], "gp2")
    larger = make.volume(size=6 * make.GIB, external_ref=raw["VolumeId"], reclaim_policy="Retain")
    world.settled(larger)
    assert world.volumes()[0]["Size"] == 6
    world.settled()
    assert ec2.describe_volumes(VolumeIds=[raw["VolumeId"]])["Volumes"]


def test_a_volume_that_does_not_exist_cannot_be_adopted(make: Any, world: Any) -> None:
    """ST005, before anything is touched."""
    with pytest.raises(CapabilityError) as refused:
        world.apply(make.volume(external_ref="vol-0123456789abcdef0"))
    assert [each.code for each in refused.value.problems] == ["ST005"]


def test_a_volume_that_vanished_is_lost(make: Any, world: Any) -> None:
    """Nothing empty is made in its place."""
    world.settled(make.volume())
    (raw,) = world.volumes()
    world.client("ec2").delete_volume(VolumeId=raw["VolumeId"])
    world.aws.clock.advance(60)
    report = world.apply(make.volume())
    status = report["Volume/archive"]
    assert (status.phase, status.reason) == ("Failed", "Lost")
    assert world.left() == []


def test_a_strangers_volume_of_our_name_is_left_alone(make: Any, world: Any) -> None:
    """ST001, though EC2 would let two volumes have one name; nothing of theirs is touched."""
    name = world.plan([make.volume()]).changes[0].name
    tagged = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": name}]}]
    world.client("ec2").create_volume(
        AvailabilityZone="us-east-1a", Size=1, VolumeType="gp3", TagSpecifications=tagged
    )
    world.aws.calls.clear()
    with pytest.raises(CapabilityError) as refused:
        world.apply(make.volume())
    assert [each.code for each in refused.value.problems] == ["ST001"]
    assert world.aws.calls.mutations == ()


def test_a_topology_that_is_asked_for_later_does_not_move_data(make: Any, world: Any) -> None:
    """The store is lost and the spec names another zone: said in status, and nothing moves."""
    world.settled(make.volume())
    world.forget()
    topology = type(make.volume().spec.topology)
    report = world.settled(make.volume(topology=topology(None, ("us-east-1c",))))
    degraded = report["Volume/archive"].condition("Degraded")
    assert (degraded.status, degraded.reason) == ("True", "Topology")
    assert [each["AvailabilityZone"] for each in world.volumes()] == ["us-east-1a"]


def test_data_is_deleted_only_when_it_is_named(make: Any, world: Any) -> None:
    """Agreeing to destruction is not agreeing to lose data."""
    world.settled(make.volume())
    world.aws.calls.clear()
    with world._engine() as engine, pytest.raises(ConsentError):
        engine.run((), lambda plan: Consent(yes=True))
    assert world.aws.calls.mutations == ()
