"""The cloud read back: balancers and disks as the resources that would expand to them.

This is the inverse of balancers.py and volumes.py, field by field. What hand-made objects have and
no portable field can say is told as such.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cloudabstract.model import (
    BackendPool,
    ClientIPConfig,
    Encryption,
    HealthCheck,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Performance,
    Placement,
    Port,
    Route,
    SessionAffinityConfig,
    Storage,
    Tls,
    Topology,
    Volume,
    VolumeSpec,
)
from cloudabstract.provider import Facts, Found, Portable

from . import kinds

T = TypeVar("T")
_Members = tuple[Member, ...]
_OTHER = re.compile(r"[^a-z0-9]+")


def portable(found: Iterable[Found], facts: Facts) -> Iterator[Portable]:
    """Every balancer and every disk."""
    world = _World(tuple(found))
    for each in world.of(kinds.BALANCER):
        yield _Balancer(world, each).read()
    for each in world.of(kinds.DISK):
        yield _volume(each, facts)


def name_of(found: Found) -> str:
    """A name for the resource: that of the object, as far as it can be one."""
    plain = _OTHER.sub("-", found.name.lower()).strip("-")[:50].strip("-")
    return plain or _OTHER.sub("-", found.id)


@dataclass
class _World:
    found: tuple[Found, ...]
    _kinds: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in self.found:
            self._kinds[each.kind].append(each)

    def of(self, kind: str) -> list[Found]:
        return sorted(self._kinds[kind], key=lambda each: each.id)

    def one(self, kind: str, id_: str) -> Found | None:
        return next((each for each in self._kinds[kind] if each.id == id_), None)


class _Balancer:
    """One balancer, with what hangs on it."""

    def __init__(self, world: _World, front: Found) -> None:
        self._world = world
        self._front = front
        self._parts: dict[tuple[str, str], Found] = {(kinds.BALANCER, "balancer"): front}
        self._pools: dict[str, Found] = {}  # the first of each name in the spec
        self._names: dict[str, str] = {}  # id of a pool -> its name in the spec
        self._called: dict[tuple[_Members, int], str] = {}  # members, which of such -> name
        self._alike: Counter[tuple[str, _Members]] = Counter()  # by listener and members
        self._unsaid: list[str] = []

    def read(self) -> Portable:
        fields = self._front.fields
        addresses = [*self._addresses()]
        mine = [each for each in self._world.of(kinds.LISTENER) if self._has(each)]
        mine.sort(key=lambda each: (each.fields["port"], each.fields["protocol"]))
        ports = tuple(self._port(each) for each in mine)
        families = tuple(each.fields["family"] for each in addresses)
        first = next(iter(self._pools.values()), None)
        spec = LoadBalancerSpec(
            ports=ports,
            load_balancer_class=fields.get("class", "l4"),
            routability=fields.get("routability", "External"),
            backends=tuple(BackendPool(it, members) for (members, _), it in self._called.items()),
            routes=tuple(self._routes(mine)),
            health_check=_health_check(first),
            source_ranges=tuple(fields.get("source_ranges", ())) or None,
            external_traffic_policy=fields.get("external_traffic_policy", "Cluster"),
            ip_family_policy="RequireDualStack" if len(families) > 1 else "SingleStack",
            ip_families=families if families not in ((), ("IPv4",)) else (),
            placement=Placement(
                zones=tuple(fields.get("zones", ())),
                network=_unless(fields.get("network"), "default"),
                subnets=tuple(fields.get("subnets", ())),
            ),
            traffic_distribution=fields.get("traffic_distribution") or None,
            connection_draining=first.fields.get("draining_seconds", 30) if first else 30,
            **_affinity(first),
        )
        checks = {repr(_health_check(each)) for each in self._pools.values()}
        if len(checks) > 1:
            self._unsaid.append("pools with health checks of their own")
        resource = LoadBalancer(Metadata(name_of(self._front)), spec)
        return Portable(resource, self._parts, tuple(self._unsaid))

    def _has(self, listener: Found) -> bool:
        return bool(listener.fields.get("balancer") == self._front.id)

    def _addresses(self) -> Iterator[Found]:
        for role, name in (("address", "address"), ("second-address", "second_address")):
            found = self._world.one(kinds.ADDRESS, self._front.fields.get(name) or "")
            if found is not None:
                self._parts[kinds.ADDRESS, role] = found
                yield found

    def _port(self, listener: Found) -> Port:
        fields = listener.fields
        number, protocol = fields["port"], fields.get("protocol", "TCP")
        seat = f"{number}-{protocol.lower()}"
        self._parts[kinds.LISTENER, seat] = listener
        pools = [fields.get("pool"), *(route["pool"] for route in fields.get("routes", ()))]
        one = self._one_port(pools)
        for each in pools:
            self._reach(each, seat, one)
        own = self._world.one(kinds.POOL, fields.get("pool") or "")
        certificates = tuple(fields.get("certificates", ()))
        return Port(
            number,
            fields.get("label") or None,
            protocol,
            _unless(one, number),
            backend=self._names[own.id] if own is not None else None,
            app_protocol=(own.fields.get("app_protocol") or None) if own is not None else None,
            tls=Tls(certificates) if certificates else None,
        )

    def _one_port(self, pools: Iterable[str | None]) -> int | None:
        """The port that all backends of a listener have; None when there are several."""
        used = {it["port"] for id_ in pools for it in self._members(id_)}
        return used.pop() if len(used) == 1 else None

    def _reach(self, id_: str | None, seat: str, one: int | None) -> None:
        """A pool behind a listener. Each has its own; those with the same members are one in the
        spec."""
        pool = self._world.one(kinds.POOL, id_ or "")
        if pool is None or pool.id in self._names:
            return
        members = tuple(
            Member(it["address"], None if one else it["port"], it.get("weight", 1))
            for it in self._members(id_)
        )
        self._alike[seat, members] += 1
        name = self._called.setdefault((members, self._alike[seat, members]), name_of(pool))
        self._names[pool.id] = name
        self._pools.setdefault(name, pool)
        for each in (pool, *self._registered(id_)):
            self._parts[each.kind, f"{seat}-{name}"] = each

    def _registered(self, id_: str | None) -> list[Found]:
        every = self._world.of(kinds.MEMBERS)
        return [each for each in every if id_ and each.fields.get("pool") == id_]

    def _members(self, id_: str | None) -> list[Mapping[str, Any]]:
        return [it for each in self._registered(id_) for it in each.fields["members"]]

    def _routes(self, listeners: Iterable[Found]) -> Iterator[Route]:
        seen = set()
        for listener in listeners:
            for each in listener.fields.get("routes", ()):
                route = Route(
                    self._names[each["pool"]],
                    each.get("host") or None,
                    each["path"],
                    each["path_type"],
                )
                if route not in seen:
                    seen.add(route)
                    yield route


def _health_check(pool: Found | None) -> HealthCheck:
    if pool is None or not pool.fields.get("health_check"):
        return HealthCheck()
    told = dict(pool.fields["health_check"])
    told["path"] = told.get("path") or None
    told["port"] = told.get("port") or None
    if told.get("protocol") == ("HTTP" if told["path"] else "TCP"):
        told["protocol"] = None  # what it would be by itself
    return HealthCheck(**told)


def _affinity(pool: Found | None) -> dict[str, Any]:
    seconds = pool.fields.get("affinity_seconds", 0) if pool is not None else 0
    if not seconds:
        return {}
    config = SessionAffinityConfig(ClientIPConfig(seconds))
    return {"session_affinity": "ClientIP", "session_affinity_config": config}


def _volume(disk: Found, facts: Facts) -> Portable:
    fields = disk.fields
    zones = tuple(fields.get("zones", ()))
    if not zones and disk.place not in facts.places[:2]:
        zones = (disk.place,)  # not where one would be made without a word
    note = fields.get("note", "")
    spec = VolumeSpec(
        capacity=Storage(fields["size"]),
        access_modes=tuple(fields.get("access_modes", ("ReadWriteOnce",))),
        volume_mode=fields.get("mode", "Filesystem"),
        fs_type=fields.get("fs_type") or "ext4",
        mount_options=tuple(fields.get("mount_options", ())),
        topology=Topology(zones=zones),
        performance=Performance(
            fields.get("tier", "standard"),
            fields.get("iops") or None,
            fields.get("throughput") or None,
        ),
        encryption=Encryption(fields.get("encrypted", False), fields.get("key") or None),
        replication=fields.get("replication", "zonal"),
        provider_overrides={"memory": {"note": note}} if note else {},
    )
    resource = Volume(Metadata(name_of(disk)), spec)
    return Portable(resource, {(kinds.DISK, "volume"): disk})


def _unless(value: T | None, default: T) -> T | None:
    return None if value == default else value
