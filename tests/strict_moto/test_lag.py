"""Rows about reads that lag behind writes."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.testing.aws import Settings, strict_aws

TWO = Settings(read_lag=2)


@pytest.mark.row("read-lag", "EC2 API reference, eventual consistency", settings=TWO)
def test_a_new_volume_may_not_be_seen_at_once(cloud: Any) -> None:
    """With a lag of two, a new volume is missing from two lists, and then it is there."""
    made = cloud.ec2.create_volume(AvailabilityZone=cloud.zones[0], Size=1)["VolumeId"]
    seen = [len(cloud.ec2.describe_volumes()["Volumes"]) for _ in range(3)]
    assert seen == [0, 0, 1]
    assert cloud.volume_now(made)["VolumeId"] == made


@pytest.mark.row("read-lag-id", "EC2 API reference, eventual consistency", settings=TWO)
def test_a_new_volume_may_not_be_found_by_id_at_once(cloud: Any) -> None:
    """With a lag, a new volume asked for by id is InvalidVolume.NotFound at first."""
    made = cloud.ec2.create_volume(AvailabilityZone=cloud.zones[0], Size=1)["VolumeId"]
    for _ in range(2):
        cloud.refuses("InvalidVolume.NotFound", cloud.ec2.describe_volumes, VolumeIds=[made])
    assert cloud.volume_now(made)["VolumeId"] == made


def test_other_kinds_lag_too() -> None:
    """Balancers, target groups, security groups, file systems and tagged resources lag as well."""
    tags = [{"Key": "owner", "Value": "us"}]
    with strict_aws(Settings(read_lag=1)) as aws:
        ec2, elb, efs = aws.client("ec2"), aws.client("elbv2"), aws.client("efs")
        [subnet, *_] = ec2.describe_subnets()["Subnets"]
        elb.create_load_balancer(
            Name="web", Type="network", Subnets=[subnet["SubnetId"]], Tags=tags
        )
        elb.create_target_group(Name="app", Protocol="TCP", Port=80, VpcId=subnet["VpcId"])
        efs.create_file_system(CreationToken="t")
        tagging = aws.client("resourcegroupstaggingapi")
        mine = [{"Key": "owner", "Values": ["us"]}]
        seen = [
            (
                len(elb.describe_load_balancers()["LoadBalancers"]),
                len(elb.describe_target_groups()["TargetGroups"]),
                len(efs.describe_file_systems()["FileSystems"]),
                len(tagging.get_resources(TagFilters=mine)["ResourceTagMappingList"]),
            )
            for _ in range(2)
        ]
    assert seen == [(0, 0, 0, 0), (1, 1, 1, 1)]


def test_a_repeated_create_does_not_hide_an_old_object_again() -> None:
    """An idempotent replay of a create gives the object, and leaves it visible."""
    with strict_aws(Settings(read_lag=1)) as aws:
        ec2 = aws.client("ec2")
        asked = {"AvailabilityZone": "us-east-1a", "Size": 1, "ClientToken": "once"}
        ec2.create_volume(**asked)
        ec2.describe_volumes()
        ec2.create_volume(**asked)
        assert len(ec2.describe_volumes()["Volumes"]) == 1
