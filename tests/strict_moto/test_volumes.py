"""Rows about creating and deleting EBS volumes."""

from __future__ import annotations

from typing import Any

import pytest

ZONE = "us-east-1a"


@pytest.mark.row("volume-token", "ec2 CreateVolumeRequest.ClientToken")
def test_a_client_token_makes_one_volume(cloud: Any) -> None:
    """CreateVolume twice with one ClientToken and equal parameters makes one volume."""
    asked = {"AvailabilityZone": ZONE, "Size": 1, "ClientToken": "once"}
    first, second = cloud.ec2.create_volume(**asked), cloud.ec2.create_volume(**asked)
    assert first["VolumeId"] == second["VolumeId"]
    assert len(cloud.ec2.describe_volumes()["Volumes"]) == 1


@pytest.mark.row("volume-token-mismatch", "EC2 API reference, error codes")
def test_a_client_token_with_other_parameters_is_refused(cloud: Any) -> None:
    """The same ClientToken with other parameters is an IdempotentParameterMismatch."""
    asked = {"AvailabilityZone": ZONE, "ClientToken": "once"}
    cloud.ec2.create_volume(Size=1, **asked)
    cloud.refuses("IdempotentParameterMismatch", cloud.ec2.create_volume, Size=2, **asked)


@pytest.mark.row("volume-token-spent", "report to crossplane-contrib/provider-aws")
def test_the_token_of_a_deleted_volume_is_spent(cloud: Any) -> None:
    """The ClientToken of a deleted volume is refused with IdempotentParameterMismatch."""
    asked = {"AvailabilityZone": ZONE, "Size": 1, "ClientToken": "once"}
    made = cloud.ec2.create_volume(**asked)
    cloud.advance(10)
    cloud.ec2.delete_volume(VolumeId=made["VolumeId"])
    cloud.refuses("IdempotentParameterMismatch", cloud.ec2.create_volume, **asked)


@pytest.mark.row("volume-token-length", "report to kubernetes-sigs/aws-ebs-csi-driver")
def test_a_long_client_token_is_refused(cloud: Any) -> None:
    """A ClientToken has at most 64 characters."""
    asked = {"AvailabilityZone": ZONE, "Size": 1, "ClientToken": "x" * 65}
    cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, **asked)


@pytest.mark.row("volume-creating", "ec2 Volume.State")
def test_a_new_volume_is_creating_first(cloud: Any) -> None:
    """A volume is `creating` for a while, and then `available`."""
    made = cloud.ec2.create_volume(AvailabilityZone=ZONE, Size=1)["VolumeId"]
    assert cloud.volume_now(made)["State"] == "creating"
    cloud.refuses("IncorrectState", cloud.ec2.delete_volume, VolumeId=made)
    cloud.advance(10)
    assert cloud.volume_now(made)["State"] == "available"


@pytest.mark.row("volume-deleting", "ec2 DeleteVolume")
def test_a_deleted_volume_stays_deleting_for_a_while(cloud: Any) -> None:
    """A deleted volume can stay in the `deleting` state before it is gone."""
    made = cloud.volume()
    cloud.ec2.delete_volume(VolumeId=made)
    assert cloud.volume_now(made)["State"] == "deleting"
    cloud.advance(10)
    cloud.refuses("InvalidVolume.NotFound", cloud.ec2.describe_volumes, VolumeIds=[made])


@pytest.mark.row("volume-zone", "EC2 API reference, error codes")
def test_a_zone_must_exist(cloud: Any) -> None:
    """A volume in an unknown zone is refused with InvalidZone.NotFound."""
    asked = {"AvailabilityZone": "us-east-1z", "Size": 1}
    cloud.refuses("InvalidZone.NotFound", cloud.ec2.create_volume, **asked)


@pytest.mark.row("volume-zone-id", "ec2 CreateVolumeRequest.AvailabilityZoneId")
def test_a_zone_can_be_named_by_its_id(cloud: Any) -> None:
    """A volume can be placed by AvailabilityZoneId; name and id together are refused."""
    zone = cloud.ec2.describe_availability_zones()["AvailabilityZones"][1]
    made = cloud.ec2.create_volume(AvailabilityZoneId=zone["ZoneId"], Size=1)
    assert made.get("AvailabilityZone") == zone["ZoneName"]


@pytest.mark.row("volume-type", "EC2 API reference, error codes")
def test_a_volume_type_must_exist(cloud: Any) -> None:
    """An unknown volume type is refused with UnknownVolumeType."""
    asked = {"AvailabilityZone": ZONE, "Size": 1, "VolumeType": "gp9"}
    cloud.refuses("UnknownVolumeType", cloud.ec2.create_volume, **asked)


@pytest.mark.row("volume-size", "ec2 CreateVolumeRequest.Size")
def test_sizes_are_bounded_by_type(cloud: Any) -> None:
    """Each type has its own smallest and largest size."""
    sizes = {"gp2": (0, 16_385), "gp3": (0, 65_537), "st1": (124, 16_385), "sc1": (124, 16_385)}
    for kind, outside in sizes.items():
        for size in outside:
            asked = {"AvailabilityZone": ZONE, "Size": size, "VolumeType": kind}
            cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, **asked)
    cloud.volume(VolumeType="st1", Size=125)


@pytest.mark.row("volume-iops", "ec2 CreateVolumeRequest.Iops")
def test_iops_are_bounded_by_type(cloud: Any) -> None:
    """IOPS of gp3 are 3,000 to 80,000, of io1 100 to 64,000, of io2 100 to 256,000."""
    for kind, iops in (("gp3", 100), ("gp3", 80_001), ("io1", 64_001), ("io2", 99)):
        asked = {"AvailabilityZone": ZONE, "Size": 2000, "VolumeType": kind, "Iops": iops}
        cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, **asked)


@pytest.mark.row("volume-iops-ratio", "EBS User Guide, volume types")
def test_iops_are_bounded_by_size(cloud: Any) -> None:
    """A volume has at most 500 IOPS for each GiB of gp3, 50 of io1, 1,000 of io2."""
    for kind, iops in (("gp3", 5_500), ("io1", 501), ("io2", 10_001)):
        asked = {"AvailabilityZone": ZONE, "Size": 10, "VolumeType": kind, "Iops": iops}
        cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, **asked)


@pytest.mark.row("volume-iops-code", "report to velero-io/velero-plugin-for-aws")
def test_iops_missing_or_unwanted_have_one_code(cloud: Any) -> None:
    """io2 without IOPS and gp2 with IOPS are both InvalidParameterCombination."""
    where = {"AvailabilityZone": ZONE, "Size": 10}
    code = "InvalidParameterCombination"
    cloud.refuses(code, cloud.ec2.create_volume, VolumeType="io2", **where)
    cloud.refuses(code, cloud.ec2.create_volume, VolumeType="gp2", Iops=3000, **where)


@pytest.mark.row("volume-throughput", "ec2 CreateVolumeRequest.Throughput")
def test_throughput_is_bounded(cloud: Any) -> None:
    """The throughput of gp3 is 125 to 2,000 MiB/s."""
    for throughput in (124, 2_001):
        asked = {"AvailabilityZone": ZONE, "Size": 100, "VolumeType": "gp3", "Iops": 20_000}
        asked["Throughput"] = throughput
        cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, **asked)


@pytest.mark.row("volume-throughput-shown", "ec2 Volume.Throughput")
def test_the_throughput_of_gp3_is_shown(cloud: Any) -> None:
    """A gp3 volume made without a throughput shows the default, 125 MiB/s."""
    assert cloud.volume_now(cloud.volume()).get("Throughput") == 125


@pytest.mark.row("volume-tag-type", "ec2 CreateVolumeRequest.TagSpecifications")
def test_only_volumes_are_tagged_by_create_volume(cloud: Any) -> None:
    """A TagSpecification for another resource type is refused."""
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}]
    asked = {"AvailabilityZone": ZONE, "Size": 1, "TagSpecifications": tags}
    cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, **asked)


@pytest.mark.row("copy-volumes", "ec2 CopyVolumes")
def test_a_volume_can_be_copied(cloud: Any) -> None:
    """CopyVolumes makes a volume of its source's size, in its zone, idempotently by token."""
    source = cloud.volume(Size=12)
    asked = {"SourceVolumeId": source, "VolumeType": "gp3", "ClientToken": "copy"}
    [first] = cloud.ec2.copy_volumes(**asked)["Volumes"]
    [again] = cloud.ec2.copy_volumes(**asked)["Volumes"]
    assert first["VolumeId"] == again["VolumeId"] != source
    assert (first["Size"], first["SourceVolumeId"]) == (12, source)
    too_small = {"SourceVolumeId": source, "Size": 11}
    cloud.refuses("InvalidParameterValue", cloud.ec2.copy_volumes, **too_small)


@pytest.mark.row("volume-status", "ec2 DescribeVolumeStatus")
def test_the_status_of_volumes_can_be_read(cloud: Any) -> None:
    """DescribeVolumeStatus says `ok` of a volume that is there."""
    made = cloud.volume()
    [status] = cloud.ec2.describe_volume_status(VolumeIds=[made])["VolumeStatuses"]
    assert status["VolumeStatus"]["Status"] == "ok"


@pytest.mark.row("volume-attribute", "ec2 DescribeVolumeAttribute")
def test_the_attributes_of_a_volume_can_be_read_and_set(cloud: Any) -> None:
    """ModifyVolumeAttribute sets autoEnableIO, and DescribeVolumeAttribute reads it."""
    made = cloud.volume()
    cloud.ec2.modify_volume_attribute(VolumeId=made, AutoEnableIO={"Value": True})
    found = cloud.ec2.describe_volume_attribute(VolumeId=made, Attribute="autoEnableIO")
    assert found["AutoEnableIO"] == {"Value": True}
