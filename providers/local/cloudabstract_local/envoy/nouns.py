"""What is wanted of the data plane, as values; read from the fields of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Upstream = Literal["plain", "http2", "tls"]


@dataclass(frozen=True)
class Check:
    """An active health check. Times in seconds; `port` 0 is the port that gets traffic."""

    protocol: Literal["TCP", "HTTP", "HTTPS"]
    path: str
    port: int
    interval: int
    timeout: int
    healthy_threshold: int
    unhealthy_threshold: int


@dataclass(frozen=True)
class Member:
    """One backend of a pool; weight 0 gets no new traffic."""

    address: str
    port: int
    weight: int


@dataclass(frozen=True)
class Pool:
    """Backends that share traffic."""

    name: str
    udp: bool
    upstream: Upstream  # how backends are spoken to; "plain" is what came in
    by_source: bool  # keep a client's address on one backend
    proxy_protocol: bool
    check: Check | None
    members: tuple[Member, ...] = ()

    @classmethod
    def of(cls, name: str, fields: Mapping[str, Any], members: tuple[Member, ...]) -> Pool:
        """The pool of a `local.pool` record, with the members of its endpoints."""
        check = fields["check"]
        return cls(
            name,
            fields["protocol"] == "UDP",
            fields["upstream"],
            fields["policy"] == "source-ip",
            fields["proxy_protocol"],
            None if check is None else Check(**check),
            members,
        )


@dataclass(frozen=True)
class Path:
    """Requests for a host and path, and the pool that gets them; host "" is any."""

    host: str
    path: str
    exact: bool
    pool: str


@dataclass(frozen=True)
class Frontend:
    """One address and port on which traffic is taken."""

    name: str
    address: str
    port: int
    udp: bool
    http: bool
    pool: str
    paths: tuple[Path, ...]
    certificates: tuple[str, ...]
    sources: tuple[str, ...]  # CIDRs that may connect; empty is all
    by_source: bool
    drain: int  # seconds that open connections have once it goes

    @classmethod
    def of(cls, name: str, fields: Mapping[str, Any]) -> Frontend:
        """The frontend of a `local.listener` record."""
        return cls(
            name,
            fields["address"],
            fields["port"],
            fields["protocol"] == "UDP",
            fields["mode"] == "http",
            fields["pool"],
            tuple(
                Path(each["host"], each["path"], each["path_type"] == "Exact", each["pool"])
                for each in fields["routes"]
            ),
            tuple(fields["certificates"]),
            tuple(fields["source_ranges"]),
            fields["sticky"],
            fields["drain"],
        )

    @property
    def pools(self) -> tuple[str, ...]:
        """Every pool it sends traffic to, each once."""
        named = (self.pool, *(each.pool for each in self.paths))
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True)
class Certificate:
    """A certificate and its chain as PEM, and the path of the file with its key."""

    name: str
    chain: str
    key: str
