"""Who is behind a pool: picked by address, identity or label, the same way on every target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cloudabstract.model import BackendPool, LoadBalancerSpec, Port


@dataclass(frozen=True)
class Host:
    """A machine of the target that can be a backend: from its inventory or its instances."""

    name: str
    address: str
    labels: Mapping[str, str] = field(default_factory=dict)
    id: str = ""  # the target's own id, where it has one
    zone: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)  # named ports


@dataclass(frozen=True, order=True)
class Backend:
    """One backend of one port, with everything resolved. `instance` is a target's id, or ""."""

    address: str
    port: int
    weight: int = 1
    instance: str = ""
    zone: str = ""


def pool_of(spec: LoadBalancerSpec, port: Port) -> BackendPool | None:
    """The pool that serves `port` by default; None when the balancer has no pool at all."""
    if port.backend is None:
        return spec.backends[0] if spec.backends else None
    return next((pool for pool in spec.backends if pool.name == port.backend), None)


def backends(pool: BackendPool | None, port: Port, hosts: Iterable[Host]) -> tuple[Backend, ...]:
    """The backends of `pool` for `port`, sorted, without duplicates.

    Hosts that do not exist, or do not name the wanted port, are left out: what is missing shows as
    Degraded(NoBackends), never as an error (semantics 3.1.4).
    """
    if pool is None:
        return ()
    if pool.addresses is not None:
        known = (
            Backend(each.address, each.port or _number(pool, port, {}), each.weight)
            for each in pool.addresses
        )
        return _tidy(known)
    chosen = _by_identity(pool, hosts) if pool.instances is not None else _by_label(pool, hosts)
    return _tidy(
        Backend(host.address, number or _number(pool, port, host.ports), weight, host.id, host.zone)
        for host, number, weight in chosen
    )


def _by_identity(
    pool: BackendPool, hosts: Iterable[Host]
) -> Iterable[tuple[Host, int | None, int]]:
    by_name = {key: host for host in hosts for key in (host.name, host.id) if key}
    for each in pool.instances or ():
        if each.name in by_name:
            yield by_name[each.name], each.port, each.weight


def _by_label(pool: BackendPool, hosts: Iterable[Host]) -> Iterable[tuple[Host, int | None, int]]:
    for host in hosts:
        if pool.selector is not None and pool.selector.matches(host.labels):
            yield host, None, 1


def _number(pool: BackendPool, port: Port, named: Mapping[str, int]) -> int:
    wanted = pool.target_port or port.target_port
    if isinstance(wanted, str):
        return named.get(wanted, 0)
    return wanted or port.port


def _tidy(found: Iterable[Backend]) -> tuple[Backend, ...]:
    """Sorted, portless ones dropped; of two with one address and port the first counts."""
    unique: dict[tuple[str, int], Backend] = {}
    for each in found:
        if each.port:
            unique.setdefault((each.address, each.port), each)
    return tuple(unique[key] for key in sorted(unique))
