"""Rows about changing EBS volumes."""

from __future__ import annotations

from typing import Any

import pytest

LONG_ENOUGH = 1_000  # seconds until a modification is completed


@pytest.mark.row("modify-shrink", "ec2 ModifyVolumeRequest.Size")
def test_a_volume_does_not_shrink(cloud: Any) -> None:
    """A new size below the present one is refused."""
    made = cloud.volume(Size=10)
    cloud.refuses("InvalidParameterValue", cloud.ec2.modify_volume, VolumeId=made, Size=9)
    assert cloud.volume_now(made)["Size"] == 10


@pytest.mark.row("modify-states", "ec2 VolumeModification.ModificationState")
def test_a_modification_takes_its_time(cloud: Any) -> None:
    """A modification is `modifying`, `optimizing` with the new size in force, then `completed`."""
    made = cloud.volume(Size=10)
    cloud.ec2.modify_volume(VolumeId=made, Size=20)
    seen = []
    for seconds in (0, 60, LONG_ENOUGH):
        cloud.advance(seconds)
        [change] = cloud.ec2.describe_volumes_modifications(VolumeIds=[made])[
            "VolumesModifications"
        ]
        seen.append((change["ModificationState"], cloud.volume_now(made)["Size"]))
    assert seen == [("modifying", 10), ("optimizing", 20), ("completed", 20)]


@pytest.mark.row("modify-one-at-a-time", "ec2 ModifyVolume")
def test_one_modification_at_a_time(cloud: Any) -> None:
    """A volume that is being modified cannot be modified: IncorrectModificationState."""
    made = cloud.volume(Size=10)
    cloud.ec2.modify_volume(VolumeId=made, Size=20)
    cloud.advance(60)
    code = "IncorrectModificationState"
    cloud.refuses(code, cloud.ec2.modify_volume, VolumeId=made, Size=30)


@pytest.mark.row("modify-rate", "ec2 ModifyVolume")
def test_four_modifications_in_a_rolling_day(cloud: Any) -> None:
    """The fifth modification within 24 hours is refused, and later it is not."""
    made = cloud.volume(Size=10)
    for size in (11, 12, 13, 14):
        cloud.ec2.modify_volume(VolumeId=made, Size=size)
        cloud.advance(LONG_ENOUGH)
    code = "VolumeModificationRateExceeded"
    error = cloud.refuses(code, cloud.ec2.modify_volume, VolumeId=made, Size=15)
    assert "2026-01-02T00:00:10Z" in str(error)
    cloud.advance(24 * 3600 - 4 * LONG_ENOUGH)
    cloud.ec2.modify_volume(VolumeId=made, Size=15)


@pytest.mark.row("modify-none", "report to awslabs/aws-sdk-rust")
def test_an_unmodified_volume_has_no_modification(cloud: Any) -> None:
    """Asked for by id, the modification of an unmodified volume is not found."""
    made = cloud.volume()
    code = "InvalidVolumeModification.NotFound"
    cloud.refuses(code, cloud.ec2.describe_volumes_modifications, VolumeIds=[made])


@pytest.mark.row("modify-latest", "ec2 DescribeVolumesModifications")
def test_the_latest_modification_is_described(cloud: Any) -> None:
    """DescribeVolumesModifications has one entry for a volume, its most recent one."""
    made = cloud.volume(Size=10)
    for size in (11, 12):
        cloud.ec2.modify_volume(VolumeId=made, Size=size)
        cloud.advance(LONG_ENOUGH)
    found = cloud.ec2.describe_volumes_modifications()["VolumesModifications"]
    assert [(one["OriginalSize"], one["TargetSize"]) for one in found] == [(11, 12)]


@pytest.mark.row("modify-limits", "ec2 ModifyVolumeRequest.Iops")
def test_a_modification_stays_within_the_limits_of_the_type(cloud: Any) -> None:
    """IOPS, throughput and size of a modification are bounded as those of a new volume."""
    made = cloud.volume(Size=10)
    modify = cloud.ec2.modify_volume
    for change in ({"Iops": 2999}, {"Throughput": 2001}, {"VolumeType": "st1"}):
        cloud.refuses("InvalidParameterValue", modify, VolumeId=made, **change)


@pytest.mark.row("modify-type", "ec2 ModifyVolumeRequest.Throughput")
def test_a_change_of_type_brings_its_defaults(cloud: Any) -> None:
    """From gp2 to gp3 without figures, a volume gets 3,000 IOPS and 125 MiB/s."""
    made = cloud.volume(VolumeType="gp2", Size=10)
    cloud.ec2.modify_volume(VolumeId=made, VolumeType="gp3")
    cloud.advance(LONG_ENOUGH)
    now = cloud.volume_now(made)
    assert (now["VolumeType"], now.get("Iops"), now.get("Throughput")) == ("gp3", 3000, 125)
