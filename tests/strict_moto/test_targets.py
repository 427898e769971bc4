"""Rows about targets and their health."""

from __future__ import annotations

from typing import Any

import pytest

ADDRESS = "172.31.0.9"  # in the default VPC


def serve(cloud: Any, **params: Any) -> str:
    """A target group behind a balancer that is active, with one target."""
    group = cloud.target_group(**params)
    cloud.listener(cloud.balancer(), group)
    cloud.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": ADDRESS}])
    return str(group)


@pytest.mark.row("target-public", "elbv2 CreateTargetGroupInput.TargetType")
def test_a_public_address_is_no_target(cloud: Any) -> None:
    """A publicly routable address cannot be registered."""
    asked = {"TargetGroupArn": cloud.target_group(), "Targets": [{"Id": "8.8.8.8"}]}
    cloud.refuses("InvalidTarget", cloud.elb.register_targets, **asked)


@pytest.mark.row("target-outside", "elbv2 TargetDescription.AvailabilityZone")
def test_an_address_outside_the_vpc_needs_a_zone(cloud: Any) -> None:
    """A private address outside the VPC needs AvailabilityZone; one inside does not."""
    group, register = cloud.target_group(), cloud.elb.register_targets
    outside = {"Id": "10.9.8.7"}
    cloud.refuses("ValidationError", register, TargetGroupArn=group, Targets=[outside])
    register(TargetGroupArn=group, Targets=[outside | {"AvailabilityZone": "all"}])
    register(TargetGroupArn=group, Targets=[{"Id": ADDRESS}])


@pytest.mark.row("target-instance-missing", "elbv2 InvalidTargetException")
def test_a_missing_instance_is_no_target(cloud: Any) -> None:
    """An instance that does not exist cannot be registered: InvalidTarget."""
    group = cloud.target_group(TargetType="instance")
    asked = {"TargetGroupArn": group, "Targets": [{"Id": "i-0123456789abcdef0"}]}
    cloud.refuses("InvalidTarget", cloud.elb.register_targets, **asked)


@pytest.mark.row("target-ports", "elbv2 RegisterTargets")
def test_a_target_can_be_registered_with_several_ports(cloud: Any) -> None:
    """One address with two ports is two targets, and each is deregistered by its port."""
    group = cloud.target_group()
    targets = [{"Id": ADDRESS, "Port": port} for port in (8080, 8081)]
    cloud.elb.register_targets(TargetGroupArn=group, Targets=targets)
    assert sorted(cloud.health(group)) == [f"{ADDRESS}:8080", f"{ADDRESS}:8081"]
    cloud.elb.deregister_targets(TargetGroupArn=group, Targets=targets[:1])
    assert sorted(cloud.health(group)) == [f"{ADDRESS}:8081"]


@pytest.mark.row("target-absent", "elbv2 DeregisterTargets")
def test_deregistering_what_is_not_there_succeeds(cloud: Any) -> None:
    """DeregisterTargets of a target that is not registered succeeds."""
    group = cloud.target_group()
    cloud.elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": ADDRESS}])
    assert cloud.health(group) == {}


@pytest.mark.row("health-initial", "elbv2 TargetHealth.State")
def test_a_target_is_initial_before_it_is_healthy(cloud: Any) -> None:
    """A new target is `initial` until its first health checks are done, then `healthy`."""
    group = serve(cloud)
    assert cloud.health(group)[f"{ADDRESS}:80"] == ("initial", "Elb.InitialHealthChecking")
    cloud.advance(30 * 5)
    assert cloud.health(group)[f"{ADDRESS}:80"] == ("healthy", "")


@pytest.mark.row("health-not-in-use", "elbv2 TargetHealth.Reason")
def test_a_target_without_a_balancer_is_unused(cloud: Any) -> None:
    """A target of a group that no listener uses is `unused`: Target.NotInUse."""
    group = cloud.target_group()
    cloud.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": ADDRESS}])
    assert cloud.health(group) == {f"{ADDRESS}:80": ("unused", "Target.NotInUse")}


@pytest.mark.row("health-draining", "elbv2 TargetHealth.Reason")
def test_a_deregistered_target_drains(cloud: Any) -> None:
    """A deregistered target is `draining` for the deregistration delay, and then not listed."""
    group = serve(cloud)
    cloud.advance(200)
    cloud.elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": ADDRESS}])
    draining = ("draining", "Target.DeregistrationInProgress")
    assert cloud.health(group) == {f"{ADDRESS}:80": draining}
    cloud.advance(300)
    assert cloud.health(group) == {}


@pytest.mark.row("health-not-registered", "elbv2 TargetHealth.Reason")
def test_a_target_that_is_not_registered_is_unused(cloud: Any) -> None:
    """A target asked for that is not registered is `unused`: Target.NotRegistered."""
    found = cloud.health(cloud.target_group(), {"Id": ADDRESS})
    assert found == {f"{ADDRESS}:80": ("unused", "Target.NotRegistered")}


@pytest.mark.row("health-provisioning", "elbv2 TargetHealth.Reason")
def test_no_target_is_healthy_before_its_balancer(cloud: Any) -> None:
    """While the load balancer is provisioning, its targets are `initial`."""
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets()}
    balancer = cloud.elb.create_load_balancer(**asked)["LoadBalancers"][0]["LoadBalancerArn"]
    group = cloud.target_group()
    cloud.listener(balancer, group)
    cloud.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": ADDRESS}])
    assert cloud.health(group)[f"{ADDRESS}:80"] == ("initial", "Elb.RegistrationInProgress")


def test_a_stopped_instance_is_unused(cloud: Any) -> None:
    """A registered instance that is stopped is `unused`: Target.InvalidState."""
    instance, group = cloud.instance(), cloud.target_group(TargetType="instance")
    cloud.listener(cloud.balancer(), group)
    cloud.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": instance}])
    cloud.ec2.stop_instances(InstanceIds=[instance])
    assert cloud.health(group)[f"{instance}:80"] == ("unused", "Target.InvalidState")


def test_a_test_can_break_a_target(cloud: Any, aws: Any) -> None:
    """`aws.targets.fail` makes a target unhealthy, and `mend` healthy again."""
    group = serve(cloud)
    cloud.advance(200)
    aws.targets.fail(ADDRESS)
    broken = ("unhealthy", "Target.FailedHealthChecks")
    assert cloud.health(group)[f"{ADDRESS}:80"] == broken
    aws.targets.mend(ADDRESS)
    assert cloud.health(group)[f"{ADDRESS}:80"] == ("healthy", "")
