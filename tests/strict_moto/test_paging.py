"""Rows about lists: pages, tokens, ids and filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def pages(call: Callable[..., Any], listed: str, size: dict[str, int], tokens: str) -> list[int]:
    """How many objects each page of a list has; `tokens`: those of the answer, of the request."""
    following, token = tokens.split()
    answer = call(**size)
    counts = [len(answer[listed])]
    while answer.get(following):
        answer = call(**size, **{token: answer[following]})
        counts.append(len(answer[listed]))
    return counts


@pytest.mark.row("page-volumes", "ec2 DescribeVolumesRequest.MaxResults")
def test_volumes_come_in_pages(cloud: Any) -> None:
    """DescribeVolumes gives MaxResults volumes and a NextToken for the rest."""
    for _ in range(7):
        cloud.volume()
    describe, size = cloud.ec2.describe_volumes, {"MaxResults": 5}
    assert pages(describe, "Volumes", size, "NextToken NextToken") == [5, 2]
    assert len(describe()["Volumes"]) == 7


@pytest.mark.row("page-snapshots", "ec2 DescribeSnapshotsRequest.MaxResults")
def test_snapshots_come_in_pages(cloud: Any) -> None:
    """DescribeSnapshots gives MaxResults snapshots and a NextToken for the rest."""
    volume = cloud.volume()
    for _ in range(7):
        cloud.ec2.create_snapshot(VolumeId=volume)
    own = {"Filters": [{"Name": "volume-id", "Values": [volume]}], "MaxResults": 5}
    assert pages(cloud.ec2.describe_snapshots, "Snapshots", own, "NextToken NextToken") == [5, 2]


@pytest.mark.row("page-tags", "ec2 DescribeTagsRequest.MaxResults")
def test_tags_come_in_pages(cloud: Any) -> None:
    """DescribeTags gives MaxResults tags, 5 to 1,000, and a NextToken for the rest."""
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(7)]
    cloud.ec2.create_tags(Resources=[cloud.volume()], Tags=tags)
    describe = cloud.ec2.describe_tags
    assert pages(describe, "Tags", {"MaxResults": 5}, "NextToken NextToken") == [5, 2]
    for size in (4, 1001):
        cloud.refuses("InvalidParameterValue", describe, MaxResults=size)


@pytest.mark.row("page-subnets", "ec2 DescribeSubnetsRequest.MaxResults")
def test_subnets_come_in_pages(cloud: Any) -> None:
    """DescribeSubnets gives MaxResults subnets, 5 to 1,000, and a NextToken for the rest."""
    describe, size = cloud.ec2.describe_subnets, {"MaxResults": 5}
    assert pages(describe, "Subnets", size, "NextToken NextToken") == [5, 1]
    cloud.refuses("InvalidParameterValue", describe, MaxResults=1001)


@pytest.mark.row("page-groups", "ec2 DescribeSecurityGroupsRequest.MaxResults")
def test_security_groups_come_in_pages(cloud: Any) -> None:
    """DescribeSecurityGroups gives MaxResults groups, 5 to 1,000, and a NextToken for the rest."""
    for number in range(6):
        cloud.group(f"g{number}")
    describe, size = cloud.ec2.describe_security_groups, {"MaxResults": 5}
    assert pages(describe, "SecurityGroups", size, "NextToken NextToken") == [5, 2]


@pytest.mark.row("page-token", "EC2 API reference, error codes")
def test_a_made_up_token_is_refused(cloud: Any) -> None:
    """A NextToken that EC2 did not give, or gave for another request, is refused."""
    for _ in range(6):
        cloud.volume()
    describe = cloud.ec2.describe_volumes
    cloud.refuses("InvalidNextToken", describe, NextToken="garbage")
    token = describe(MaxResults=5)["NextToken"]
    other = {"Filters": [{"Name": "size", "Values": ["10"]}], "NextToken": token}
    cloud.refuses("InvalidNextToken", describe, **other)


@pytest.mark.row("page-with-ids", "ec2 DescribeNetworkInterfacesRequest.MaxResults")
def test_pages_and_ids_exclude_each_other(cloud: Any) -> None:
    """MaxResults together with ids is refused for volumes and network interfaces."""
    asked = {"VolumeIds": [cloud.volume()], "MaxResults": 5}
    cloud.refuses("InvalidParameterCombination", cloud.ec2.describe_volumes, **asked)


@pytest.mark.row("page-target-groups", "elbv2 DescribeTargetGroupsInput.PageSize")
def test_target_groups_come_in_pages(cloud: Any) -> None:
    """DescribeTargetGroups gives PageSize groups and a NextMarker for the rest."""
    for number in range(3):
        cloud.target_group(f"tg{number}")
    describe, size = cloud.elb.describe_target_groups, {"PageSize": 2}
    assert pages(describe, "TargetGroups", size, "NextMarker Marker") == [2, 1]


@pytest.mark.row("page-listeners", "elbv2 DescribeListenersInput.PageSize")
def test_listeners_come_in_pages(cloud: Any) -> None:
    """DescribeListeners gives PageSize listeners and a NextMarker for the rest."""
    balancer, group = cloud.balancer(), cloud.target_group()
    for port in (80, 81, 82):
        cloud.listener(balancer, group, port)
    size = {"LoadBalancerArn": balancer, "PageSize": 2}
    assert pages(cloud.elb.describe_listeners, "Listeners", size, "NextMarker Marker") == [2, 1]


@pytest.mark.row("page-balancers", "elbv2 DescribeLoadBalancersInput.PageSize")
def test_a_page_of_balancers_is_400_long(cloud: Any) -> None:
    """DescribeLoadBalancers gives up to 400 at once, and refuses a marker it did not give."""
    for number in range(26):  # moto's own pages have 50
        cloud.balancer(f"n{number}")
        cloud.balancer(f"a{number}", kind="application")
    assert len(cloud.elb.describe_load_balancers()["LoadBalancers"]) == 52
    cloud.refuses("ValidationError", cloud.elb.describe_load_balancers, Marker="garbage")


@pytest.mark.row("page-size-balancers", "elbv2 DescribeLoadBalancersInput.PageSize")
def test_a_page_of_balancers_has_bounds(cloud: Any) -> None:
    """A PageSize above 400 is refused."""
    cloud.refuses("ValidationError", cloud.elb.describe_load_balancers, PageSize=401)


@pytest.mark.row("page-access-points", "efs DescribeAccessPointsRequest.MaxResults")
def test_access_points_come_in_pages(cloud: Any) -> None:
    """DescribeAccessPoints gives MaxResults access points and a NextToken for the rest."""
    system = cloud.file_system()
    for number in range(3):
        cloud.efs.create_access_point(ClientToken=f"t{number}", FileSystemId=system)
    describe, size = cloud.efs.describe_access_points, {"MaxResults": 2}
    assert pages(describe, "AccessPoints", size, "NextToken NextToken") == [2, 1]


@pytest.mark.row("page-file-systems", "efs DescribeFileSystemsRequest.MaxItems")
def test_a_page_of_file_systems_is_100_long(cloud: Any) -> None:
    """DescribeFileSystems gives 100 at once unless told otherwise."""
    for number in range(11):  # moto's own pages have 10
        cloud.efs.create_file_system(CreationToken=f"t{number}")
    assert len(cloud.efs.describe_file_systems()["FileSystems"]) == 11
    size = {"MaxItems": 6}
    describe = cloud.efs.describe_file_systems
    assert pages(describe, "FileSystems", size, "NextMarker Marker") == [6, 5]


@pytest.mark.row("filter-unknown", "ec2 DescribeVolumesRequest.Filters")
def test_an_unknown_filter_is_refused(cloud: Any) -> None:
    """A filter name that is not documented is refused with InvalidParameterValue."""
    wrong = [{"Name": "colour", "Values": ["red"]}]
    for call in (cloud.ec2.describe_volumes, cloud.ec2.describe_tags, cloud.ec2.describe_subnets):
        cloud.refuses("InvalidParameterValue", call, Filters=wrong)


@pytest.mark.row("id-malformed", "EC2 API reference, error codes")
def test_a_malformed_id_is_refused(cloud: Any) -> None:
    """An id of the wrong form is Malformed, not merely not found."""
    ec2 = cloud.ec2
    cloud.refuses("InvalidVolumeID.Malformed", ec2.describe_volumes, VolumeIds=["vol-xyz"])
    cloud.refuses("InvalidVolumeID.Malformed", ec2.delete_volume, VolumeId="nonsense")
    cloud.refuses("InvalidSnapshotID.Malformed", ec2.delete_snapshot, SnapshotId="snap-1")
    unknown = "vol-0123456789abcdef0"
    cloud.refuses("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[unknown])
