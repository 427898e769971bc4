"""Rows about listeners and rules."""

from __future__ import annotations

from typing import Any

import pytest

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"


def forward(balancer: str, group: str, protocol: str, port: int = 80) -> dict[str, Any]:
    """What CreateListener needs."""
    actions = [{"Type": "forward", "TargetGroupArn": group}]
    where = {"LoadBalancerArn": balancer, "Protocol": protocol, "Port": port}
    return where | {"DefaultActions": actions}


@pytest.mark.row("listener-same", "elbv2 CreateListener")
def test_the_same_listener_is_made_once(cloud: Any) -> None:
    """CreateListener again with equal settings gives the same ARN."""
    balancer, group = cloud.balancer(), cloud.target_group()
    assert cloud.listener(balancer, group) == cloud.listener(balancer, group)
    found = cloud.elb.describe_listeners(LoadBalancerArn=balancer)
    assert len(found["Listeners"]) == 1


@pytest.mark.row("listener-port", "elbv2 DuplicateListenerException")
def test_a_port_has_one_listener(cloud: Any) -> None:
    """A second listener of a port with other settings is DuplicateListener."""
    balancer = cloud.balancer()
    cloud.listener(balancer, cloud.target_group())
    asked = forward(balancer, cloud.target_group("other"), "TCP")
    cloud.refuses("DuplicateListener", cloud.elb.create_listener, **asked)


@pytest.mark.row("listener-move-port", "elbv2 DuplicateListenerException")
def test_a_listener_cannot_move_to_a_taken_port(cloud: Any) -> None:
    """ModifyListener to a port that another listener has is DuplicateListener."""
    balancer, group = cloud.balancer(), cloud.target_group()
    cloud.listener(balancer, group, port=80)
    other = cloud.listener(balancer, group, port=81)
    cloud.refuses("DuplicateListener", cloud.elb.modify_listener, ListenerArn=other, Port=80)


@pytest.mark.row("listener-udp-to-tcp", "elbv2 IncompatibleProtocolsException")
def test_a_udp_listener_needs_a_udp_group(cloud: Any) -> None:
    """A UDP listener cannot forward to a TCP target group: IncompatibleProtocols."""
    asked = forward(cloud.balancer(), cloud.target_group(), "UDP")
    cloud.refuses("IncompatibleProtocols", cloud.elb.create_listener, **asked)


@pytest.mark.row("listener-http-to-tcp", "elbv2 CreateTargetGroupInput.Protocol")
def test_an_http_listener_needs_an_http_group(cloud: Any) -> None:
    """An Application Load Balancer cannot forward to a TCP target group."""
    balancer = cloud.balancer(kind="application")
    asked = forward(balancer, cloud.target_group(), "HTTP")
    cloud.refuses("IncompatibleProtocols", cloud.elb.create_listener, **asked)


@pytest.mark.row("listener-https", "elbv2 CreateListenerInput.Certificates")
def test_an_https_listener_needs_a_certificate(cloud: Any) -> None:
    """An HTTPS or TLS listener without a certificate is refused."""
    group = cloud.target_group("web", Protocol="HTTP")
    asked = forward(cloud.balancer(kind="application"), group, "HTTPS")
    cloud.refuses("ValidationError", cloud.elb.create_listener, **asked)
    asked = forward(cloud.balancer("n"), cloud.target_group(), "TLS")
    cloud.refuses("ValidationError", cloud.elb.create_listener, **asked)


def test_a_certificate_must_exist(cloud: Any) -> None:
    """A certificate that does not exist is CertificateNotFound."""
    asked = forward(cloud.balancer(), cloud.target_group(), "TLS")
    asked["Certificates"] = [{"CertificateArn": CERTIFICATE}]
    cloud.refuses("CertificateNotFound", cloud.elb.create_listener, **asked)


@pytest.mark.row("listener-change-protocol", "elbv2 ModifyListenerInput.Protocol")
def test_a_listener_can_become_udp(cloud: Any) -> None:
    """ModifyListener can change the protocol to UDP, with a target group that fits."""
    balancer = cloud.balancer()
    listener = cloud.listener(balancer, cloud.target_group())
    group = cloud.target_group("u", Protocol="UDP")
    actions = [{"Type": "forward", "TargetGroupArn": group}]
    change = {"ListenerArn": listener, "Protocol": "UDP", "DefaultActions": actions}
    [now] = cloud.elb.modify_listener(**change)["Listeners"]
    assert (now["Protocol"], now["DefaultActions"][0]["TargetGroupArn"]) == ("UDP", group)


@pytest.mark.row("listener-modify-fits", "elbv2 IncompatibleProtocolsException")
def test_a_changed_listener_must_fit_too(cloud: Any) -> None:
    """ModifyListener to a target group of another protocol, or of none, is refused."""
    listener = cloud.listener(cloud.balancer(), cloud.target_group())
    group = cloud.target_group("u", Protocol="UDP")
    modify = cloud.elb.modify_listener
    actions = [{"Type": "forward", "TargetGroupArn": group}]
    code = "IncompatibleProtocols"
    cloud.refuses(code, modify, ListenerArn=listener, DefaultActions=actions)
    actions[0]["TargetGroupArn"] = group[:-4]
    code = "TargetGroupNotFound"
    cloud.refuses(code, modify, ListenerArn=listener, DefaultActions=actions)


@pytest.mark.row("listener-missing", "elbv2 ListenerNotFoundException")
def test_each_listener_asked_for_must_exist(cloud: Any) -> None:
    """One unknown ARN among known ones is ListenerNotFound."""
    listener = cloud.listener(cloud.balancer(), cloud.target_group())
    arns = [listener, listener[:-4]]
    cloud.refuses("ListenerNotFound", cloud.elb.describe_listeners, ListenerArns=arns)


@pytest.mark.row("group-one-balancer", "elbv2 TargetGroupAssociationLimitException")
def test_a_target_group_serves_one_balancer(cloud: Any) -> None:
    """A target group of one load balancer cannot be used by another."""
    group = cloud.target_group()
    first, second = cloud.balancer("one"), cloud.balancer("two")
    cloud.listener(first, group)
    asked = forward(second, group, "TCP")
    cloud.refuses("TargetGroupAssociationLimit", cloud.elb.create_listener, **asked)
    cloud.elb.delete_load_balancer(LoadBalancerArn=first)
    cloud.listener(second, group)


@pytest.mark.row("rule-fits", "elbv2 IncompatibleProtocolsException")
def test_a_rule_must_fit_its_listener(cloud: Any) -> None:
    """A rule of an HTTP listener cannot forward to a TCP target group."""
    balancer = cloud.balancer(kind="application")
    group = cloud.target_group("web", Protocol="HTTP")
    listener = cloud.listener(balancer, group, protocol="HTTP")
    asked = {
        "ListenerArn": listener,
        "Priority": 1,
        "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}],
        "Actions": [{"Type": "forward", "TargetGroupArn": cloud.target_group()}],
    }
    cloud.refuses("IncompatibleProtocols", cloud.elb.create_rule, **asked)


@pytest.mark.row("quic", "elbv2 CreateTargetGroupInput.Protocol")
def test_quic_is_spoken(cloud: Any) -> None:
    """TCP_QUIC target groups and listeners exist; their targets need a server id."""
    group = cloud.target_group(Protocol="TCP_QUIC")
    listener = cloud.listener(cloud.balancer(), group, protocol="TCP_QUIC")
    [now] = cloud.elb.describe_listeners(ListenerArns=[listener])["Listeners"]
    assert now["Protocol"] == "TCP_QUIC"
    register = cloud.elb.register_targets
    target = {"Id": "172.31.0.9"}
    cloud.refuses("ValidationError", register, TargetGroupArn=group, Targets=[target])
    register(TargetGroupArn=group, Targets=[target | {"QuicServerId": "0x00112233445566aa"}])
