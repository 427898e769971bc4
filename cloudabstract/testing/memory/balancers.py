"""A LoadBalancer as parts: addresses, the balancer, and for each port its pools and a listener.

A pool serves one backend pool on one port, for the backends' port depends on both. Its members are
a part of their own, so that scaling backends touches the registration and nothing else. A
reserved address (`addressRefs`) belongs to its owner: the balancer names it by id, and no part is
made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cloudabstract.model import BackendPool, LoadBalancer, LoadBalancerSpec, Port, ResourceKey
from cloudabstract.provider import Facts, Part, PartKey, backends, pool_of

from . import kinds
from .check_balancer import families_of


def expand(balancer: LoadBalancer, facts: Facts) -> Iterator[Part]:
    """The parts of `balancer`, each after what it uses."""
    spec, key, place = balancer.spec, balancer.key, facts.place
    reserved = [*_addresses(spec, key, place)]
    yield from (each for each in reserved if isinstance(each, Part))
    ids = [each.ref("id") if isinstance(each, Part) else each for each in reserved]
    front = _front(spec, key, place, ids)
    yield front
    for port in spec.ports:
        pools = _pools(spec, port)
        for pool in pools.values():
            yield from _pool(balancer, port, pool, facts)
        yield _listener(balancer, port, front, pools)


def _addresses(spec: LoadBalancerSpec, key: ResourceKey, place: str) -> Iterator[Part | str]:
    for index, family in enumerate(families_of(spec)):
        if index < len(spec.address_refs):
            yield spec.address_refs[index]
            continue
        role = "address" if index == 0 else "second-address"
        want = {"family": family, "routability": spec.routability}
        yield Part(PartKey(key, kinds.ADDRESS, role), place, want)


def _front(spec: LoadBalancerSpec, key: ResourceKey, place: str, ids: list[Any]) -> Part:
    want = {
        "class": spec.load_balancer_class,
        "routability": spec.routability,
        "address": ids[0],
        "second_address": ids[1] if len(ids) > 1 else "",
        "source_ranges": list(spec.source_ranges or ()),
        "external_traffic_policy": spec.external_traffic_policy,
        "traffic_distribution": spec.traffic_distribution or "",
        "region": place,
        "zones": list(spec.placement.zones),
        "network": spec.placement.network or "default",
        "subnets": list(spec.placement.subnets),
    }
    return Part(PartKey(key, kinds.BALANCER, "balancer"), place, want)


def _pools(spec: LoadBalancerSpec, port: Port) -> dict[str, BackendPool]:
    """The backend pools that serve `port`: its own, and those of the routes."""
    own = pool_of(spec, port)
    by_name = {pool.name: pool for pool in spec.backends}
    named = ([own.name] if own else []) + [route.backend for route in spec.routes]
    return {name: by_name[name] for name in dict.fromkeys(named) if name in by_name}


def _pool(balancer: LoadBalancer, port: Port, pool: BackendPool, facts: Facts) -> Iterator[Part]:
    spec = balancer.spec
    part = Part(_pool_key(balancer.key, port, pool.name), facts.place, _pool_want(spec, port))
    yield part
    members = backends(pool, port, facts.hosts)
    if members:
        want = {
            "pool": part.ref("id"),
            "members": [
                {"address": each.address, "port": each.port, "weight": each.weight}
                for each in members
            ],
        }
        yield Part(PartKey(balancer.key, kinds.MEMBERS, part.key.role), facts.place, want)


def _pool_want(spec: LoadBalancerSpec, port: Port) -> dict[str, Any]:
    check = spec.health_check
    sticky = spec.session_affinity == "ClientIP"
    config = spec.session_affinity_config
    seconds = config.client_ip.timeout_seconds if config else 10800
    return {
        "protocol": "HTTP" if spec.load_balancer_class == "l7" else port.protocol,
        "app_protocol": port.app_protocol or "",
        "health_check": {
            **asdict(check),
            "protocol": check.protocol or ("HTTP" if check.path else "TCP"),
            "path": check.path or "",
            "port": check.port or 0,  # the port that gets traffic
        },
        "affinity_seconds": seconds if sticky else 0,
        "draining_seconds": spec.connection_draining,
    }


def _listener(
    balancer: LoadBalancer, port: Port, front: Part, pools: Mapping[str, BackendPool]
) -> Part:
    def pool(name: str) -> Any:
        return Part(_pool_key(balancer.key, port, name), front.place, {}).ref("id")

    own = pool_of(balancer.spec, port)
    want = {
        "balancer": front.ref("id"),
        "port": port.port,
        "protocol": port.protocol,
        "label": port.name or "",
        "certificates": list(port.tls.certificate_refs) if port.tls else [],
        "pool": pool(own.name) if own else "",
        "routes": [
            {
                "host": route.host or "",
                "path": route.path,
                "path_type": route.path_type,
                "pool": pool(route.backend),
            }
            for route in balancer.spec.routes
            if route.backend in pools
        ],
    }
    return Part(PartKey(balancer.key, kinds.LISTENER, _port_role(port)), front.place, want)


def _pool_key(key: ResourceKey, port: Port, pool: str) -> PartKey:
    return PartKey(key, kinds.POOL, f"{_port_role(port)}-{pool}")


def _port_role(port: Port) -> str:
    return f"{port.port}-{port.protocol.lower()}"
