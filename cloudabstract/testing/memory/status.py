"""Found parts back to portable status: addresses, the health of backends, capacity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudabstract.model import (
    Address,
    BackendStatus,
    Condition,
    LoadBalancer,
    PortStatus,
    Resource,
    Status,
    Volume,
    VolumeAttachment,
)
from cloudabstract.provider import Found, Health, PartKey

from . import kinds


def status(resource: Resource, found: Mapping[PartKey, Found], features: tuple[str, ...]) -> Status:
    """The portable status of `resource`, given those of its parts that exist."""
    if isinstance(resource, LoadBalancer):
        return Status(
            conditions=(_programmed(resource, found.values()),),
            addresses=tuple(_addresses(resource, found.values())),
            backends=tuple(_backends(found)),
            supported_features=features,
        )
    made = next(iter(found.values()), None)
    health, reason = (made.health, made.reason) if made else (Health.PENDING, "")
    fields = made.fields if made else {}
    if isinstance(resource, Volume):
        return Status(
            message=reason,
            capacity=fields.get("size", 0),
            access_modes=tuple(fields.get("access_modes", ())),
        )
    if isinstance(resource, VolumeAttachment):
        return Status(
            message=reason,
            device=fields.get("path", ""),
        )
    return Status(
        message=reason,
        ready_to_use=health is Health.READY,
        restore_size=fields.get("size", 0),
    )


def _programmed(balancer: LoadBalancer, found: Iterable[Found]) -> Condition:
    parts = tuple(found)
    broken = next((each for each in parts if each.health is Health.FAILED), None)
    if broken is not None:
        return Condition("Programmed", "False", "Infrastructure", broken.reason)
    listeners = [each for each in parts if each.kind == kinds.LISTENER]
    ready = all(each.health is Health.READY for each in parts)
    if ready and len(listeners) >= len(balancer.spec.ports):
        return Condition("Programmed", "True", "Programmed")
    return Condition("Programmed", "False", "Provisioning")


def _addresses(balancer: LoadBalancer, found: Iterable[Found]) -> Iterable[Address]:
    ports = tuple(PortStatus(each.port, each.protocol) for each in balancer.spec.ports)
    for front in found:
        if front.kind == kinds.BALANCER:
            yield from (Address(ip=ip, ip_mode="VIP", ports=ports) for ip in front.fields["ips"])


def _backends(found: Mapping[PartKey, Found]) -> Iterable[BackendStatus]:
    for key, each in sorted(found.items()):
        if key.kind != kinds.MEMBERS:
            continue
        pool = key.role.split("-", 2)[2]
        for member in each.fields["members"]:
            sick = member["address"] in each.fields.get("sick", ())
            yield BackendStatus(
                pool, member["address"], member["port"], "Unhealthy" if sick else "Healthy"
            )
