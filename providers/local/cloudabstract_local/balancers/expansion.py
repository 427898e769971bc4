"""A balancer to its parts. Pure: the same input gives the same parts.

address        one for each IP family
pool, endpoints    for each frontend and each pool of the spec that it can send traffic to:
               ports may differ between frontends, and so does what is checked
certificate    one for each name in a `tls`
listener       one for each frontend and IP family
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cloudabstract.model import BackendPool, LoadBalancer, Port
from cloudabstract.provider import Facts, Part, PartKey, backends, pool_of
from cloudabstract_local.settings import LocalSettings

from . import pools
from .checking import health_check_for
from .families import families
from .kinds import ADDRESS, CERTIFICATE, ENDPOINTS, LISTENER, POOL

_UPSTREAM = {
    "kubernetes.io/h2c": "http2",
    "h2c": "http2",
    "http2": "http2",
    "grpc": "http2",
    "https": "tls",
    "kubernetes.io/wss": "tls",
}


def expand(resource: LoadBalancer, facts: Facts, settings: LocalSettings) -> Iterator[Part]:
    """Every part of `resource`, those that others point at first."""
    made = _Expansion(resource, facts, settings)
    addresses = {
        family: made.address(family) for family in families(resource.spec, settings).served
    }
    yield from addresses.values()
    certificates = made.certificates(addresses)
    yield from certificates.values()
    for port in resource.spec.ports:
        reached = made.reached(port)
        for pair in reached.values():
            yield from (pair.pool, pair.endpoints)
        for family, address in addresses.items():
            yield made.listener(port, family, address, reached, certificates)


@dataclass(frozen=True)
class _Reached:
    """A pool of the spec as one frontend uses it."""

    pool: Part
    endpoints: Part


class _Expansion:
    def __init__(self, resource: LoadBalancer, facts: Facts, settings: LocalSettings) -> None:
        self._resource = resource
        self._spec = resource.spec
        self._facts = facts
        self._settings = settings

    def address(self, family: str) -> Part:
        refs = [each for each in self._spec.address_refs if _is_of(each, family)]
        wanted = str(ipaddress.ip_address(refs[0])) if refs else ""
        routability = self._spec.routability
        fields = {"family": family, "routability": routability, "wanted": wanted}
        return self._part(ADDRESS.name, family.lower(), fields)

    def certificates(self, addresses: Mapping[str, Part]) -> dict[str, Part]:
        tls = [port.tls.certificate_refs for port in self._spec.ports if port.tls is not None]
        names = dict.fromkeys(ref for refs in tls for ref in refs)
        return {ref: self._certificate(ref, addresses) for ref in names}

    def _certificate(self, ref: str, addresses: Mapping[str, Part]) -> Part:
        role = hashlib.sha256(ref.encode()).hexdigest()[:8]
        files = self._settings.certificates.get(ref)
        hosts = sorted({each.host for each in self._spec.routes if each.host})
        fields: dict[str, Any] = {
            "reference": ref,
            "source": "self-signed" if files is None else "files",
            "certificate": "" if files is None else files.certificate,
            "key": "" if files is None else files.key,
            "hosts": hosts if files is None else [],
            "addresses": [each.ref("ip") for each in addresses.values()] if files is None else [],
            "valid": True,
        }
        return self._part(CERTIFICATE.name, role, fields)

    def reached(self, port: Port) -> dict[str, _Reached]:
        """By pool name: every pool this frontend can send traffic to; "" where there is none."""
        default = pool_of(self._spec, port)
        named = {default.name if default else "": default}
        routed = {each.backend for each in self._spec.routes}
        named |= {each.name: each for each in self._spec.backends if each.name in routed}
        return {name: self._reach(port, name, pool) for name, pool in named.items()}

    def _reach(self, port: Port, name: str, members: BackendPool | None) -> _Reached:
        role = f"{name or 'nobody'}-{_seat(port)}"
        check = health_check_for(self._spec, port)
        pool = self._part(
            POOL.name,
            role,
            {
                "protocol": port.protocol,
                "upstream": self._upstream(port),
                "policy": "source-ip" if self._sticky else "round-robin",
                "proxy_protocol": self._spec.external_traffic_policy == "Local",
                "check": None if check is None else asdict(check),
            },
        )
        chosen = [
            {"address": each.address, "port": each.port, "weight": each.weight}
            for each in backends(members, port, self._facts.hosts)
        ]
        fields = {"pool": pool.ref("name"), "members": chosen}
        return _Reached(pool, self._part(ENDPOINTS.name, role, fields))

    def listener(
        self,
        port: Port,
        family: str,
        address: Part,
        reached: Mapping[str, _Reached],
        certificates: Mapping[str, Part],
    ) -> Part:
        default = pool_of(self._spec, port)
        fallback = reached[default.name if default else ""].pool.ref("name")
        refs = port.tls.certificate_refs if port.tls else ()
        fields = {
            "address": address.ref("ip"),
            "port": port.port,
            "protocol": port.protocol,
            "port_name": port.name or "",
            "mode": "http" if self._spec.load_balancer_class == "l7" else "forward",
            "pool": fallback,
            "routes": self._routes(reached),
            "certificates": [certificates[ref].ref("name") for ref in refs],
            "source_ranges": self._sources(family),
            "sticky": self._sticky,
            "drain": self._spec.connection_draining,
            "serving": True,
        }
        after = tuple(pair.endpoints.key for pair in reached.values())
        return self._part(LISTENER.name, f"{_seat(port)}-{family.lower()}", fields, after)

    def _routes(self, reached: Mapping[str, _Reached]) -> list[dict[str, Any]]:
        return [
            {
                "host": each.host or "",
                "path": each.path,
                "path_type": each.path_type,
                "pool": reached[each.backend].pool.ref("name"),
            }
            for each in self._spec.routes
            if each.backend in reached
        ]

    def _sources(self, family: str) -> list[str]:
        """The ranges of this family; when all are of the other, nobody may come in by this one."""
        asked = self._spec.source_ranges or ()
        mine = sorted(
            each for each in map(_network, asked) if _is_of(each.partition("/")[0], family)
        )
        nobody = ["0.0.0.0/32"] if family == "IPv4" else ["::/128"]
        return mine or (nobody if asked else [])

    def _upstream(self, port: Port) -> str:
        if self._spec.load_balancer_class != "l7":
            return "plain"
        return _UPSTREAM.get((port.app_protocol or "").lower(), "plain")

    @property
    def _sticky(self) -> bool:
        return self._spec.session_affinity == "ClientIP"

    def _part(
        self, kind: str, role: str, fields: Mapping[str, Any], after: tuple[PartKey, ...] = ()
    ) -> Part:
        key = PartKey(self._resource.key, kind, role)
        return Part(key, self._facts.place, fields, after)


def _is_of(reference: str, family: str) -> bool:
    """Whether it is an address of the family; a name is none, and the checks have objected."""
    try:
        return pools.family_of(reference) == family
    except ValueError:
        return False


def _network(cidr: str) -> str:
    """A CIDR as it is usually written; what is none stays, and the checks have objected."""
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        return cidr


def _seat(port: Port) -> str:
    return f"{port.protocol.lower()}-{port.port}"
