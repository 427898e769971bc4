"""Rows about EBS snapshots."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.row("snapshot-pending", "ec2 Snapshot.State")
def test_a_new_snapshot_is_pending_first(cloud: Any) -> None:
    """A snapshot is `pending` for a while, and then `completed`."""
    made = cloud.ec2.create_snapshot(VolumeId=cloud.volume())["SnapshotId"]
    [now] = cloud.ec2.describe_snapshots(SnapshotIds=[made])["Snapshots"]
    assert (now["State"], now["Progress"]) == ("pending", "0%")
    cloud.advance(100)
    [now] = cloud.ec2.describe_snapshots(SnapshotIds=[made])["Snapshots"]
    assert (now["State"], now["Progress"]) == ("completed", "100%")


@pytest.mark.row("snapshot-restore-pending", "EC2 API reference, error codes")
def test_a_pending_snapshot_cannot_be_restored(cloud: Any) -> None:
    """A volume from a pending snapshot is refused with IncorrectState."""
    made = cloud.ec2.create_snapshot(VolumeId=cloud.volume())["SnapshotId"]
    asked = {"AvailabilityZone": cloud.zones[0], "SnapshotId": made}
    cloud.refuses("IncorrectState", cloud.ec2.create_volume, **asked)


@pytest.mark.row("snapshot-restore-size", "ec2 CreateVolumeRequest.Size")
def test_a_volume_is_no_smaller_than_its_snapshot(cloud: Any) -> None:
    """A volume smaller than the snapshot it is made from is refused; the default is its size."""
    made = cloud.ec2.create_snapshot(VolumeId=cloud.volume(Size=10))["SnapshotId"]
    cloud.advance(100)
    asked = {"AvailabilityZone": cloud.zones[0], "SnapshotId": made, "VolumeType": "gp3"}
    cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, Size=9, **asked)
    assert cloud.ec2.create_volume(**asked)["Size"] == 10


@pytest.mark.row("snapshot-size", "ec2 Snapshot.VolumeSize")
def test_a_snapshot_keeps_the_size_its_volume_had(cloud: Any) -> None:
    """VolumeSize is that of the volume when the snapshot was made, whatever becomes of it."""
    volume = cloud.volume(Size=10)
    made = cloud.ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    cloud.ec2.modify_volume(VolumeId=volume, Size=20)
    cloud.advance(1_000)
    [now] = cloud.ec2.describe_snapshots(SnapshotIds=[made])["Snapshots"]
    assert (now["VolumeSize"], cloud.volume_now(volume)["Size"]) == (10, 20)


@pytest.mark.row("snapshot-of-creating", "EC2 API reference, error codes")
def test_a_volume_being_created_has_no_snapshot(cloud: Any) -> None:
    """A snapshot of a volume that is still creating is refused with IncorrectState."""
    made = cloud.ec2.create_volume(AvailabilityZone=cloud.zones[0], Size=1)["VolumeId"]
    cloud.refuses("IncorrectState", cloud.ec2.create_snapshot, VolumeId=made)


def test_create_snapshot_has_no_token(cloud: Any) -> None:
    """CreateSnapshot has no idempotency: the same call twice makes two snapshots."""
    volume = cloud.volume()
    for _ in range(2):
        cloud.ec2.create_snapshot(VolumeId=volume, Description="same")
    found = cloud.ec2.describe_snapshots(Filters=[{"Name": "description", "Values": ["same"]}])
    assert len(found["Snapshots"]) == 2
