"""Found parts of a balancer to portable status. Pure.

Google tells the health of backends one group a call, so it is known of a few groups only, and where
a look was a close one; elsewhere it is Unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from cloudabstract.model import (
    Address,
    BackendStatus,
    Condition,
    LoadBalancer,
    PortStatus,
    Status,
)
from cloudabstract.provider import Found, PartKey, of_kind
from cloudabstract_gcp import places

from . import kinds

_HEALTH: Mapping[str, Literal["Healthy", "Unhealthy"]] = {
    "HEALTHY": "Healthy",
    "UNHEALTHY": "Unhealthy",
}
FEATURES = (
    *("SessionAffinity", "SourceRanges", "InternalRouting", "UDP", "MixedProtocol"),
    *("ClientAddress", "HTTPRoutes", "TLS", "HealthChecks", "Weights", "ConnectionDraining"),
)


def status(resource: LoadBalancer, found: Mapping[PartKey, Found]) -> Status:
    """Addresses, ports, backends and conditions of `resource`."""
    conditions = [_programmed(found), _degraded(resource, found)]
    return Status(
        conditions=tuple(each for each in conditions if each is not None),
        addresses=_addresses(found),
        backends=tuple(dict.fromkeys(_backends(resource, found))),
        supported_features=FEATURES,
    )


def _addresses(found: Mapping[PartKey, Found]) -> tuple[Address, ...]:
    """The addresses of the rules, with the ports they have there."""
    ports: dict[str, list[PortStatus]] = {}
    for _, rule in of_kind(kinds.FORWARDING_RULE.name, found):
        numbers = rule.fields.get("ports") or [str(rule.fields.get("portRange")).split("-")[0]]
        ports.setdefault(str(rule.fields.get("IPAddress", "")), []).extend(
            PortStatus(int(each), rule.fields["IPProtocol"]) for each in numbers
        )
    return tuple(
        Address(ip=ip, ip_mode="VIP", ports=tuple(sorted(given, key=lambda one: one.port)))
        for ip, given in sorted(ports.items())
        if _is_number(ip)
    )


def _is_number(text: str) -> bool:
    return text.replace(".", "").isdigit()


def _backends(resource: LoadBalancer, found: Mapping[PartKey, Found]) -> Iterable[BackendStatus]:
    pools = sorted((each.name for each in resource.spec.backends), key=len, reverse=True)
    for key, endpoints in of_kind(kinds.ENDPOINTS.name, found):
        pool = next((name for name in pools if key.role.startswith(f"{name}-")), key.role)
        served = [each.port for each in resource.spec.ports if each.backend in (None, pool)]
        seen: Mapping[str, str] = endpoints.fields.get("health", {})
        for each in endpoints.fields.get("members", ()):
            address = each["ipAddress"]
            health = _HEALTH.get(seen.get(f"{address}:{each['port']}", seen.get(address, "")))
            for port in [each["port"]] if each["port"] else served:
                yield BackendStatus(pool, address, port, health or "Unknown")


def _programmed(found: Mapping[PartKey, Found]) -> Condition:
    if not _addresses(found):
        return Condition("Programmed", "False", "Provisioning", "no forwarding rule has an address")
    return Condition("Programmed", "True", "Programmed")


def _degraded(resource: LoadBalancer, found: Mapping[PartKey, Found]) -> Condition | None:
    """Backends that the spec names and the project does not have."""
    there: set[str] = set()
    for _, endpoints in of_kind(kinds.ENDPOINTS.name, found):
        for each in endpoints.fields.get("members", ()):
            there |= {each["ipAddress"], each["instance"], places.name_of(each["instance"])}
    for _, service in of_kind(kinds.BACKEND_SERVICE.name, found):  # their groups, filled by others
        there |= {each for each in service.fields.get("backends", ()) if "/instanceGroups/" in each}
    if not there:
        return Condition("Degraded", "True", "NoBackends", "no pool has a backend")
    missing = sorted(set(_named(resource)) - there)
    if not missing:
        return None
    message = f"not among the instances of the project: {', '.join(missing)}"
    return Condition("Degraded", "True", "BackendsMissing", message)


def _named(resource: LoadBalancer) -> Iterable[str]:
    """Backends that the spec names one by one, and that are to get traffic."""
    for pool in resource.spec.backends:
        for member in pool.addresses or ():
            if member.weight:
                yield member.address
        for instance in pool.instances or ():
            if instance.weight:
                yield places.relative(instance.name)
