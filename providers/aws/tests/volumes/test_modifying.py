"""Growth and changes of speed, through the engine: in place, at EBS's pace, never smaller."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.errors import CapabilityError
from cloudabstract.model import Performance

HOUR = 3600


def test_a_volume_grows_in_place(make: Any, world: Any) -> None:
    """The same volume, larger; the plan says who makes the filesystem larger."""
    world.settled(make.volume())
    (before,) = world.volumes()
    (change,) = world.plan([make.volume(size=5 * make.GIB)]).changes
    assert [delta.after for delta in change.fields.values()] == [5 * make.GIB]
    assert "the ext4 on it grows when the instance says so" in " ".join(change.notes)
    world.settled(make.volume(size=5 * make.GIB))
    (after,) = world.volumes()
    assert (after["VolumeId"], after["Size"]) == (before["VolumeId"], 5)


def test_a_volume_does_not_shrink(make: Any, world: Any) -> None:
    """VO001, and nothing is called that changes anything."""
    world.settled(make.volume(size=5 * make.GIB))
    world.aws.calls.clear()
    with pytest.raises(CapabilityError) as refused:
        world.apply(make.volume())
    assert [each.code for each in refused.value.problems] == ["VO001"]
    assert world.aws.calls.mutations == ()


def test_a_volume_becomes_faster_in_place(make: Any, world: Any) -> None:
    """From gp3 to io2, and back: the same volume."""
    world.settled(make.volume(size=10 * make.GIB))
    (before,) = world.volumes()
    world.settled(make.volume(size=10 * make.GIB, performance=Performance("fast", 5000)))
    (after,) = world.volumes()
    assert (after["VolumeId"], after["VolumeType"], after["Iops"]) == (
        before["VolumeId"],
        "io2",
        5000,
    )
    world.aws.clock.advance(HOUR)
    world.settled(make.volume(size=10 * make.GIB))
    (after,) = world.volumes()
    assert (after["VolumeType"], after["Iops"], after["Throughput"]) == ("gp3", 3000, 125)


def test_one_modification_at_a_time(make: Any, world: Any) -> None:
    """While EBS optimises, the plan says when (VO011) and goes on with the rest."""
    world.settled(make.volume())
    world.settled(make.volume(size=2 * make.GIB))
    plan = world.plan([make.volume(size=3 * make.GIB)])
    assert plan.changes == ()
    assert [each.code for each in plan.objections if each.reason] == ["VO011"]
    world.aws.clock.advance(HOUR)
    world.settled(make.volume(size=3 * make.GIB))


def test_four_modifications_in_a_rolling_day(make: Any, world: Any) -> None:
    """The fifth waits for the first to be a day old, also when the store was lost meanwhile."""
    world.settled(make.volume())
    for size in (2, 3, 4, 5):
        world.settled(make.volume(size=size * make.GIB))
        world.aws.clock.advance(HOUR)
    world.forget()
    larger = make.volume(size=6 * make.GIB)
    plan = world.plan([larger])
    assert (plan.changes, {"VO011"} - {each.code for each in plan.objections}) == ((), set())
    world.aws.clock.advance(21 * HOUR)
    world.settled(larger)
    assert world.volumes()[0]["Size"] == 6


def test_a_modification_that_ec2_refuses_is_told_in_full(make: Any, world: Any) -> None:
    """Others modified it: EC2's code, its request id, and what to do; it is not repeated."""
    world.settled(make.volume(size=10 * make.GIB))
    (raw,) = world.volumes()
    ec2 = world.client("ec2")
    for iops in (3100, 3200, 3300, 3400):
        ec2.modify_volume(VolumeId=raw["VolumeId"], Iops=iops)
        world.aws.clock.advance(HOUR)
    world.aws.calls.clear()
    report = world.apply(make.volume(size=11 * make.GIB))
    (failed,) = report.failed
    assert failed.failure.native == "VolumeModificationRateExceeded"
    assert failed.failure.request_id
    assert "24 hours" in failed.failure.remedy
    assert len(world.aws.calls.of("ModifyVolume")) == 1


def test_a_volume_does_not_become_a_file_system(make: Any, world: Any) -> None:
    """VO012: data does not move by making something empty beside it."""
    world.settled(make.volume())
    world.aws.calls.clear()
    plan = world.plan([make.volume(performance=Performance("shared"))])
    assert "VO012" in {each.code for each in plan.rejections}
    assert world.aws.calls.mutations == ()


def test_what_somebody_else_changed_is_changed_back(make: Any, world: Any) -> None:
    """As far as EBS can: figures, not size."""
    volume = make.volume(size=10 * make.GIB)
    world.settled(volume)
    (raw,) = world.volumes()
    world.client("ec2").modify_volume(VolumeId=raw["VolumeId"], Iops=3500)
    world.aws.clock.advance(HOUR)
    (change,) = world.plan([volume]).changes
    assert (list(change.fields), change.drift) == (["iops"], True)
    world.settled(volume)
    assert world.volumes()[0]["Iops"] == 3000
