"""Who is in which endpoint group. Pure.

Google takes backends by instance, so addresses are looked up among the instances. Passthrough
balancers reach instances only (GCE_VM_IP, without ports). Application balancers reach instances by
port (GCE_VM_IP_PORT), and addresses that are no instance's as machines outside of Google
(NON_GCP_PRIVATE_IP_PORT). Each type and each zone is a group of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.model import BackendPool, Instance, Member, Port
from cloudabstract.provider import Backend, Facts, Host, backends
from cloudabstract_gcp import places

INSIDE, INSIDE_PORT = "GCE_VM_IP", "GCE_VM_IP_PORT"
OUTSIDE = "NON_GCP_PRIVATE_IP_PORT"


@dataclass(frozen=True)
class Group:
    """One endpoint group and those who shall be in it, as JSON, sorted."""

    zone: str
    type: str
    members: tuple[Mapping[str, Any], ...]

    @property
    def role(self) -> str:
        """What tells it from the pool's other groups."""
        return f"{self.zone}-hybrid" if self.type == OUTSIDE else self.zone


@dataclass(frozen=True)
class Reach:
    """What backends can be reached by a balancer: its region's zones, those wanted first."""

    place: str
    facts: Facts
    zones: tuple[str, ...] = ()  # only backends in these; empty: in all

    def resolved(self, pool: BackendPool | None, port: Port) -> list[Backend]:
        """The pool's backends, each with its instance and zone where it has them."""
        hosts = [each for each in self.facts.hosts if each.address and self._near(each)]
        by_address = {each.address: each for each in reversed(hosts)}
        return [_known(each, by_address) for each in backends(pool, port, hosts)]

    def passthrough(self, pool: BackendPool | None, port: Port) -> list[Group]:
        """Groups for a passthrough balancer: a backend without instance is in none of them."""
        chosen: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for each in self.resolved(pool, port):
            if each.instance:
                chosen[each.zone].append(_member(each, 0))
        return [Group(zone, INSIDE, _tidy(members)) for zone, members in sorted(chosen.items())]

    def application(self, found: Iterable[Backend]) -> list[Group]:
        """Groups for an application balancer."""
        chosen: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for each in found:
            kind, zone = (INSIDE_PORT, each.zone) if each.instance else (OUTSIDE, self._zone)
            chosen[zone, kind].append(_member(each, each.port))
        return [Group(*key, _tidy(members)) for key, members in sorted(chosen.items())]

    @property
    def _zone(self) -> str:
        """Where groups of machines outside of Google are put."""
        known = self.facts.extra.get("zones", {}).get(self.place) or [f"{self.place}-a"]
        return self.zones[0] if self.zones else str(known[0])

    def _near(self, host: Host) -> bool:
        if not host.zone.startswith(f"{self.place}-"):
            return False
        return not self.zones or host.zone in self.zones


def listed(pool: BackendPool | None) -> list[Member | Instance]:
    """The members that a pool names one by one; none for a selector."""
    return [] if pool is None else [*(pool.addresses or ()), *(pool.instances or ())]


def instance_groups(pool: BackendPool | None) -> list[str]:
    """The links of instance groups that a pool names among its instances: others fill them."""
    names = [] if pool is None else [each.name for each in pool.instances or ()]
    return sorted(places.relative(each) for each in names if "/instanceGroups/" in each)


def _known(backend: Backend, by_address: Mapping[str, Host]) -> Backend:
    host = by_address.get(backend.address)
    if backend.instance or host is None:
        return backend
    return Backend(backend.address, backend.port, backend.weight, host.id, host.zone)


def _member(backend: Backend, port: int) -> Mapping[str, Any]:
    return {"instance": backend.instance, "ipAddress": backend.address, "port": port}


def _tidy(members: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    unique = {tuple(each.values()): each for each in members}
    return tuple(unique[key] for key in sorted(unique))
