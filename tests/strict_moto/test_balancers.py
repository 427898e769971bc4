"""Rows about load balancers: names, uniqueness, states, addresses."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.testing.aws import Settings, strict_aws


@pytest.mark.row("balancer-same", "elbv2 CreateLoadBalancer")
def test_the_same_balancer_is_made_once(cloud: Any) -> None:
    """CreateLoadBalancer again with equal settings gives the same ARN."""
    assert cloud.balancer() == cloud.balancer()
    assert len(cloud.elb.describe_load_balancers()["LoadBalancers"]) == 1


@pytest.mark.row("balancer-name-unique", "elbv2 DuplicateLoadBalancerNameException")
def test_a_name_belongs_to_one_balancer(cloud: Any) -> None:
    """A second load balancer of the name with other settings is refused."""
    cloud.balancer()
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets(), "Scheme": "internal"}
    cloud.refuses("DuplicateLoadBalancerName", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("balancer-name-length", "elbv2 CreateLoadBalancerInput.Name")
def test_a_balancers_name_is_short(cloud: Any) -> None:
    """A load balancer's name has at most 32 characters."""
    asked = {"Name": "a" * 33, "Type": "network", "Subnets": cloud.subnets()}
    cloud.refuses("ValidationError", cloud.elb.create_load_balancer, **asked)
    cloud.balancer("a" * 32)


@pytest.mark.row("balancer-name-internal", "elbv2 CreateLoadBalancerInput.Name")
def test_a_balancers_name_does_not_begin_with_internal(cloud: Any) -> None:
    """A load balancer's name must not begin with `internal-`."""
    asked = {"Name": "internal-web", "Type": "network", "Subnets": cloud.subnets()}
    cloud.refuses("ValidationError", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("balancer-name-characters", "elbv2 CreateLoadBalancerInput.Name")
def test_a_balancers_name_is_plain(cloud: Any) -> None:
    """A load balancer's name has letters, digits and, inside, hyphens."""
    for name in ("web_1", "-web", "web-", "wéb"):
        asked = {"Name": name, "Type": "network", "Subnets": cloud.subnets()}
        cloud.refuses("ValidationError", cloud.elb.create_load_balancer, **asked)


@pytest.mark.row("balancer-provisioning", "elbv2 LoadBalancerState.Code")
def test_a_new_balancer_is_provisioning_first(cloud: Any) -> None:
    """A load balancer is `provisioning` for a while, however often it is looked at."""
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets()}
    cloud.elb.create_load_balancer(**asked)
    seen = []
    for seconds in (0, 0, 200):
        cloud.advance(seconds)
        [now] = cloud.elb.describe_load_balancers(Names=["web"])["LoadBalancers"]
        seen.append(now["State"]["Code"])
    assert seen == ["provisioning", "provisioning", "active"]


@pytest.mark.row("balancer-scheme", "elbv2 CreateLoadBalancerInput.Scheme")
def test_the_scheme_is_in_the_answer(cloud: Any) -> None:
    """A load balancer made without a scheme is internet-facing, and says so."""
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets()}
    [made] = cloud.elb.create_load_balancer(**asked)["LoadBalancers"]
    assert made.get("Scheme") == "internet-facing"


@pytest.mark.row("balancer-arn", "ELB User Guide, resource ARNs")
def test_the_arn_of_a_network_load_balancer_says_net(cloud: Any) -> None:
    """The ARN of a Network Load Balancer is loadbalancer/net/, its listeners' listener/net/."""
    balancer = cloud.balancer(Tags=[{"Key": "owner", "Value": "us"}])
    assert ":loadbalancer/net/web/" in balancer
    assert ":listener/net/web/" in cloud.listener(balancer, cloud.target_group())
    [found] = cloud.elb.describe_tags(ResourceArns=[balancer])["TagDescriptions"]
    assert found["Tags"] == [{"Key": "owner", "Value": "us"}]


@pytest.mark.row("balancer-dns", "ELB User Guide, DNS names")
def test_two_balancers_never_share_a_dns_name(cloud: Any) -> None:
    """A balancer made anew under an old name has another DNS name."""
    names = []
    for _ in range(2):
        arn = cloud.balancer()
        [now] = cloud.elb.describe_load_balancers()["LoadBalancers"]
        names.append(now["DNSName"])
        cloud.elb.delete_load_balancer(LoadBalancerArn=arn)
    assert names[0] != names[1]


@pytest.mark.row("balancer-protection", "elbv2 DeleteLoadBalancer")
def test_deletion_protection_protects(cloud: Any) -> None:
    """A load balancer with deletion protection cannot be deleted: OperationNotPermitted."""
    balancer = cloud.balancer()
    modify, delete = cloud.elb.modify_load_balancer_attributes, cloud.elb.delete_load_balancer
    key = "deletion_protection.enabled"
    modify(LoadBalancerArn=balancer, Attributes=[{"Key": key, "Value": "true"}])
    cloud.refuses("OperationNotPermitted", delete, LoadBalancerArn=balancer)
    modify(LoadBalancerArn=balancer, Attributes=[{"Key": key, "Value": "false"}])
    delete(LoadBalancerArn=balancer)
    assert cloud.elb.describe_load_balancers()["LoadBalancers"] == []


@pytest.mark.row("balancer-quota", "elbv2 TooManyLoadBalancersException")
def test_there_are_fifty_balancers_at_most(cloud: Any) -> None:
    """The 51st Network Load Balancer of a region is refused with TooManyLoadBalancers."""
    for number in range(50):
        cloud.balancer(f"n{number}")
    asked = {"Name": "one-more", "Type": "network", "Subnets": cloud.subnets()}
    cloud.refuses("TooManyLoadBalancers", cloud.elb.create_load_balancer, **asked)
    cloud.balancer("a0", kind="application")


def test_the_quota_can_be_set() -> None:
    """`Settings.balancers_per_type` lowers the quota, to run out of it cheaply."""
    with strict_aws(Settings(balancers_per_type=0)) as aws:
        subnet = aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
        elb = aws.client("elbv2")
        with pytest.raises(elb.exceptions.TooManyLoadBalancersException):
            elb.create_load_balancer(Name="web", Type="network", Subnets=[subnet])


@pytest.mark.row("balancer-missing", "elbv2 LoadBalancerNotFoundException")
def test_each_balancer_asked_for_must_exist(cloud: Any) -> None:
    """One unknown name among known ones is LoadBalancerNotFound."""
    cloud.balancer()
    describe = cloud.elb.describe_load_balancers
    cloud.refuses("LoadBalancerNotFound", describe, Names=["web", "absent"])


@pytest.mark.row("balancer-look-up", "elbv2 DescribeLoadBalancersInput.LoadBalancerArns")
def test_twenty_balancers_at_once(cloud: Any) -> None:
    """DescribeLoadBalancers takes up to 20 ARNs."""
    arns = [cloud.balancer()] * 21
    cloud.refuses("ValidationError", cloud.elb.describe_load_balancers, LoadBalancerArns=arns)
