"""Rows about attaching EBS volumes."""

from __future__ import annotations

from typing import Any

import pytest


def states(cloud: Any, volume: str) -> list[str]:
    """Those of all attachments of a volume."""
    return [one["State"] for one in cloud.volume_now(volume)["Attachments"]]


@pytest.mark.row("attach-states", "ec2 VolumeAttachment.State")
def test_attaching_and_detaching_take_time(cloud: Any) -> None:
    """An attachment is `attaching`, `attached`, `detaching`, and then the volume is available."""
    volume, instance = cloud.volume(), cloud.instance()
    cloud.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    seen = [states(cloud, volume)]
    cloud.advance(10)
    seen.append(states(cloud, volume))
    cloud.ec2.detach_volume(VolumeId=volume, InstanceId=instance)
    seen.append(states(cloud, volume))
    cloud.advance(10)
    seen.append(states(cloud, volume))
    assert seen == [["attaching"], ["attached"], ["detaching"], []]
    assert cloud.volume_now(volume)["State"] == "available"


@pytest.mark.row("attach-twice", "EC2 API reference, error codes")
def test_a_volume_is_attached_once(cloud: Any) -> None:
    """An attached volume cannot be attached to another instance: VolumeInUse."""
    volume, first, second = cloud.volume(), cloud.instance(), cloud.instance()
    attach = cloud.ec2.attach_volume
    attach(VolumeId=volume, InstanceId=first, Device="/dev/sdf")
    asked = {"VolumeId": volume, "InstanceId": second, "Device": "/dev/sdf"}
    cloud.refuses("VolumeInUse", attach, **asked)


@pytest.mark.row("attach-device", "EC2 User Guide, device names")
def test_a_device_name_is_used_once(cloud: Any) -> None:
    """A device name that is in use on the instance is refused."""
    instance = cloud.instance()
    attach = cloud.ec2.attach_volume
    attach(VolumeId=cloud.volume(), InstanceId=instance, Device="/dev/sdf")
    asked = {"VolumeId": cloud.volume(), "InstanceId": instance, "Device": "/dev/sdf"}
    cloud.refuses("InvalidParameterValue", attach, **asked)


@pytest.mark.row("attach-zone", "EC2 API reference, error codes")
def test_a_volume_stays_in_its_zone(cloud: Any) -> None:
    """A volume cannot be attached in another zone: InvalidVolume.ZoneMismatch."""
    asked = {"InstanceId": cloud.instance(cloud.zones[1]), "Device": "/dev/sdf"}
    code = "InvalidVolume.ZoneMismatch"
    cloud.refuses(code, cloud.ec2.attach_volume, VolumeId=cloud.volume(), **asked)


@pytest.mark.row("attach-creating", "EC2 API reference, error codes")
def test_a_volume_must_be_available(cloud: Any) -> None:
    """A volume that is still creating cannot be attached: IncorrectState."""
    made = cloud.ec2.create_volume(AvailabilityZone=cloud.zones[0], Size=1)["VolumeId"]
    asked = {"InstanceId": cloud.instance(), "Device": "/dev/sdf"}
    cloud.refuses("IncorrectState", cloud.ec2.attach_volume, VolumeId=made, **asked)


@pytest.mark.row("detach-detached", "EC2 API reference, error codes")
def test_a_detached_volume_cannot_be_detached(cloud: Any) -> None:
    """Detaching a volume that is not attached is refused with IncorrectState."""
    asked = {"VolumeId": cloud.volume(), "InstanceId": cloud.instance()}
    cloud.refuses("IncorrectState", cloud.ec2.detach_volume, **asked)


@pytest.mark.row("attach-multi", "ec2 CreateVolumeRequest.MultiAttachEnabled")
def test_a_multi_attach_volume_has_several_attachments(cloud: Any) -> None:
    """An io2 volume with Multi-Attach shows each of its attachments, and loses one at a time."""
    volume = cloud.volume(VolumeType="io2", Iops=100, MultiAttachEnabled=True)
    instances = [cloud.instance(), cloud.instance()]
    for instance in instances:
        cloud.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    held = [one["InstanceId"] for one in cloud.volume_now(volume)["Attachments"]]
    assert held == instances
    cloud.refuses("InvalidParameterCombination", cloud.ec2.detach_volume, VolumeId=volume)
    cloud.ec2.detach_volume(VolumeId=volume, InstanceId=instances[0])
    cloud.advance(10)
    now = cloud.volume_now(volume)
    assert [one["InstanceId"] for one in now["Attachments"]] == instances[1:]
    assert now["State"] == "in-use"


@pytest.mark.row("attach-filters", "ec2 DescribeVolumesRequest.Filters")
def test_a_multi_attach_volume_is_found_by_each_attachment(cloud: Any) -> None:
    """A filter on attachments finds a volume by any of them, also while another one goes."""
    volume = cloud.volume(VolumeType="io2", Iops=100, MultiAttachEnabled=True)
    instances = [cloud.instance(), cloud.instance()]
    for instance in instances:
        cloud.ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    cloud.advance(10)
    cloud.ec2.detach_volume(VolumeId=volume, InstanceId=instances[0])
    for name, value in (("instance-id", instances[1]), ("status", "attached")):
        asked = [{"Name": f"attachment.{name}", "Values": [value, "other"]}]
        found = cloud.ec2.describe_volumes(Filters=asked)["Volumes"]
        assert volume in {each["VolumeId"] for each in found}
