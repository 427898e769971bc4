"""Rows about target groups: names, health checks, attributes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cloudabstract.testing.aws import attributes
from cloudabstract.testing.aws.wire import operation_model


@pytest.mark.row("target-group-same", "elbv2 CreateTargetGroup")
def test_the_same_target_group_is_made_once(cloud: Any) -> None:
    """CreateTargetGroup again with equal settings gives the same ARN."""
    assert cloud.target_group() == cloud.target_group(HealthCheckProtocol="TCP")
    assert len(cloud.elb.describe_target_groups()["TargetGroups"]) == 1


def test_a_name_belongs_to_one_target_group(cloud: Any) -> None:
    """A second target group of the name with other settings is DuplicateTargetGroupName."""
    cloud.target_group()
    asked = {"Name": "app", "Protocol": "TCP", "Port": 81, "VpcId": cloud.vpc, "TargetType": "ip"}
    cloud.refuses("DuplicateTargetGroupName", cloud.elb.create_target_group, **asked)


@pytest.mark.row("health-check-udp", "elbv2 CreateTargetGroupInput.HealthCheckProtocol")
def test_udp_is_no_health_check(cloud: Any) -> None:
    """UDP, TCP_UDP and TLS are refused as health check protocols, on creation and later."""
    create, modify = cloud.elb.create_target_group, cloud.elb.modify_target_group
    group = cloud.target_group()
    for protocol in ("UDP", "TCP_UDP", "TLS"):
        asked = {"Name": "u", "Protocol": "UDP", "Port": 53, "VpcId": cloud.vpc}
        cloud.refuses("ValidationError", create, HealthCheckProtocol=protocol, **asked)
        change = {"TargetGroupArn": group, "HealthCheckProtocol": protocol}
        cloud.refuses("ValidationError", modify, **change)


@pytest.mark.row("health-check-tcp-of-http", "elbv2 CreateTargetGroupInput.HealthCheckProtocol")
def test_an_http_group_is_not_checked_by_tcp(cloud: Any) -> None:
    """A TCP health check is refused for an HTTP or HTTPS target group."""
    asked = {"Name": "w", "Protocol": "HTTP", "Port": 80, "VpcId": cloud.vpc}
    create = cloud.elb.create_target_group
    cloud.refuses("ValidationError", create, HealthCheckProtocol="TCP", **asked)


@pytest.mark.row("health-check-bounds", "elbv2 CreateTargetGroupInput.HealthCheckIntervalSeconds")
def test_health_checks_have_bounds(cloud: Any) -> None:
    """Intervals are 5 to 300 s, timeouts 2 to 120 s, thresholds 2 to 10."""
    asked = {"Name": "w", "Protocol": "TCP", "Port": 80, "VpcId": cloud.vpc}
    for wrong in (
        {"HealthCheckIntervalSeconds": 301},
        {"HealthCheckIntervalSeconds": 200, "HealthCheckTimeoutSeconds": 121},
        {"HealthyThresholdCount": 11},
    ):
        cloud.refuses("ValidationError", cloud.elb.create_target_group, **asked, **wrong)


@pytest.mark.row("health-check-off", "elbv2 CreateTargetGroupInput.HealthCheckEnabled")
def test_health_checks_cannot_be_disabled(cloud: Any) -> None:
    """Health checks of instances and addresses are always enabled."""
    asked = {"Name": "w", "Protocol": "TCP", "Port": 80, "VpcId": cloud.vpc}
    code = "InvalidConfigurationRequest"
    cloud.refuses(code, cloud.elb.create_target_group, HealthCheckEnabled=False, **asked)


def change(cloud: Any, group: str, key: str, value: str) -> dict[str, Any]:
    """What ModifyTargetGroupAttributes needs."""
    return {"TargetGroupArn": group, "Attributes": [{"Key": key, "Value": value}]}


@pytest.mark.row("attribute-unknown", "elbv2 TargetGroupAttribute.Key")
def test_an_unknown_attribute_is_refused(cloud: Any) -> None:
    """A target group attribute that does not exist is refused."""
    modify, group = cloud.elb.modify_target_group_attributes, cloud.target_group()
    cloud.refuses("ValidationError", modify, **change(cloud, group, "sticky", "true"))


@pytest.mark.row("attribute-unsupported", "elbv2 TargetGroupAttribute.Key")
def test_an_attribute_must_suit_the_protocol(cloud: Any) -> None:
    """An attribute of Application Load Balancers is refused on a TCP group, and vice versa."""
    modify, code = cloud.elb.modify_target_group_attributes, "InvalidConfigurationRequest"
    tcp, http = cloud.target_group(), cloud.target_group("web", Protocol="HTTP")
    cloud.refuses(code, modify, **change(cloud, tcp, "slow_start.duration_seconds", "30"))
    cloud.refuses(code, modify, **change(cloud, http, "preserve_client_ip.enabled", "true"))


@pytest.mark.row("attribute-client-ip", "elbv2 TargetGroupAttribute.Key")
def test_udp_groups_preserve_the_client_address(cloud: Any) -> None:
    """preserve_client_ip.enabled cannot be false for UDP; its default is false for TCP to ip."""
    modify, code = cloud.elb.modify_target_group_attributes, "InvalidConfigurationRequest"
    udp = cloud.target_group("u", Protocol="UDP")
    cloud.refuses(code, modify, **change(cloud, udp, "preserve_client_ip.enabled", "false"))
    describe = cloud.elb.describe_target_group_attributes
    seen = {}
    for group in (udp, cloud.target_group()):
        for one in describe(TargetGroupArn=group)["Attributes"]:
            seen[group, one["Key"]] = one["Value"]
    values = [value for (_, key), value in seen.items() if key == "preserve_client_ip.enabled"]
    assert values == ["true", "false"]


@pytest.mark.row("attribute-delay", "elbv2 TargetGroupAttribute.Key")
def test_targets_can_drain_for_an_hour(cloud: Any) -> None:
    """deregistration_delay.timeout_seconds may be 3600, and no more."""
    modify, group = cloud.elb.modify_target_group_attributes, cloud.target_group()
    key = "deregistration_delay.timeout_seconds"
    modify(**change(cloud, group, key, "3600"))
    cloud.refuses("ValidationError", modify, **change(cloud, group, key, "3601"))
    found = cloud.elb.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    assert {"Key": key, "Value": "3600"} in found


def test_the_known_attributes_are_those_documented() -> None:
    """The layer's list of attributes is the one in Elastic Load Balancing's model."""
    shape = operation_model("elbv2", "ModifyTargetGroupAttributes").input_shape
    key = shape.members["Attributes"].member.members["Key"]
    bullets = re.findall(r"<li> ?<p> ?<code>([a-z_0-9]+\.[a-z_0-9.]+)</code>", key.documentation)
    assert set(bullets) == attributes.KNOWN


@pytest.mark.row("target-group-balancers", "elbv2 TargetGroup.LoadBalancerArns")
def test_a_target_group_knows_its_balancers(cloud: Any) -> None:
    """LoadBalancerArns names each load balancer once, and none after the listener is gone."""
    group, balancer = cloud.target_group(), cloud.balancer()
    listeners = [cloud.listener(balancer, group, port) for port in (80, 81)]
    [now] = cloud.elb.describe_target_groups()["TargetGroups"]
    assert now["LoadBalancerArns"] == [balancer]
    for listener in listeners:
        cloud.elb.delete_listener(ListenerArn=listener)
    [now] = cloud.elb.describe_target_groups()["TargetGroups"]
    assert now["LoadBalancerArns"] == []
