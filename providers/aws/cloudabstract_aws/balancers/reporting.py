"""Found parts of a balancer to portable status. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from cloudabstract.model import (
    Address,
    BackendStatus,
    Condition,
    LoadBalancer,
    LoadBalancerSpec,
    PortStatus,
    Status,
)
from cloudabstract.provider import Found, Health, PartKey, of_kind
from cloudabstract_aws.settings import AwsSettings

from . import own_words
from .frontends import frontends, reached
from .kinds import ADDRESS, LISTENER, LOAD_BALANCER, REGISTRATION, RULE
from .routing import matches

FEATURES = (
    *("SessionAffinity", "SourceRanges", "InternalRouting", "IPv6", "UDP", "MixedProtocol"),
    *("ClientAddress", "HTTPRoutes", "TLS", "HealthChecks", "Weights", "ConnectionDraining"),
    *("StaticAddresses", "DeletionProtection"),
)
_Health = Literal["Healthy", "Unhealthy", "Unknown"]
_HEALTH: dict[str, _Health] = {
    "healthy": "Healthy",
    "unhealthy": "Unhealthy",
    "unhealthy.draining": "Unhealthy",
}
Parts = Mapping[PartKey, Found]


def status(resource: LoadBalancer, found: Parts, settings: AwsSettings) -> Status:
    """Addresses, ports, backends and conditions of `resource`."""
    conditions = [_programmed(resource.spec, found), _degraded(resource, found)]
    return Status(
        conditions=tuple(each for each in conditions if each is not None),
        addresses=tuple(_addresses(resource.spec, found)),
        backends=tuple(_backends(resource.spec, found)),
        supported_features=FEATURES,
    )


def _addresses(spec: LoadBalancerSpec, found: Parts) -> Iterator[Address]:
    """The host name, and the addresses of the user's choice."""
    serving = {each.fields["port"] for _, each in of_kind(LISTENER.name, found)}
    ports = tuple(
        PortStatus(each.port, each.protocol, "" if each.port in serving else "NotServing")
        for each in spec.ports
    )
    allocated = [each.fields["ip"] for _, each in of_kind(ADDRESS.name, found)]
    for _, balancer in of_kind(LOAD_BALANCER.name, found):
        if balancer.fields["hostname"]:
            yield Address(hostname=balancer.fields["hostname"], ports=ports)
        for ip in sorted({*balancer.fields["ips"], *allocated} - {""}):
            yield Address(ip=ip, ip_mode="VIP", ports=ports)


def _backends(spec: LoadBalancerSpec, found: Parts) -> Iterator[BackendStatus]:
    """Every target with its health; Unknown where the plan did not look at it."""
    pools = _pools(spec)
    told: dict[BackendStatus, None] = {}
    for key, registration in of_kind(REGISTRATION.name, found):
        health = registration.fields.get("health", {})
        pool = pools.get(key.role) or pools.get(key.role.rpartition("-w")[0], "")
        for each in registration.fields["targets"]:
            seen = _HEALTH.get(health.get(f"{each['id']} {each['port']}", ""), "Unknown")
            told[BackendStatus(pool, each["id"], each["port"], seen)] = None
    yield from told


def _pools(spec: LoadBalancerSpec) -> dict[str, str]:
    """The role of a frontend's group -> the pool whose members are in it."""
    return {
        f"{name or 'nobody'}-{frontend.seat}": name
        for frontend in frontends(spec)
        for name, _ in reached(spec, frontend)
    }


def _programmed(spec: LoadBalancerSpec, found: Parts) -> Condition:
    balancers = [each for _, each in of_kind(LOAD_BALANCER.name, found)]
    if not balancers:
        return Condition("Programmed", "False", "Provisioning", "the balancer is not made yet")
    (balancer, *_) = balancers
    if balancer.health is Health.FAILED:
        return Condition("Programmed", "False", "Infrastructure", balancer.reason)
    if balancer.health is Health.PENDING:
        return Condition("Programmed", "False", "Provisioning", f"it is {balancer.reason}")
    missing = list(_missing(spec, found))
    if missing:
        text = f"not made yet: {', '.join(missing)}"
        return Condition("Programmed", "False", "Provisioning", text)
    return Condition("Programmed", "True", "Programmed")


def _missing(spec: LoadBalancerSpec, found: Parts) -> Iterator[str]:
    listeners = {key.role for key, _ in of_kind(LISTENER.name, found)}
    rules = {key.role for key, _ in of_kind(RULE.name, found)}
    for frontend in frontends(spec):
        if frontend.seat not in listeners:
            yield f"listener {frontend.seat}"
        for match in matches(spec.routes) if spec.load_balancer_class == "l7" else ():
            if f"{frontend.seat}-{match.role}" not in rules:
                yield f"route {match.host}{match.route.path} of port {frontend.seat}"


def _degraded(resource: LoadBalancer, found: Parts) -> Condition | None:
    """Pools without backends; what was degraded on purpose the engine adds itself."""
    registered = {key.role for key, _ in of_kind(REGISTRATION.name, found)}
    served = registered | {role.rpartition("-w")[0] for role in registered}
    words = own_words.read(resource)
    pools = {
        role: name
        for role, name in _pools(resource.spec).items()
        if name not in words.without_groups
    }
    if words.shared:  # one group for several ports
        known = {pools[role] for role in served if role in pools}
        served |= {role for role, name in pools.items() if name in known}
    empty = [name for role, name in pools.items() if role not in served]
    if not empty:
        return None
    names = ", ".join(dict.fromkeys(filter(None, empty))) or "the balancer"
    return Condition("Degraded", "True", "NoBackends", f"no backends: {names}")
