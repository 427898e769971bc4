"""What a turn costs in calls: pages, not objects; and what a plan looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Selector,
)
from cloudabstract.testing.aws import Settings
from cloudabstract.testing.aws.strict import StrictAws

MANY = 45  # the quota of balancers is 50


def balancers(number: int) -> list[LoadBalancer]:
    """Balancers with one port and one backend each."""
    pool = BackendPool("web", addresses=(Member("172.31.0.5"),))
    spec = LoadBalancerSpec((Port(80),), backends=(pool,))
    return [LoadBalancer(Metadata(f"b{index}"), spec) for index in range(number)]


@pytest.fixture
def aws_settings() -> Settings:
    """Nothing takes time, as nothing here is about time."""
    return Settings().instant()


@pytest.fixture
def without_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tagging API tells of no listeners, as it is with some emulators."""
    from moto.elbv2.models import ELBv2Backend

    told = ELBv2Backend.iter_tagged_resources

    def others(self: Any) -> Iterator[Any]:
        return (each for each in told(self) if ":listener" not in each.arn)

    monkeypatch.setattr(ELBv2Backend, "iter_tagged_resources", others)


def cost(stack: Stack, aws: StrictAws, resources: Iterable[LoadBalancer]) -> dict[str, int]:
    """The calls of one empty plan, by operation."""
    aws.calls.clear()
    assert stack.plan(list(resources)).empty
    assert aws.calls.mutations == ()
    return dict(aws.calls.counts)


def test_an_empty_plan_of_many_balancers_costs_pages(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """One list a kind, tags and listener ARNs a hundred a call, listeners twenty a call."""
    stack, wanted = stack_of(), balancers(MANY)
    assert stack.apply(wanted).ok
    told = cost(stack, aws, wanted)
    assert told == {
        "GetResources": 3,  # balancers, groups, listeners
        "DescribeVpcs": 1,
        "DescribeSubnets": 1,
        "DescribeAddresses": 1,
        "DescribeSecurityGroups": 1,
        "DescribeLoadBalancers": 1,
        "DescribeTargetGroups": 1,
        "DescribeListeners": 3,  # 45, twenty a call
    } | {name: count for name, count in told.items() if name in VOLUMES}


VOLUMES = ("DescribeVolumes", "DescribeSnapshots", "DescribeFileSystems", "DescribeInstances")


def test_without_the_index_a_call_for_each_balancer_is_added(
    stack_of: Callable[..., Stack], aws: StrictAws, without_listeners: None
) -> None:
    """An emulator whose tagging API knows no listeners: correct all the same, and no dearer."""
    stack, wanted = stack_of(), balancers(MANY)
    assert stack.apply(wanted).ok
    told = cost(stack, aws, wanted)
    assert told["DescribeListeners"] == MANY
    assert told["DescribeTags"] == 3
    assert "DescribeTargetHealth" not in told


def test_without_the_tagging_api_everything_is_found(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """Denied or unknown to an emulator: tags come twenty a call, also when the store is lost."""
    stack, wanted = stack_of(), balancers(MANY)
    assert stack.apply(wanted).ok
    aws.faults.deny("tag:GetResources")
    told = cost(stack, aws, wanted)
    assert told["DescribeTags"] == 9  # 45 balancers, groups and listeners, twenty a call
    fresh = stack_of("shop", tags={})
    assert fresh.delete().ok
    assert aws.client("elbv2").describe_load_balancers()["LoadBalancers"] == []


def test_few_balancers_are_looked_at_closely(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """Attributes, members and health are read where that is a handful of calls."""
    stack, wanted = stack_of(), balancers(2)
    assert stack.apply(wanted).ok
    told = cost(stack, aws, wanted)
    assert told["DescribeTargetHealth"] == 2
    assert told["DescribeLoadBalancerAttributes"] == told["DescribeTargetGroupAttributes"] == 2
    assert "GetResources" not in told


def test_what_a_stranger_changes_is_seen_when_looked_at_closely(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """A target deregistered and an attribute set behind our back: both are put right."""
    stack, wanted = stack_of(), balancers(1)
    assert stack.apply(wanted).ok
    elb = aws.client("elbv2")
    (group,) = elb.describe_target_groups()["TargetGroups"]
    arn = group["TargetGroupArn"]
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": "172.31.0.5", "Port": 80}])
    attribute = {"Key": "deregistration_delay.timeout_seconds", "Value": "7"}
    elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[attribute])
    plan = stack.plan(wanted)
    assert {each.part.kind for each in plan.changes} == {"aws.registration", "aws.target_group"}
    assert all(each.drift for each in plan.changes)
    assert stack.apply(plan).ok
    assert stack.plan(wanted).empty


def test_drift_looks_closely_however_many_there_are(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """Attributes, members and tags are read at the objects, not from memos or an index."""
    stack, wanted = stack_of(), balancers(MANY)
    assert stack.apply(wanted).ok
    elb = aws.client("elbv2")
    group = elb.describe_target_groups()["TargetGroups"][7]["TargetGroupArn"]
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": "172.31.0.5", "Port": 80}])
    assert stack.plan(wanted).empty
    aws.calls.clear()
    drifted = stack.drift(wanted)
    told = aws.calls.counts
    assert told["DescribeTargetHealth"] == told["DescribeTargetGroupAttributes"] == MANY
    assert told["DescribeLoadBalancerAttributes"] == MANY
    assert "GetResources" not in told
    assert [each.change.part.kind for each in drifted] == ["aws.registration"]


def test_a_second_turn_sees_what_became_of_the_network(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """One session, two turns: subnets, and tags of instances, are read anew."""
    stack, ec2 = stack_of(), aws.client("ec2")
    pool = BackendPool("web", selector=Selector({"app": "shop"}))
    wanted = [LoadBalancer(Metadata("web"), LoadBalancerSpec((Port(80),), backends=(pool,)))]
    made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    tag = {"Key": "app", "Value": "shop"}
    assert stack.apply(wanted).ok
    ec2.create_tags(Resources=[made[0]["InstanceId"]], Tags=[tag])
    assert {each.part.kind for each in stack.plan(wanted).changes} == {"aws.registration"}
    assert stack.apply(wanted).ok
    subnet = ec2.describe_subnets()["Subnets"][-1]["SubnetId"]
    role = {"Key": "kubernetes.io/role/elb", "Value": "1"}
    ec2.create_tags(Resources=[subnet], Tags=[role])
    (change,) = stack.plan(wanted).changes
    assert change.fields["subnets"].after == [subnet]


def test_scrutiny_can_be_chosen(stack_of: Callable[..., Stack], aws: StrictAws) -> None:
    """`pages` trusts memos even for one balancer, `full` looks however many there are."""
    wanted = balancers(21)
    assert stack_of(scrutiny="pages").apply(wanted[:1]).ok
    told = cost(stack_of(scrutiny="pages"), aws, wanted[:1])
    assert "DescribeTargetHealth" not in told
    assert "DescribeLoadBalancerAttributes" not in told
    full = stack_of(scrutiny="full")
    assert full.apply(wanted).ok
    told = cost(full, aws, wanted)
    assert told["DescribeTargetHealth"] == told["DescribeLoadBalancerAttributes"] == 21


def test_creating_costs_a_constant_number_of_calls_for_each_balancer(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """A group and its rules, a balancer, a target group, its targets, a listener; each explicit."""
    stack = stack_of()
    assert stack.apply(balancers(30)).ok
    told = aws.calls.counts
    writes = {call.operation: told[call.operation] for call in aws.calls.mutations}
    assert writes == {
        "CreateSecurityGroup": 30,
        "AuthorizeSecurityGroupIngress": 30,
        "CreateLoadBalancer": 30,
        "ModifyLoadBalancerAttributes": 30,
        "CreateTargetGroup": 30,
        "ModifyTargetGroupAttributes": 30,
        "RegisterTargets": 30,
        "CreateListener": 30,
        "AddTags": 90,  # memos: of attributes twice, and of members
    }


def test_the_calls_of_a_run_are_reported(stack_of: Callable[..., Stack], aws: StrictAws) -> None:
    """`apiCalls` of the report is what arrived."""
    stack = stack_of()
    report = stack.apply(balancers(1))
    arrived: dict[str, int] = {}
    for call in aws.calls:
        name = f"{call.service}:{call.operation}"
        arrived[name] = arrived.get(name, 0) + 1
    assert dict(report.calls) == arrived
