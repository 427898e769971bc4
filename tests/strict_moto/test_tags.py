"""Rows about tags."""

from __future__ import annotations

from typing import Any

import pytest


def many(count: int) -> list[dict[str, str]]:
    return [{"Key": f"k{number}", "Value": "v"} for number in range(count)]


@pytest.mark.row("tag-reserved", "EC2 User Guide, tag restrictions")
def test_aws_tags_are_refused(cloud: Any) -> None:
    """A tag key that begins with `aws:` is refused, on creation and later."""
    tags = [{"Key": "aws:mine", "Value": "v"}]
    volume = cloud.volume()
    cloud.refuses("InvalidParameterValue", cloud.ec2.create_tags, Resources=[volume], Tags=tags)
    specification = [{"ResourceType": "volume", "Tags": tags}]
    asked = {"AvailabilityZone": cloud.zones[0], "Size": 1, "TagSpecifications": specification}
    cloud.refuses("InvalidParameterValue", cloud.ec2.create_volume, **asked)


@pytest.mark.row("tag-limit-create", "ec2 CreateTags")
def test_too_many_tags_leave_no_volume(cloud: Any) -> None:
    """A volume with 51 tags is refused, and none is made."""
    specification = [{"ResourceType": "volume", "Tags": many(51)}]
    asked = {"AvailabilityZone": cloud.zones[0], "Size": 1, "TagSpecifications": specification}
    cloud.refuses("TagLimitExceeded", cloud.ec2.create_volume, **asked)
    assert cloud.ec2.describe_volumes()["Volumes"] == []


@pytest.mark.row("tag-length", "EC2 User Guide, tag restrictions")
def test_long_tags_are_refused(cloud: Any) -> None:
    """A tag key has at most 128 characters, a value at most 256."""
    volume = cloud.volume()
    for tag in ({"Key": "k" * 129, "Value": "v"}, {"Key": "k", "Value": "v" * 257}):
        asked = {"Resources": [volume], "Tags": [tag]}
        cloud.refuses("InvalidParameterValue", cloud.ec2.create_tags, **asked)


@pytest.mark.row("tag-gone", "EC2 User Guide, tag restrictions")
def test_tags_go_with_their_object(cloud: Any) -> None:
    """DescribeTags does not show the tags of a deleted volume."""
    volume = cloud.volume()
    cloud.ec2.create_tags(Resources=[volume], Tags=many(1))
    cloud.ec2.delete_volume(VolumeId=volume)
    cloud.advance(10)
    assert cloud.ec2.describe_tags()["Tags"] == []


@pytest.mark.row("tag-balancer-limit", "elbv2 TooManyTagsException")
def test_a_balancer_has_fifty_tags(cloud: Any) -> None:
    """A load balancer with 51 tags is refused with TooManyTags."""
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets(), "Tags": many(51)}
    cloud.refuses("TooManyTags", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("tag-balancer-add", "elbv2 TooManyTagsException")
def test_tags_can_be_added_up_to_fifty(cloud: Any) -> None:
    """AddTags takes up to 50 tags in all, not ten."""
    balancer = cloud.balancer(Tags=many(10))
    cloud.elb.add_tags(ResourceArns=[balancer], Tags=many(50))
    [found] = cloud.elb.describe_tags(ResourceArns=[balancer])["TagDescriptions"]
    assert len(found["Tags"]) == 50
    one_more = {"ResourceArns": [balancer], "Tags": [{"Key": "more", "Value": "v"}]}
    cloud.refuses("TooManyTags", cloud.elb.add_tags, **one_more)


@pytest.mark.row("tag-balancer-reserved", "EC2 User Guide, tag restrictions")
def test_aws_tags_are_refused_on_balancers(cloud: Any) -> None:
    """A load balancer's tag key that begins with `aws:` is refused."""
    tags = [{"Key": "aws:mine", "Value": "v"}]
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets(), "Tags": tags}
    cloud.refuses("ValidationError", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("tag-look-up", "elbv2 DescribeTagsInput.ResourceArns")
def test_twenty_arns_at_once(cloud: Any) -> None:
    """DescribeTags of Elastic Load Balancing takes up to 20 ARNs, and each must exist."""
    arn = cloud.target_group()
    cloud.refuses("ValidationError", cloud.elb.describe_tags, ResourceArns=[arn] * 21)
    absent = arn[:-1] + ("0" if arn[-1] != "0" else "1")
    cloud.refuses("TargetGroupNotFound", cloud.elb.describe_tags, ResourceArns=[absent])


@pytest.mark.row("tag-file-system-reserved", "EC2 User Guide, tag restrictions")
def test_aws_tags_are_refused_on_file_systems(cloud: Any) -> None:
    """A file system's tag key that begins with `aws:` is refused."""
    asked = {"CreationToken": "t", "Tags": [{"Key": "aws:mine", "Value": "v"}]}
    cloud.refuses("BadRequest", cloud.efs.create_file_system, **asked)
