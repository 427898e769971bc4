"""What a balancer and its target groups say of health, draining, affinity and families. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.model import (
    ClientIPConfig,
    HealthCheck,
    LoadBalancerSpec,
    SessionAffinityConfig,
)
from cloudabstract.provider import Found
from cloudabstract_aws.fitting import Unlike

from . import attributes, health
from .frontends import frontends
from .reading_listeners import Read

_DRAINING = "deregistration_delay.timeout_seconds"


def families(address_type: str) -> Any:
    """The policy that such a balancer has. Raises Unlike when there is none."""
    known = {"ipv4": "SingleStack", "dualstack": "RequireDualStack"}
    if address_type not in known:
        raise Unlike(f"its addresses are {address_type}")
    return known[address_type]


def check(group: Found | None, web: bool) -> HealthCheck:
    """The health check of a group, in portable words."""
    if group is None:
        return HealthCheck()
    told = group.fields["health_check"]
    protocol, path = told["protocol"], told["path"]
    if web and path == "/" and told["codes"] == health.ANY_ANSWER:
        path = ""  # what it would be by itself
    usual = "HTTP" if path or web else "TCP"
    said = protocol != usual or "UDP" in group.fields["protocol"]
    return HealthCheck(
        protocol=protocol if said else None,
        path=path or None,
        port=int(told["port"]) if told["port"].isdecimal() else None,
        interval=told["interval"],
        timeout=told["timeout"],
        healthy_threshold=told["healthy"],
        unhealthy_threshold=told["unhealthy" if web else "healthy"],
    )


def group_words(front: Mapping[str, str], group: Found | None, web: bool) -> dict[str, Any]:
    """What the attributes of a group, and of the balancer, say in portable words."""
    told: Mapping[str, str] = group.fields["attributes"] if group is not None else {}
    said: dict[str, Any] = {"connection_draining": int(told.get(_DRAINING, 30))}
    where = told if web else front
    if where.get(attributes.CROSS_ZONE) == "false":
        said["traffic_distribution"] = "PreferClose"
    if told.get("stickiness.enabled") == "true":
        said["session_affinity"] = "ClientIP"
        if web:
            seconds = int(told[attributes.COOKIE_SECONDS])
            if seconds != ClientIPConfig().timeout_seconds and seconds <= 86_400:
                config = SessionAffinityConfig(ClientIPConfig(seconds))
                said["session_affinity_config"] = config
    if group is not None and _sees_clients(group, told):
        said["external_traffic_policy"] = "Local"
    return said


def _sees_clients(group: Found, told: Mapping[str, str]) -> bool:
    """Whether a group shows the client's address because somebody has asked for it.

    Many have that by themselves, and other things, too, that no portable field says.
    """
    asked = told.get("deregistration_delay.connection_termination.enabled") == "true"
    tcp = group.fields["protocol"] == "TCP"
    return tcp and asked and told.get("preserve_client_ip.enabled") == "true"


def threshold(read: Read) -> int:
    """The second threshold of an NLB, where it is another than the first; else 0."""
    told = [each.fields["health_check"] for _, each in read.groups]
    several = {each["unhealthy"] for each in told}
    same = all(each["unhealthy"] == each["healthy"] for each in told)
    return 0 if same or len(several) > 1 else int(several.pop())


def codes(spec: LoadBalancerSpec, read: Read) -> str:
    """The codes that health checks want, where the spec would have others."""
    told = {each.fields["health_check"]["codes"] for _, each in read.groups} - {""}
    every = {health.check_for(spec, each)["codes"] for each in frontends(spec)}
    return told.pop() if len(told) == 1 and not told <= every else ""


def overlay(spec: LoadBalancerSpec, read: Read) -> dict[str, str]:
    """Attributes that all groups have other than the spec would; {} when they differ in these."""
    made = frontends(spec)
    differing = []
    for seat, group in read.groups:
        frontend = next(each for each in made if each.seat == seat)
        usual, told = attributes.of_group(spec, frontend), group.fields["attributes"]
        differing.append({key: it for key, it in told.items() if usual.get(key) != it})
    alike = all(each == differing[0] for each in differing)
    return differing[0] if differing and alike else {}
