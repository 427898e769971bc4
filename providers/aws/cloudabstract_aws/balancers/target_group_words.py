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
        "load_balancer": made.get("load_balancer", ""),
        "vpc": raw.get("VpcId") or made.get("vpc", ""),
        "protocol": raw.get("Protocol") or made.get("protocol", ""),
        "protocol_version": raw.get("ProtocolVersion") or made.get("protocol_version", ""),
        "port": raw.get("Port") or made.get("port", 0),
        "target_type": raw.get("TargetType") or made.get("target_type", "instance"),
        "ip_address_type": raw.get("IpAddressType") or made.get("ip_address_type", "ipv4"),
        "health_check": _check(raw),
        "attributes": {},
    }


def managed(protocol: str, raw: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Of all attributes of a group of this protocol those that we set."""
    web = protocol in ("HTTP", "HTTPS")
    wanted = attributes.WEB_GROUP if web else attributes.GROUP
    known = {each["Key"]: each["Value"] for each in raw}
    return {key: known[key] for key in sorted(wanted) if key in known}


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
