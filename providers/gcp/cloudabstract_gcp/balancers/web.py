"""Class l7: an application balancer as parts. Pure.

External ones are global, internal ones regional. A pool has a backend service for each target port
that it is reached by, and, where its members have different weights, one for each weight: Google
knows weights between services, in a URL map, not between the endpoints of one. Ports that send
requests to the same services share a URL map.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.model import BackendPool, Port
from cloudabstract.provider import Part, pool_of

from . import kinds, networks, probing, routing, words
from .drafting import ANSWER, Draft
from .members import OUTSIDE, Group, listed
from .passthrough import pool_name
from .speaking import spoken

_AFFINITY = {"None": "NONE", "ClientIP": "CLIENT_IP"}


@dataclass
class _Services:
    """A pool as it is reached by one target port."""

    shares: list[routing.Share] = field(default_factory=list)  # one service for each weight
    endpoints: list[Part] = field(default_factory=list)
    ports: set[int] = field(default_factory=set)  # of members that are instances


def expand(draft: Draft) -> Iterator[Part]:
    """Every part, those that others point at first."""
    made = _Expansion(draft)
    address = draft.address()
    if address is not None:
        yield address
    check = draft.part(kinds.HEALTH_CHECK, "check", made.check_fields())
    if not draft.others_check:
        yield check
    maps: dict[str, Part] = {}
    for port in draft.spec.ports:
        seat = made.seat(port, pool_of(draft.spec, port))
        if seat not in maps:
            yield from made.services(port, check)
            maps[seat] = made.url_map(port, seat)
            yield maps[seat]
        yield from made.front(port, address, maps[seat])
    if not draft.says(words.FIREWALL):
        yield draft.probes({"tcp": made.ports_to_open()})


class _Expansion:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._spec = draft.spec
        self._known: dict[str, _Services] = {}

    def seat(self, port: Port, pool: BackendPool | None) -> str:
        """A pool as `port` reaches it: `web-8080`; `web-8080-h2c` where ports speak differently.

        One protocol for all stays out of the name: then to change it replaces the service, and its
        groups and their endpoints stay.
        """
        several = len({spoken(each) for each in self._spec.ports}) > 1
        ending = f"-{(spoken(port) or 'http').lower()}" if several else ""
        own = pool.target_port if pool is not None else None
        return f"{pool_name(pool)}-{own or port.target_port or port.port}{ending}"

    def check_fields(self) -> dict[str, object]:
        """One check for all pools, on the endpoints' own ports unless a port is asked for."""
        port = self._spec.health_check.port or probing.SERVING
        return probing.check_fields(self._spec, self._draft.scope, port)

    def services(self, port: Port, check: Part) -> Iterator[Part]:
        """The services of every pool that `port` can send requests to, but those known already."""
        routed = {each.backend for each in self._spec.routes}
        default = pool_of(self._spec, port)
        others = [each for each in self._spec.backends if each.name in routed and each != default]
        for pool in (default, *others):
            seat = self.seat(port, pool)
            if seat not in self._known:
                self._known[seat] = _Services()
                yield from self._serve(seat, port, pool, check)

    def url_map(self, port: Port, seat: str) -> Part:
        """Where the requests of `port` go."""
        pools = {each.name: each for each in self._spec.backends}

        def shares(name: str) -> list[routing.Share]:
            return self._known[self.seat(port, pools[name])].shares

        want = {
            "scope": self._draft.scope,
            "default": routing.destination(self._known[seat].shares),
            "hosts": routing.hosts(self._spec.routes, shares, self._draft.says(words.PREFIXES)),
        }
        return self._draft.part(kinds.URL_MAP, seat, want)

    def front(self, port: Port, address: Part | None, url_map: Part) -> Iterator[Part]:
        """Proxy and rule of one port."""
        draft, role = self._draft, str(port.port)
        want: dict[str, object] = {"scope": draft.scope, "urlMap": url_map.ref("link")}
        kind = kinds.HTTP_PROXY
        if port.tls is not None:
            kind = kinds.HTTPS_PROXY
            want["sslCertificates"] = [
                networks.certificate_of(each, self._spec, draft.settings)
                for each in port.tls.certificate_refs
            ]
        proxy = draft.part(kind, role, want)
        fields = {
            **draft.front(address),
            "IPProtocol": "TCP",
            "ports": [],
            "portRange": f"{port.port}-{port.port}",
            "backendService": "",
            "target": proxy.ref("link"),
        }
        after = [each.key for one in self._known.values() for each in one.endpoints]
        yield proxy
        yield draft.part(kinds.FORWARDING_RULE, role, fields, after)

    def ports_to_open(self) -> set[int]:
        """Where proxies and probes must reach instances; the target ports if there are none."""
        open_ = {number for one in self._known.values() for number in one.ports}
        named = {each.target_port or each.port for each in self._spec.ports}
        named |= {each.target_port for each in self._spec.backends if each.target_port}
        open_ |= {each for each in named if isinstance(each, int)}
        return open_ | ({self._spec.health_check.port} if self._spec.health_check.port else set())

    def _serve(
        self, seat: str, port: Port, pool: BackendPool | None, check: Part
    ) -> Iterator[Part]:
        services = self._known[seat]
        found = self._draft.reach.resolved(pool, port)
        weights = _weights(pool)
        for weight in weights:
            role = seat if len(weights) == 1 else f"{seat}-w{weight}"
            chosen = [each for each in found if each.weight == weight]
            groups = self._draft.groups(role, self._draft.reach.application(chosen))
            backends = self._draft.backends(groups, pool)
            part = self._service(role, port, check, backends)
            yield from (each for each, _ in groups)
            yield part
            endpoints = self._draft.endpoints(part, groups)
            yield from endpoints
            services.endpoints += endpoints
            services.ports |= _ports(groups)
            services.shares.append(routing.Share(part.ref("link"), weight * len(chosen)))

    def _service(self, role: str, port: Port, check: Part, backends: list[Any]) -> Part:
        want = {
            "scope": self._draft.scope,
            "loadBalancingScheme": self._draft.scheme,
            "protocol": spoken(port) or "HTTP",
            "network": "",
            "healthChecks": self._draft.checks(check),
            "backends": backends,
            "sessionAffinity": _AFFINITY[self._spec.session_affinity],
            "drainingTimeoutSec": self._spec.connection_draining,
            "timeoutSec": ANSWER,
        }
        return self._draft.part(kinds.BACKEND_SERVICE, role, want)


def _weights(pool: BackendPool | None) -> list[int]:
    """The different weights of a pool's members, as the spec has them; 0 gets nothing."""
    return sorted({each.weight for each in listed(pool)} - {0}) or [1]


def _ports(groups: list[tuple[Part, Group]]) -> set[int]:
    inside = (group for _, group in groups if group.type != OUTSIDE)
    return {int(each["port"]) for group in inside for each in group.members}
