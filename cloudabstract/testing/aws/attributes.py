"""Target group attributes: which exist, for which protocols, and their defaults.

The names are those that Elastic Load Balancing documents; a test compares them with its model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.testing.aws.refusal import bad_setup, not_valid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_HEALTH = "target_group_health"
_DELAY = "deregistration_delay.timeout_seconds"
_LONGEST_DELAY = 3600
_CLIENT_IP = "preserve_client_ip.enabled"
_TERMINATION = "deregistration_delay.connection_termination.enabled"
_UNHEALTHY_TERMINATION = "target_health_state.unhealthy.connection_termination.enabled"
_ANY = {"stickiness.enabled": "false", "stickiness.type": ""}
_WITH_TARGETS = {_DELAY: "300"}
_ALB_AND_NLB = {
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.count": "1",
    f"{_HEALTH}.dns_failover.minimum_healthy_targets.percentage": "off",
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    f"{_HEALTH}.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
_ALB = {
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "slow_start.duration_seconds": "0",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.lb_cookie.duration_seconds": "86400",
}
_LAMBDA = {"lambda.multi_value_headers.enabled": "false"}
_NLB = {
    _TERMINATION: "false",
    _CLIENT_IP: "true",
    "proxy_protocol_v2.enabled": "false",
    _UNHEALTHY_TERMINATION: "true",
    "target_health_state.unhealthy.draining_interval_seconds": "0",
}
_GATEWAY = {
    "target_failover.on_deregistration": "no_rebalance",
    "target_failover.on_unhealthy": "no_rebalance",
    "send_tcp_reset.on_unhealthy.enabled": "false",
    "send_tcp_reset.on_deregistration.enabled": "false",
}
KNOWN = frozenset(_ANY | _WITH_TARGETS | _ALB_AND_NLB | _ALB | _LAMBDA | _NLB | _GATEWAY)
_UDP = ("UDP", "TCP_UDP")


def rules() -> Mapping[str, Rule]:
    """By call."""
    return {"elbv2.ModifyTargetGroupAttributes": _modify}


def defaults(group: Any) -> dict[str, str]:
    """The attributes a new group of this type and protocol has."""
    if group.target_type == "lambda":
        return _ANY | {"stickiness.type": "lb_cookie"} | _LAMBDA
    if group.protocol == "GENEVE":
        return _ANY | {"stickiness.type": "source_ip_dest_ip_proto"} | _WITH_TARGETS | _GATEWAY
    common = _ANY | _WITH_TARGETS | _ALB_AND_NLB
    if group.protocol in ("HTTP", "HTTPS"):
        return common | {"stickiness.type": "lb_cookie"} | _ALB
    return common | {"stickiness.type": "source_ip"} | _NLB | _by_protocol(group)


def _by_protocol(group: Any) -> dict[str, str]:
    """The defaults that differ between the protocols of a Network Load Balancer."""
    translated = group.target_type == "ip" and group.protocol in ("TCP", "TLS")
    udp = group.protocol in _UDP
    return {
        _CLIENT_IP: str(not translated).lower(),
        _TERMINATION: str(udp).lower(),
        _UNHEALTHY_TERMINATION: str(not udp).lower(),
    }


def _modify(call: Call, proceed: Proceed) -> Any:
    group = call.backend.target_groups.get(call.params["TargetGroupArn"])
    if group is None:
        return proceed()
    asked = {item["Key"]: item.get("Value", "") for item in call.params["Attributes"]}
    for key in asked:
        if key not in KNOWN:
            raise not_valid(f"Target group attribute key '{key}' is not recognized")
        if key not in defaults(group):
            raise bad_setup(f"'{key}' is not supported for {group.protocol} target groups")
    if group.protocol in _UDP:
        _check_udp(asked)
    _check_delay(asked.get(_DELAY))
    # moto refuses the longest delay there is, so it is not asked about the delay.
    call.params["Attributes"] = [a for a in call.params["Attributes"] if a["Key"] != _DELAY]
    proceed()
    group.attributes.update(asked)
    return {"Attributes": group.attributes}


def _check_udp(asked: Mapping[str, str]) -> None:
    if asked.get(_CLIENT_IP) == "false":
        raise bad_setup("Client IP preservation cannot be disabled for UDP")
    if asked.get(_UNHEALTHY_TERMINATION) == "true":
        raise bad_setup("Connections to unhealthy targets cannot be terminated for UDP")


def _check_delay(value: str | None) -> None:
    if value is not None and not (value.isdigit() and int(value) <= _LONGEST_DELAY):
        raise not_valid(f"'{_DELAY}' value '{value}' must be between '0-{_LONGEST_DELAY}'")
