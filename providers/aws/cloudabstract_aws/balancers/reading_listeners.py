"""Listeners and rules read back as ports, routes and the pools that they reach. Pure.

A route of ours is on every port of the balancer, so the port with the most routes says which there
are, and another with other routes cannot be said. A listener or rule that cannot be said stays as
it is, and nobody's; what is left unsaid tells of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cloudabstract.model import BackendPool, Port, Route, Tls
from cloudabstract.provider import Found
from cloudabstract_aws.fitting import Unlike
from cloudabstract_aws.settings import AwsSettings

from .expansion import TLS_POLICY
from .kinds import LISTENER, RULE
from .own_words import OwnWords
from .reading_naming import Pools
from .reading_sides import Key, Side, side_of
from .routing import matches
from .world import World

_HINTS = {
    ("HTTP", "HTTP1"): None,
    ("HTTPS", "HTTP1"): "https",
    ("HTTP", "HTTP2"): "http2",
    ("HTTP", "GRPC"): "grpc",
}


@dataclass(frozen=True)
class Read:
    """What the listeners of a balancer say."""

    ports: tuple[Port, ...]
    backends: tuple[BackendPool, ...]
    routes: tuple[Route, ...]
    parts: Mapping[tuple[str, str], Found]
    groups: tuple[tuple[str, Found], ...]  # the seat of a listener, and a group that it reaches
    words: OwnWords
    unsaid: tuple[str, ...]


def read_listeners(world: World, front: Found, settings: AwsSettings) -> Read:
    """All listeners of a balancer. Raises Unlike when none of them can be said."""
    sides: list[Side] = []
    unsaid: list[str] = []
    for each in world.listeners(front):
        try:
            sides.append(side_of(world, each))
        except Unlike as why:
            unsaid.append(_stays(each, why))
    if not sides:
        raise Unlike("; ".join(unsaid) or "it has no listener")
    used = Counter(id_ for side in sides for id_ in side.groups)
    pools = Pools(world, shared=any(number > 1 for number in used.values()))
    reading = _Reading(pools, {arn: name for name, arn in settings.certificates.items()})
    for side in sorted(sides, key=lambda one: (-len(one.rules), one.number)):
        try:
            reading.add(side)
        except Unlike as why:
            unsaid.append(_stays(side.listener, why))
    return reading.read(unsaid)


def _stays(listener: Found, why: Unlike) -> str:
    return f"port {listener.fields['port']} {why}: it stays as it is, and is not looked after"


class _Reading:
    """The listeners of one balancer, the one with the most routes first."""

    def __init__(self, pools: Pools, certificates: Mapping[str, str]) -> None:
        self._pools = pools
        self._certificates = certificates  # names by ARN
        self._routes: dict[Key, str] | None = None  # what is matched -> pool
        self._sides: list[tuple[Side, str]] = []  # with the pool that gets the rest

    def add(self, side: Side) -> None:
        """One more listener. Raises Unlike, and is as before then."""
        pools = self._pools.copy()
        keys = [key for key, _ in side.rules]
        if self._routes is None:
            routes = {key: pools.named(spread, side) for key, (_, spread) in side.rules}
        elif self._routes.keys() != set(keys):
            raise Unlike("has other routes than the port with the most")
        else:
            routes = self._routes
            for key, (_, spread) in side.rules:
                pools.join(routes[key], spread, side)
        default = pools.named(side.default, side)
        self._pools, self._routes = pools, routes
        self._sides.append((side, default))

    def read(self, unsaid: Iterable[str]) -> Read:
        """Everything that was added."""
        self._sides.sort(key=lambda each: each[0].number)
        web = self._sides[0][0].web
        ports = _called([self._ports(side, pool) for side, pool in self._sides])
        backends = self._pools.backends(own_port=web)
        if web:
            ports, backends = _plainly(ports, backends)
        told = [line for side, _ in self._sides for line in side.unsaid]
        return Read(
            tuple(ports),
            backends,
            tuple(Route(name, *key) for key, name in (self._routes or {}).items()),
            self._parts(),
            tuple(self._pools.groups()),
            self._words(),
            (*unsaid, *told),
        )

    def _ports(self, side: Side, pool: str) -> list[Port]:
        fields = side.listener.fields
        said = fields["port_name"].split()
        protocols = fields["protocol"].split("_") if "UDP" in fields["protocol"] else ["TCP"]
        refs = tuple(self._certificates.get(each, each) for each in fields["certificates"])
        target = None if side.web else self._pools.port(pool)
        return [
            Port(
                side.number,
                said[index] if len(said) == len(protocols) else None,
                protocol,
                None if target == side.number else target,
                pool,
                _HINTS[side.spoken] if side.web else None,
                Tls(refs) if refs else None,
            )
            for index, protocol in enumerate(protocols)
        ]

    def _parts(self) -> dict[tuple[str, str], Found]:
        """Objects by kind and role."""
        first: dict[str, str] = {}
        for side, default in self._sides:
            for name in (default, *(self._routes or {}).values()):
                first.setdefault(name, side.seat)
        parts = {(kind, role): found for kind, role, found in self._pools.roles(first)}
        for side, _ in self._sides:
            parts[LISTENER.name, side.seat] = side.listener
            for key, (rule, _) in side.rules:
                (match,) = matches([Route("", *key)])
                parts[RULE.name, f"{side.seat}-{match.role}"] = rule
        return parts

    def _words(self) -> OwnWords:
        policies = [
            each.listener.fields["ssl_policy"]
            for each, _ in self._sides
            if each.listener.fields["certificates"]
        ]
        policy = policies[0] if policies and policies[0] != TLS_POLICY else ""
        most = max((side for side, _ in self._sides), key=lambda side: len(side.rules))
        return OwnWords(
            ssl_policy=policy,
            without_groups=self._pools.without_groups(),
            shared=self._pools.shared,
            priorities=_priorities(most),
        )


def _priorities(side: Side) -> tuple[int, ...]:
    """Those of its rules, where they are tried in our order but numbered otherwise."""
    known = {key: int(rule.fields["priority"]) for key, (rule, _) in side.rules}
    usual = matches([Route("", *key) for key in known])
    told = tuple(known[each.route.host, each.route.path, each.route.path_type] for each in usual)
    plain = tuple(each.priority for each in usual)
    return told if told == tuple(sorted(told)) and told != plain else ()


def _called(groups: Iterable[list[Port]]) -> list[Port]:
    """The ports, each with a name where there are several."""
    ports = [each for group in groups for each in group]
    if len(ports) == 1:
        return ports
    return [
        each if each.name else replace(each, name=f"{each.protocol.lower()}-{each.port}")
        for each in ports
    ]


def _plainly(
    ports: list[Port], backends: tuple[BackendPool, ...]
) -> tuple[list[Port], tuple[BackendPool, ...]]:
    """The port of the members said where it is shortest: with the ports, if it is one for all."""
    told = {each.target_port for each in backends if each.addresses != ()}
    if len(told) != 1:
        return ports, backends
    (number,) = told
    plain = tuple(replace(each, target_port=None) for each in backends)
    return [
        replace(each, target_port=None if number == each.port else number) for each in ports
    ], plain
