"""Found parts of a balancer to portable status. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from cloudabstract.model import (
    Address,
    BackendStatus,
    Condition,
    LoadBalancer,
    PortStatus,
    Status,
)
from cloudabstract.provider import Found, PartKey, of_kind
from cloudabstract_local.settings import LocalSettings

from . import pools
from .kinds import ADDRESS, ENDPOINTS, LISTENER

_Health = Literal["Healthy", "Unhealthy", "Unknown"]


def status(
    resource: LoadBalancer, found: Mapping[PartKey, Found], settings: LocalSettings
) -> Status:
    """Addresses, ports, backends and conditions of `resource`."""
    conditions = [_programmed(resource, found), _degraded(resource, found)]
    return Status(
        conditions=tuple(each for each in conditions if each is not None),
        addresses=_addresses(found),
        backends=_backends(found),
        supported_features=features(settings),
    )


def features(settings: LocalSettings) -> tuple[str, ...]:
    """What balancers of this target can do, in KEP-6128's words and ours."""
    families = {
        family for texts in settings.pools.values() for family in pools.parse(texts).families()
    }
    kep = ["SessionAffinity", "SourceRanges", "InternalRouting", "UDP", "MixedProtocol"]
    if "IPv6" in families:
        kep.append("IPv6")
    if settings.proxy_protocol:
        kep.append("ClientAddress")
    return (*kep, "HTTPRoutes", "TLS", "HealthChecks", "Weights", "ConnectionDraining")


def _addresses(found: Mapping[PartKey, Found]) -> tuple[Address, ...]:
    listeners = [each for _, each in of_kind(LISTENER.name, found)]
    return tuple(
        Address(
            ip=address.fields["ip"],
            ip_mode="Proxy",
            ports=tuple(
                PortStatus(
                    each.fields["port"],
                    each.fields["protocol"],
                    "" if each.fields["serving"] else "NotServing",
                )
                for each in listeners
                if each.fields["address"] == address.fields["ip"]
            ),
        )
        for _, address in of_kind(ADDRESS.name, found)
    )


def _backends(found: Mapping[PartKey, Found]) -> tuple[BackendStatus, ...]:
    seen = [
        BackendStatus(_pool_name(key.role), each["address"], each["port"], cast(_Health, health))
        for key, endpoints in of_kind(ENDPOINTS.name, found)
        for each, health in zip(endpoints.fields["members"], endpoints.fields["seen"], strict=True)
    ]
    return tuple(dict.fromkeys(seen))


def _pool_name(role: str) -> str:
    """The spec's name of the pool in a role such as `web-tcp-80`."""
    return role.rsplit("-", 2)[0]


def _programmed(resource: LoadBalancer, found: Mapping[PartKey, Found]) -> Condition:
    addresses, listeners = of_kind(ADDRESS.name, found), of_kind(LISTENER.name, found)
    if not addresses or len(listeners) < len(resource.spec.ports) * len(addresses):
        return Condition("Programmed", "False", "Provisioning", "not all parts are made yet")
    idle = [each for _, each in listeners if not each.fields["serving"]]
    if idle:
        message = "; ".join(f"{_frontend(each)}: {each.reason}" for each in idle)
        return Condition("Programmed", "False", "Infrastructure", message)
    return Condition("Programmed", "True", "Programmed")


def _degraded(resource: LoadBalancer, found: Mapping[PartKey, Found]) -> Condition | None:
    """Pools without backends; what was degraded on purpose the engine adds itself."""
    empty = [
        _pool_name(key.role)
        for key, each in of_kind(ENDPOINTS.name, found)
        if not each.fields["members"]
    ]
    if not empty:
        return None
    names = ", ".join(dict.fromkeys(empty)) if resource.spec.backends else "the balancer"
    return Condition("Degraded", "True", "NoBackends", f"no backends: {names}")


def _frontend(found: Found) -> str:
    return "{address}:{port}/{protocol}".format(**found.fields)
