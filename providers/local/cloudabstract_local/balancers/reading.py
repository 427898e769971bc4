"""Records of the data plane read back as LoadBalancers: the inverse of expansion. Pure.

Listeners that share an address, or send to the same pools, are one balancer. An address that
several balancers share tells nothing, so these are told apart by their pools alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import (
    BackendPool,
    HealthCheck,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Route,
    Tls,
)
from cloudabstract.provider import Found, Portable

from . import pools
from .kinds import ADDRESS, CERTIFICATE, ENDPOINTS, LISTENER, POOL

_OTHER = re.compile(r"[^a-z0-9]+")
_HINTS = {"http2": "kubernetes.io/h2c", "tls": "https"}  # upstream -> appProtocol
_Members = tuple[Member, ...]
_NOBODY = {"0.0.0.0/32", "::/128"}  # what expansion makes of ranges of the other family


def portable(found: Iterable[Found]) -> Iterator[Portable]:
    """Every balancer that has a listener."""
    known: defaultdict[str, list[Found]] = defaultdict(list)
    for each in sorted(found, key=lambda it: it.id):
        known[each.kind].append(each)
    for group in _groups(known):
        yield _Balancer(known, group).read()


def _groups(known: Mapping[str, list[Found]]) -> list[list[Found]]:
    """Listeners by balancer."""
    holders = Counter(each.fields.get("ip") for each in known.get(ADDRESS.name, ()))
    groups: list[tuple[set[str], list[Found]]] = []
    for listener in known.get(LISTENER.name, ()):
        marks = set(_pools_of(listener))
        address = listener.fields["address"]
        if holders[address] < 2:
            marks.add(address)
        joined = [group for group in groups if group[0] & marks]
        merged = (marks.union(*(it[0] for it in joined)), [listener])
        for each in joined:
            merged[1].extend(each[1])
            groups.remove(each)
        groups.append(merged)
    return [sorted(listeners, key=_seat) for _, listeners in groups]


def _pools_of(listener: Found) -> list[str]:
    routed = (each["pool"] for each in listener.fields.get("routes", ()))
    return [*filter(None, (listener.fields.get("pool"), *routed))]


def _seat(listener: Found) -> tuple[int, str, str]:
    fields = listener.fields
    return fields["port"], fields["protocol"], fields["address"]


class _Balancer:
    """One balancer: its listeners, and all that hangs on them."""

    def __init__(self, known: Mapping[str, list[Found]], listeners: list[Found]) -> None:
        self._known = known
        self._listeners = listeners
        self._parts: dict[tuple[str, str], Found] = {}
        self._names: dict[str, str] = {}  # of a pool's record -> in the spec
        self._called: dict[tuple[_Members, int], str] = {}  # members, which of such -> in the spec
        self._alike: Counter[tuple[str, _Members]] = Counter()  # by frontend and members

    def read(self) -> Portable:
        addresses = self._addresses()
        ports = self._ports()
        first = self._listeners[0].fields
        pool = self._record(POOL.name, first.get("pool") or "")
        families = tuple(each.fields["family"] for each in addresses)
        ranges = {each for it in self._listeners for each in it.fields.get("source_ranges", ())}
        spec = LoadBalancerSpec(
            ports=ports,
            load_balancer_class="l7" if first.get("mode") == "http" else "l4",
            routability=addresses[0].fields["routability"] if addresses else "External",
            backends=tuple(self._backends()),
            routes=tuple(self._routes(first)),
            health_check=_check(pool),
            source_ranges=tuple(sorted(ranges - _NOBODY)) or None,
            session_affinity="ClientIP" if first.get("sticky") else "None",
            external_traffic_policy=_policy(pool),
            ip_family_policy="RequireDualStack" if len(families) > 1 else "SingleStack",
            ip_families=families if families not in ((), ("IPv4",)) else (),
            address_refs=tuple(filter(None, (it.fields.get("wanted") for it in addresses))),
            connection_draining=first.get("drain", 30),
        )
        return Portable(LoadBalancer(Metadata(self._name(addresses)), spec), self._parts)

    def _name(self, addresses: list[Found]) -> str:
        front = (addresses or self._listeners)[0].name
        return _OTHER.sub("-", front.lower()).strip("-")[:50].strip("-") or "balancer"

    def _record(self, kind: str, name: str) -> Found | None:
        return next((each for each in self._known.get(kind, ()) if each.name == name), None)

    def _addresses(self) -> list[Found]:
        """One of each family, IPv4 first."""
        used = {each.fields["address"] for each in self._listeners}
        chosen: dict[str, Found] = {}
        for each in self._known.get(ADDRESS.name, ()):
            if each.fields.get("ip") in used:
                chosen.setdefault(each.fields["family"], each)
        for family in sorted(chosen):
            self._parts[ADDRESS.name, family.lower()] = chosen[family]
        return [chosen[family] for family in sorted(chosen)]

    def _ports(self) -> tuple[Port, ...]:
        ports: dict[tuple[int, str], Port] = {}
        for listener in self._listeners:
            fields = listener.fields
            seat = f"{fields['protocol'].lower()}-{fields['port']}"
            family = pools.family_of(fields["address"]).lower()
            self._parts[LISTENER.name, f"{seat}-{family}"] = listener
            one = self._one_port(listener)
            for name in _pools_of(listener):
                self._reach(name, seat, one)
            ports.setdefault((fields["port"], fields["protocol"]), self._port(listener))
        return tuple(ports.values())

    def _port(self, listener: Found) -> Port:
        fields = listener.fields
        pool = self._record(POOL.name, fields.get("pool") or "")
        upstream = pool.fields.get("upstream", "plain") if pool is not None else "plain"
        refs = tuple(self._certificates(fields.get("certificates", ())))
        return Port(
            fields["port"],
            fields.get("port_name") or None,
            fields["protocol"],
            _unless(self._one_port(listener), fields["port"]),
            self._names.get(fields.get("pool") or ""),
            _HINTS.get(upstream),
            Tls(refs) if refs else None,
        )

    def _certificates(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            found = self._record(CERTIFICATE.name, name)
            if found is not None:
                reference = found.fields["reference"]
                role = hashlib.sha256(reference.encode()).hexdigest()[:8]
                self._parts[CERTIFICATE.name, role] = found
                yield reference

    def _one_port(self, listener: Found) -> int | None:
        """The port that all backends of a frontend have; None when there are several."""
        used = {member["port"] for name in _pools_of(listener) for member in self._registered(name)}
        return used.pop() if len(used) == 1 else None

    def _reach(self, name: str, seat: str, one: int | None) -> None:
        """A pool. Each frontend has its own; those with the same members are one in the spec."""
        if name in self._names:
            return
        members = tuple(
            Member(it["address"], None if one else it["port"], it["weight"])
            for it in self._registered(name)
        )
        self._alike[seat, members] += 1
        key = (members, self._alike[seat, members])
        number = len(self._called) + 1
        called = self._called.setdefault(key, f"backends-{number}" if number > 1 else "backends")
        self._names[name] = called
        for found in (self._record(POOL.name, name), self._endpoints(name)):
            if found is not None:
                self._parts[found.kind, f"{called}-{seat}"] = found

    def _registered(self, pool: str) -> list[dict[str, Any]]:
        found = self._endpoints(pool)
        return list(found.fields["members"]) if found is not None else []

    def _endpoints(self, pool: str) -> Found | None:
        every = self._known.get(ENDPOINTS.name, ())
        return next((each for each in every if each.fields["pool"] == pool), None)

    def _backends(self) -> Iterator[BackendPool]:
        for (members, _), called in self._called.items():
            yield BackendPool(called, members)

    def _routes(self, first: Mapping[str, Any]) -> Iterator[Route]:
        for each in first.get("routes", ()):
            pool, host = self._names[each["pool"]], each["host"] or None
            yield Route(pool, host, each["path"], each["path_type"])


def _unless(value: int | None, default: int) -> int | None:
    return None if value == default else value


def _policy(pool: Found | None) -> Any:
    return "Local" if pool is not None and pool.fields.get("proxy_protocol") else "Cluster"


def _check(pool: Found | None) -> HealthCheck:
    told = dict((pool.fields.get("check") if pool is not None else None) or {})
    if not told:
        return HealthCheck()
    told["path"] = told.get("path") or None
    told["port"] = told.get("port") or None
    if told["protocol"] == ("HTTP" if told["path"] else "TCP"):
        told["protocol"] = None  # what it would be by itself
    return HealthCheck(**told)
