"""One long life that meets every change a balancer can go through, and every call for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.model import (
    BackendPool,
    HealthCheck,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Placement,
    Port,
    Route,
    Tls,
)
from cloudabstract.testing.aws.strict import StrictAws
from cloudabstract_aws import policy

API = BackendPool("api", addresses=(Member("172.31.0.7"),))
WEB = BackendPool("web", addresses=(Member("172.31.0.5"), Member("172.31.0.6")))
ROUTES = (Route("api", path="/b"), Route("api", path="/cc"))


@pytest.fixture
def certificates(aws: StrictAws) -> tuple[str, ...]:
    """Three ARNs."""
    acm = aws.client("acm")
    names = [f"{each}.example.com" for each in "abc"]
    return tuple(acm.request_certificate(DomainName=each)["CertificateArn"] for each in names)


@pytest.fixture
def six(aws: StrictAws) -> None:
    """Every subnet has IPv6."""
    ec2 = aws.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    made = ec2.associate_vpc_cidr_block(VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)
    block = made["Ipv6CidrBlockAssociation"]["Ipv6CidrBlock"].replace("::/56", "")[:-2]
    for index, subnet in enumerate(ec2.describe_subnets()["Subnets"]):
        six = f"{block}{index:02x}::/64"
        ec2.associate_subnet_cidr_block(SubnetId=subnet["SubnetId"], Ipv6CidrBlock=six)


def site(certificates: tuple[str, ...], **spec: Any) -> LoadBalancer:
    """An ALB."""
    usual = LoadBalancerSpec(
        (Port(443, backend="web", tls=Tls(certificates)),),
        "l7",
        backends=(WEB, API),
        routes=ROUTES,
        health_check=HealthCheck(path="/"),
    )
    return LoadBalancer(Metadata("site"), replace(usual, **spec))


def names(**spec: Any) -> LoadBalancer:
    """An NLB with an address of its own."""
    place = Placement(zones=("us-east-1a",))
    usual = LoadBalancerSpec((Port(53),), backends=(WEB,), address_refs=("n",), placement=place)
    return LoadBalancer(Metadata("names"), replace(usual, **spec))


def test_every_change_is_made_in_place_and_every_call_is_used(
    stack_of: Callable[..., Stack],
    aws: StrictAws,
    certificates: tuple[str, ...],
    six: None,
    instances: Callable[..., Any],
) -> None:
    """After each step the plan is empty; the calls that arrived are those of the IAM policy."""
    stack = stack_of(tags={"team": "web"})
    first, second, third = certificates
    by_name = BackendPool("web", selector=None, instances=())
    steps = (
        [site((first,)), names()],
        [site((first, second)), names(source_ranges=("192.0.2.0/24",))],
        [site((third, second)), names(deletion_protection=True)],
        [site((third,)), names(connection_draining=5)],
        [site((third,), ip_family_policy="RequireDualStack"), names()],
        [site((third,), placement=Placement(zones=("us-east-1b", "us-east-1c"))), names()],
        [site((third,), routes=(Route("web", path="/a"), *ROUTES)), names()],
        [site((third,), routes=(Route("web", path="/cc"), ROUTES[0])), names()],
        [site((third,), health_check=HealthCheck(path="/x")), names(ports=(Port(53, "dns"),))],
        [site((third,), backends=(replace(WEB, addresses=WEB.addresses[:1]), API)), names()],  # type: ignore[index]
        [site((third,), backends=(by_name, API)), names()],
    )
    kept = ""
    for step in steps:
        report = stack.apply(step)
        assert report.ok, [f"{each.change.part}: {each.failure}" for each in report.failed]
        left = [(str(each.part), dict(each.fields)) for each in stack.plan(step).changes]
        assert left == []
        elb = aws.client("elbv2")
        arns = sorted(each["LoadBalancerArn"] for each in _balancers(aws))
        assert kept in ("", str(arns)), "a balancer was made anew"
        kept = str(arns)
    _meddle(aws)
    assert stack.apply(steps[-1]).ok
    retagged = stack_of(tags={"team": "api"})
    assert retagged.apply(steps[-1]).ok
    assert retagged.plan(steps[-1]).empty
    (tagged,) = elb.describe_tags(ResourceArns=[_balancers(aws)[0]["LoadBalancerArn"]])[
        "TagDescriptions"
    ]
    assert {"Key": "team", "Value": "api"} in tagged["Tags"]
    assert retagged.delete().ok
    sent = {f"{each.service}:{each.operation}" for each in aws.calls}
    listed = policy.actions("balancers", "looks", "makes", "changes", "marks")
    assert listed - sent == {"resourcegroupstaggingapi:GetResources"}, "for many balancers only"


def _balancers(aws: StrictAws) -> list[Any]:
    found: list[Any] = aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return found


def _meddle(aws: StrictAws) -> None:
    """A stranger gives a balancer another security group, and closes its group's egress."""
    ec2, elb = aws.client("ec2"), aws.client("elbv2")
    (balancer,) = [each for each in _balancers(aws) if each["Type"] == "application"]
    (group,) = balancer["SecurityGroups"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    theirs = ec2.create_security_group(
        GroupName="theirs", Description="theirs", VpcId=balancer["VpcId"]
    )["GroupId"]
    elb.set_security_groups(LoadBalancerArn=balancer["LoadBalancerArn"], SecurityGroups=[theirs])
