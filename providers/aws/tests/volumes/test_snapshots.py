"""Snapshots, restores and copies, through the engine and driver by driver."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.errors import CapabilityError
from cloudabstract.provider import Health

KIND = "aws.snapshot"


def test_a_snapshot_is_pending_until_it_is_completed(make: Any, bench: Any) -> None:
    """A volume restored too early is refused by EC2; its size is what a restore needs."""
    bench.make("aws.volume", make.volume(size=3 * make.GIB))
    wanted = bench.wanted(KIND, make.volume(size=3 * make.GIB), make.snapshot())
    found = bench.drivers[KIND].create(wanted)
    assert (found.health, found.fields["size"]) == (Health.PENDING, 3 * make.GIB)
    bench.world.aws.clock.advance(100)
    assert bench.look(found).health is Health.READY


def test_a_snapshot_is_made_once(make: Any, bench: Any, world: Any) -> None:
    """CreateSnapshot takes no token: what an earlier attempt made is looked for first."""
    bench.make("aws.volume", make.volume())
    wanted = bench.wanted(KIND, make.volume(), make.snapshot())
    first = bench.drivers[KIND].create(wanted)
    with world.session() as session:
        assert session.drivers()[KIND].create(wanted).id == first.id
    assert len(world.aws.calls.of("CreateSnapshot")) == 1


def test_a_restore_waits_for_its_snapshot(make: Any, world: Any) -> None:
    """One turn makes the volume, its snapshot, and a volume that begins with that."""
    restored = make.volume("again", data_source=make.source("before"))
    report = world.settled(make.volume(), make.snapshot(), restored)
    status = report["VolumeSnapshot/before"]
    assert (status.ready_to_use, status.restore_size) == (True, make.GIB)
    snapshots = world.client("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]
    (ours,) = [each for each in snapshots if each["SnapshotId"] in world.left()]
    assert [each.get("SnapshotId") for each in world.volumes()].count(ours["SnapshotId"]) == 1


def test_a_restore_that_is_too_small_is_refused(make: Any, world: Any) -> None:
    """VO013; but sizes that EBS rounds up to the same are the same."""
    world.settled(make.volume(size=3 * make.GIB), make.snapshot())
    small = make.volume("again", data_source=make.source("before"))
    with pytest.raises(CapabilityError) as refused:
        world.apply(make.volume(size=3 * make.GIB), make.snapshot(), small)
    assert [each.code for each in refused.value.problems] == ["VO013"]
    fits = make.volume("again", 3 * make.GIB - 5, data_source=make.source("before"))
    world.settled(make.volume(size=3 * make.GIB), make.snapshot(), fits)


def test_a_snapshot_outlives_its_volume_and_the_restore_its_snapshot(make: Any, world: Any) -> None:
    """Each is independent of its origin once it is there."""
    restored = make.volume("again", data_source=make.source("before"))
    world.settled(make.volume(), make.snapshot(), restored)
    world.settled(make.snapshot(), restored)
    world.settled(restored)
    assert len(world.volumes()) == 2  # EC2 shows the deleted one for a while
    world.aws.clock.advance(60)
    assert len(world.left()) == 1


def test_a_copy_is_made_of_the_volume_itself(make: Any, world: Any) -> None:
    """CopyVolumes, in the source's zone, as large as asked for, with tags in the same call."""
    copy = make.volume("copy", 2 * make.GIB, data_source=make.source("archive", "Volume"))
    world.settled(make.volume(), copy)
    (call,) = world.aws.calls.of("CopyVolumes")
    assert (call.params["Size"], call.params["VolumeType"]) == (2, "gp3")
    sizes = {each["Size"]: each["AvailabilityZone"] for each in world.volumes()}
    assert sizes == {1: "us-east-1a", 2: "us-east-1a"}
