"""A target group in the words of its kind, and in those of the API. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_aws import memos, tags

from . import attributes
from .health import TRAFFIC

_CHECK = {
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "path": "HealthCheckPath",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthy": "HealthyThresholdCount",
    "unhealthy": "UnhealthyThresholdCount",
}


def request(wanted: Wanted, known: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of CreateTargetGroup."""
    fields = wanted.fields
    version = {"ProtocolVersion": fields["protocol_version"]} if fields["protocol_version"] else {}
    return {
        "Name": wanted.name,
        "Protocol": fields["protocol"],
        "Port": fields["port"],
        "VpcId": fields["vpc"],
        "TargetType": fields["target_type"],
        "IpAddressType": fields["ip_address_type"],
        "Tags": tags.to_list(known),
        **version,
        **check(fields["health_check"], fields["protocol_version"]),
    }


def check(wanted: Mapping[str, Any], version: str) -> dict[str, Any]:
    """A health check, as CreateTargetGroup and ModifyTargetGroup take it."""
    asked = {word: wanted[name] for name, word in _CHECK.items() if wanted[name] != ""}
    if wanted["codes"]:
        asked["Matcher"] = {"GrpcCode" if version == "GRPC" else "HttpCode": wanted["codes"]}
    return asked


def fields(raw: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a group that AWS describes as `raw`; `known` are its tags."""
    made = memos.made_as(known)
    return {
        "load_balancer": made.get("load_balancer") or _balancer(raw),
        "vpc": raw.get("VpcId") or made.get("vpc", ""),
        "protocol": raw.get("Protocol") or made.get("protocol", ""),
        "protocol_version": raw.get("ProtocolVersion") or made.get("protocol_version", _usual(raw)),
        "port": raw.get("Port") or made.get("port", 0),
        "target_type": raw.get("TargetType") or made.get("target_type", "instance"),
        "ip_address_type": raw.get("IpAddressType") or made.get("ip_address_type", "ipv4"),
        "health_check": _check(raw),
        "attributes": {},
    }


def managed(fields: Mapping[str, Any], raw: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Of all attributes of a group with these fields those that we set, in one form."""
    usual = attributes.usual(fields["protocol"], fields["target_type"])
    known = {each["Key"]: each["Value"] for each in raw}
    return attributes.normal({key: known.get(key) or usual[key] for key in sorted(usual)})


def _usual(raw: Mapping[str, Any]) -> str:
    return "HTTP1" if raw.get("Protocol") in ("HTTP", "HTTPS") else ""


def _balancer(raw: Mapping[str, Any]) -> str:
    """The name of the balancer that a group is used by, out of its ARN; "" for none."""
    arn = str(next(iter(raw.get("LoadBalancerArns") or ()), ""))
    return arn.rpartition("/")[0].rpartition("/")[2]


def _check(raw: Mapping[str, Any]) -> dict[str, Any]:
    protocol = raw.get("HealthCheckProtocol", "")
    by_http = protocol in ("HTTP", "HTTPS")
    matcher = raw.get("Matcher") or {}
    codes = matcher.get("GrpcCode") or matcher.get("HttpCode") or ""
    return {
        "protocol": protocol,
        "port": str(raw.get("HealthCheckPort") or TRAFFIC),
        "path": (raw.get("HealthCheckPath") or "") if by_http else "",
        "codes": codes if by_http else "",
        "interval": raw.get("HealthCheckIntervalSeconds", 0),
        "timeout": raw.get("HealthCheckTimeoutSeconds", 0),
        "healthy": raw.get("HealthyThresholdCount", 0),
        "unhealthy": raw.get("UnhealthyThresholdCount", 0),
    }
