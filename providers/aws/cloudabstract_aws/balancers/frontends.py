"""A spec's ports as the listeners they become. Pure.

TCP and UDP on one number are one listener, `TCP_UDP`. A frontend's seat, its number, is its
identity on the balancer: what else is said of it can change in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cloudabstract.model import BackendPool, LoadBalancerSpec, Port
from cloudabstract.provider import pool_of

_VERSIONS = {
    "h2c": "HTTP2",
    "http2": "HTTP2",
    "kubernetes.io/h2c": "HTTP2",
    "grpc": "GRPC",
}
_ENCRYPTED = ("https", "wss", "kubernetes.io/wss")
HTTP_PROTOCOLS = frozenset({"http", "ws", "kubernetes.io/ws", *_ENCRYPTED, *_VERSIONS})


@dataclass(frozen=True)
class Frontend:
    """One listener: the ports of the spec it serves, and the words of the API for it."""

    ports: tuple[Port, ...]
    protocol: str  # of the listener: TCP, UDP, TCP_UDP, TLS, HTTP, HTTPS
    group_protocol: str  # of its target groups: TCP, UDP, TCP_UDP, HTTP, HTTPS
    version: str  # HTTP1, HTTP2, GRPC; "" for l4

    @property
    def port(self) -> Port:
        """The port of the spec that speaks for the frontend."""
        return self.ports[0]

    @property
    def seat(self) -> str:
        """Its number as text: part of the roles of everything that belongs to it."""
        return str(self.port.port)

    def group_port(self, pool: BackendPool | None) -> int:
        """What a pool's target groups say their port is; each target has its own besides."""
        target = (pool.target_port if pool is not None else None) or self.port.target_port
        return target if isinstance(target, int) else self.port.port


def frontends(spec: LoadBalancerSpec) -> tuple[Frontend, ...]:
    """The frontends of `spec`, in the order of its ports."""
    by_number: dict[int, list[Port]] = {}
    for port in spec.ports:
        by_number.setdefault(port.port, []).append(port)
    make = _web if spec.load_balancer_class == "l7" else _plain
    return tuple(make(tuple(ports)) for ports in by_number.values())


def reached(spec: LoadBalancerSpec, frontend: Frontend) -> Iterator[tuple[str, BackendPool | None]]:
    """Every pool a frontend can send traffic to, by name, its default first; ("", None): nobody."""
    default = pool_of(spec, frontend.port)
    yield (default.name if default else "", default)
    routed = {each.backend for each in spec.routes} - {default.name if default else ""}
    yield from ((pool.name, pool) for pool in spec.backends if pool.name in routed)


def transports(frontend: Frontend) -> tuple[str, ...]:
    """What the security group must let in: tcp, udp, or both."""
    spoken = {each.protocol.lower() for each in frontend.ports}
    return tuple(sorted(spoken & {"tcp", "udp"}))


def usual_names(frontend: Frontend) -> list[str]:
    """Names of its ports that say no more than the ports do: `tcp-80`."""
    return [f"{each.protocol.lower()}-{each.port}" for each in frontend.ports]


def _web(ports: tuple[Port, ...]) -> Frontend:
    hint = (ports[0].app_protocol or "").lower()
    behind = "HTTPS" if hint in _ENCRYPTED else "HTTP"
    return Frontend(
        ports, "HTTPS" if ports[0].tls else "HTTP", behind, _VERSIONS.get(hint, "HTTP1")
    )


def _plain(ports: tuple[Port, ...]) -> Frontend:
    spoken = {each.protocol for each in ports}
    if spoken == {"TCP", "UDP"}:
        return Frontend(ports, "TCP_UDP", "TCP_UDP", "")
    protocol = ports[0].protocol
    return Frontend(ports, "TLS" if ports[0].tls else protocol, protocol, "")
