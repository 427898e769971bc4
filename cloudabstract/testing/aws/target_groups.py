"""Target groups: health checks that exist, one of a name, and who uses them.

Whether a second request of the same name asks for the same settings is found out by making a
group of it under another name, comparing the two, and throwing it away: the defaults are then the
same by construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.testing.aws import attributes, listeners
from cloudabstract.testing.aws.refusal import Refused, bad_setup, not_valid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_CHECKED_BY = {"HTTP": ("HTTP", "HTTPS"), "HTTPS": ("HTTP", "HTTPS")}
_CHECKED_BY_DEFAULT = ("HTTP", "HTTPS", "TCP")
_BOUNDED = (
    "HealthCheckIntervalSeconds",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "UnhealthyThresholdCount",
)
_SETTINGS = (
    "health_check_enabled",
    "health_check_interval_seconds",
    "health_check_path",
    "health_check_port",
    "health_check_protocol",
    "health_check_timeout_seconds",
    "healthy_threshold_count",
    "ip_address_type",
    "matcher",
    "port",
    "protocol",
    "protocol_version",
    "target_type",
    "unhealthy_threshold_count",
    "vpc_id",
)
_TRIAL = "trial-of-the-same-settings"


def rules() -> Mapping[str, Rule]:
    """By call."""
    return {
        "elbv2.CreateTargetGroup": _create,
        "elbv2.ModifyTargetGroup": _modify,
        "elbv2.DescribeTargetGroups": _describe,
        "elbv2.DeleteTargetGroup": _delete,
    }


def _create(call: Call, proceed: Proceed) -> Any:
    params, store = call.params, call.backend
    _check_health_check(call, params.get("Protocol"), params.get("TargetType") or "instance")
    same = [group for group in store.target_groups.values() if group.name == params["Name"]]
    if same:
        return {"TargetGroups": [_same(same[0], call, proceed)]}
    group = _make(call, proceed)
    group.attributes = attributes.defaults(group)
    return {"TargetGroups": [group]}


def _make(call: Call, proceed: Proceed) -> Any:
    protocol = call.params.get("Protocol")
    if protocol in listeners.QUIC:
        call.params["Protocol"] = listeners.STAND_IN
    group = proceed()["TargetGroups"][0]
    if protocol in listeners.QUIC:
        group.protocol = protocol
    return group


def _same(present: Any, call: Call, proceed: Proceed) -> Any:
    """The group of this name, if it has these settings; tags are not settings."""
    call.params["Name"] = _TRIAL
    call.params.pop("Tags", None)
    trial = _make(call, proceed)
    del call.backend.target_groups[trial.arn]
    for setting in _SETTINGS:
        if str(getattr(present, setting, None)) != str(getattr(trial, setting, None)):
            message = f"A target group with the same name '{present.name}' exists"
            raise Refused("DuplicateTargetGroupName", f"{message}, but with different settings")
    return present


def _modify(call: Call, proceed: Proceed) -> Any:
    group = call.backend.target_groups.get(call.params["TargetGroupArn"])
    if group is None:
        return proceed()
    _check_health_check(call, group.protocol, group.target_type)
    return proceed()


def _check_health_check(call: Call, protocol: str | None, target_type: str) -> None:
    allowed = _CHECKED_BY.get(protocol or "", _CHECKED_BY_DEFAULT)
    asked = call.params.get("HealthCheckProtocol")
    if asked is not None and asked not in allowed:
        raise not_valid(f"Health check protocol '{asked}' must be one of {', '.join(allowed)}")
    members = call.model.input_shape.members
    for name in _BOUNDED:
        limits, value = members[name].metadata, call.params.get(name)
        if value is not None and not limits["min"] <= int(value) <= limits["max"]:
            raise not_valid(f"{name} '{value}' must be between {limits['min']} and {limits['max']}")
    if call.params.get("HealthCheckEnabled") is False and target_type != "lambda":
        raise bad_setup(f"Health checks cannot be disabled for targets of type {target_type}")


def _describe(call: Call, proceed: Proceed) -> Any:
    used = listeners.users(call.backend)
    for group in call.backend.target_groups.values():
        group.load_balancer_arns = sorted(used.get(group.arn, ()))
    return proceed()


def _delete(call: Call, proceed: Proceed) -> Any:
    payload = proceed()
    call.backend.tagging_service.delete_all_tags_for_resource(call.params["TargetGroupArn"])
    return payload
