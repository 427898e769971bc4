"""Class l4: a regional passthrough balancer as parts. Pure.

Ports that share a pool and a protocol share a backend service, a check and a forwarding rule of up
to five ports. TCP and UDP on one number are two services and two rules on one address: the one
rule for both that Google has (L3_DEFAULT) would open all ports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cloudabstract.model import BackendPool, Port
from cloudabstract.provider import Part, pool_of

from . import kinds, probing, words
from .drafting import ANSWER, Draft, allowing, cidrs
from .members import Group

_AFFINITY = {"None": "NONE", "ClientIP": "CLIENT_IP"}


@dataclass(frozen=True)
class Frontend:
    """Ports that are served alike."""

    pool: BackendPool | None
    protocol: str
    ports: tuple[Port, ...]

    @property
    def role(self) -> str:
        """`web-tcp`."""
        return f"{pool_name(self.pool)}-{self.protocol.lower()}"


def pool_name(pool: BackendPool | None) -> str:
    """The name of a pool in roles."""
    return pool.name if pool is not None else "nobody"


def frontends(draft: Draft) -> list[Frontend]:
    """The ports by pool and protocol, in the order of the spec."""
    grouped: dict[tuple[str, str], list[Port]] = {}
    pools: dict[str, BackendPool | None] = {}
    for port in draft.spec.ports:
        pool = pool_of(draft.spec, port)
        pools[pool_name(pool)] = pool
        grouped.setdefault((pool_name(pool), port.protocol), []).append(port)
    return [Frontend(pools[name], protocol, tuple(p)) for (name, protocol), p in grouped.items()]


def expand(draft: Draft) -> Iterator[Part]:
    """Every part, those that others point at first."""
    address = draft.address()
    if address is not None:
        yield address
    fronts = frontends(draft)
    groups: dict[str, list[tuple[Part, Group]]] = {}
    for front in fronts:
        name = pool_name(front.pool)
        if name not in groups:
            groups[name] = draft.groups(name, draft.reach.passthrough(front.pool, front.ports[0]))
            yield from (part for part, _ in groups[name])
    if not draft.says(words.FIREWALL):
        yield from _firewalls(draft, address, fronts)
    filled: set[str] = set()
    checks: dict[str, Part] = {}
    for front in fronts:
        name = pool_name(front.pool)
        check = _check(draft, front)
        if check is not None and check.key.role not in checks:
            yield checks.setdefault(check.key.role, check)
        service = _service(draft, front, check, groups[name])
        yield service
        endpoints = [] if name in filled else draft.endpoints(service, groups[name])
        filled.add(name)
        yield from endpoints
        yield from _rules(draft, front, address, service, endpoints)


def _firewalls(draft: Draft, address: Part | None, fronts: list[Frontend]) -> Iterator[Part]:
    checked = [_checked(draft, front) for front in fronts]
    yield draft.probes({"tcp": checked})
    ports: dict[str, list[int]] = {}
    for port in draft.spec.ports:
        ports.setdefault(port.protocol.lower(), []).append(port.port)
    _, cidr = draft.numbers(address)
    want = {
        "sourceRanges": cidrs(draft.spec.source_ranges),
        "destinationRanges": [cidr],  # Google hands packets on as they came: to this address
        "allowed": allowing(ports),
    }
    yield draft.firewall("clients", want)


def _checked(draft: Draft, front: Frontend) -> int:
    return probing.port_to_check(draft.spec, front.ports) or front.ports[0].port


def _check(draft: Draft, front: Frontend) -> Part | None:
    """One for each front; one for all where the spec names the port; none where it is others'."""
    if draft.others_check:
        return None
    want = probing.check_fields(draft.spec, draft.scope, _checked(draft, front))
    role = front.role if draft.spec.health_check.port is None else "check"
    return draft.part(kinds.HEALTH_CHECK, role, want)


def _service(
    draft: Draft, front: Frontend, check: Part | None, groups: list[tuple[Part, Group]]
) -> Part:
    close = draft.internal and draft.spec.traffic_distribution == "PreferClose"
    want = {
        "scope": draft.scope,
        "loadBalancingScheme": draft.scheme,
        "protocol": front.protocol,
        "network": draft.network if draft.internal else "",
        "healthChecks": draft.checks(check),
        "backends": draft.backends(groups, front.pool),
        "sessionAffinity": _AFFINITY[draft.spec.session_affinity],
        "drainingTimeoutSec": draft.spec.connection_draining,
        "timeoutSec": ANSWER,
        "zonalAffinity": f"ZONAL_AFFINITY_{'SPILL_CROSS_ZONE' if close else 'DISABLED'}",
    }
    return draft.part(kinds.BACKEND_SERVICE, front.role, want)


def _rules(
    draft: Draft, front: Frontend, address: Part | None, service: Part, endpoints: list[Part]
) -> Iterator[Part]:
    """One rule for all ports of a front, or one for each."""
    after = [each.key for each in endpoints]
    ports = sorted(str(each.port) for each in front.ports)
    alone = draft.says(words.RULES)
    for chosen in [[each] for each in ports] if alone else [ports]:
        want = {
            **draft.front(address),
            "IPProtocol": front.protocol,
            "ports": chosen,
            "portRange": "",
            "backendService": service.ref("link"),
            "target": "",
        }
        role = f"{front.role}-{chosen[0]}" if alone else front.role
        yield draft.part(kinds.FORWARDING_RULE, role, want, after)
