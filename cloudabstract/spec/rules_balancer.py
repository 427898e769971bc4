"""Rules for a LoadBalancer that no single field can keep."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import cast

from cloudabstract.model import BackendPool, LoadBalancerSpec, Resource

from . import hints, networks
from .decode import Complaint
from .paths import Path
from .rules_metadata import is_qualified, selector

_PORTS: Path = ("spec", "ports")
_POOLS: Path = ("spec", "backends")


def _spec(resource: Resource) -> LoadBalancerSpec:
    return cast(LoadBalancerSpec, resource.spec)


def ports_are_told_apart(resource: Resource) -> Iterator[Complaint]:
    """(port, protocol) is a port's identity, and its name is another."""
    ports = _spec(resource).ports
    if len(ports) < 2:
        return
    yield from _twice(_PORTS, (f"{each.port}/{each.protocol}" for each in ports))
    yield from _twice(_PORTS, (each.name for each in ports), "name")
    for number, each in enumerate(ports):
        if each.name is None:
            path = (*_PORTS, number, "name")
            yield Complaint(path, "is required when there is more than one port")


def pools_are_told_apart(resource: Resource) -> Iterator[Complaint]:
    """Ports and routes name pools."""
    yield from _twice(_POOLS, (each.name for each in _spec(resource).backends), "name")


def pools_exist(resource: Resource) -> Iterator[Complaint]:
    """Every pool that a port or route names exists; with several, every port names one."""
    spec = _spec(resource)
    names = [each.name for each in spec.backends]
    for number, port in enumerate(spec.ports):
        path = (*_PORTS, number, "backend")
        if port.backend is None:
            if len(names) > 1:
                yield Complaint(path, "is required when there is more than one pool", _any(names))
        elif port.backend not in names:
            yield _no_pool(path, port.backend, names)
    for number, route in enumerate(spec.routes):
        if route.backend not in names:
            yield _no_pool(("spec", "routes", number, "backend"), route.backend, names)


def _no_pool(path: Path, name: str, names: list[str]) -> Complaint:
    remedy = hints.nearest(name, names) or _any(names)
    return Complaint(path, f"there is no pool {name!r} in spec.backends", remedy)


def _any(names: list[str]) -> str:
    return f"one of {', '.join(names[:8])}" if names else "add it there"


def pools_have_one_source(resource: Resource) -> Iterator[Complaint]:
    """A pool's members come from one place; an empty list of addresses is such a place."""
    for number, pool in enumerate(_spec(resource).backends):
        sources = {
            "addresses": pool.addresses,
            "instances": pool.instances,
            "selector": pool.selector,
        }
        given = [name for name, value in sources.items() if value is not None]
        if len(given) != 1:
            said = " and ".join(given) if given else "neither"
            message = f"a pool has either addresses, instances or a selector; this one has {said}"
            yield Complaint((*_POOLS, number), message)


def members_make_sense(resource: Resource) -> Iterator[Complaint]:
    """Addresses are addresses, nobody is a member twice, and selectors can select."""
    for number, pool in enumerate(_spec(resource).backends):
        path = (*_POOLS, number)
        yield from _members(path, pool)
        if pool.selector is not None:
            yield from selector((*path, "selector"), pool.selector)


def _members(path: Path, pool: BackendPool) -> Iterator[Complaint]:
    if pool.addresses:
        here = (*path, "addresses")
        for number, member in enumerate(pool.addresses):
            if wrong := networks.wrong_address(member.address):
                yield Complaint((*here, number, "address"), *wrong)
        if len(pool.addresses) > 1:
            yield from _twice(here, ((e.address, e.port) for e in pool.addresses), "address")
    if pool.instances:
        keys = ((each.name, each.port) for each in pool.instances)
        yield from _twice((*path, "instances"), keys, "name")


def named_ports_have_a_number(resource: Resource) -> Iterator[Complaint]:
    """A target port by name needs hosts that name their ports; a bare address names none."""
    spec = _spec(resource)
    for number, port in enumerate(spec.ports):
        if not isinstance(port.target_port, str):
            continue
        pools = [p for p in spec.backends if port.backend in (None, p.name)][:1]
        if any(pool.target_port is None and _has_bare_address(pool) for pool in pools):
            yield _no_number((*_PORTS, number, "targetPort"), port.target_port)


def _has_bare_address(pool: BackendPool) -> bool:
    return any(member.port is None for member in pool.addresses or ())


def _no_number(path: Path, name: str) -> Complaint:
    message = f"{name!r} is a name, but addresses do not name their ports"
    return Complaint(path, message, "write a number, or a port with each address")


def pools_have_ports_of_their_own(resource: Resource) -> Iterator[Complaint]:
    """On l4 a port has one pool, and its targetPort says all; on l7 routes lead to several."""
    spec = _spec(resource)
    for number, pool in enumerate(spec.backends):
        path = (*_POOLS, number, "targetPort")
        if pool.target_port is not None and spec.load_balancer_class == "l4":
            yield Complaint(path, "class l4 has one targetPort a port", "set it there")
        elif isinstance(pool.target_port, str) and _has_bare_address(pool):
            yield _no_number(path, pool.target_port)


def source_ranges_are_networks(resource: Resource) -> Iterator[Complaint]:
    """CIDRs in canonical form: what is written is what is allowed."""
    for number, each in enumerate(_spec(resource).source_ranges or ()):
        if wrong := networks.wrong_network(each):
            yield Complaint(("spec", "sourceRanges", number), *wrong)


def affinity_fits(resource: Resource) -> Iterator[Complaint]:
    """Settings of an affinity that is off would be ignored."""
    spec = _spec(resource)
    if spec.session_affinity_config is not None and spec.session_affinity != "ClientIP":
        message = "only has a meaning with sessionAffinity: ClientIP"
        yield Complaint(("spec", "sessionAffinityConfig"), message, "set it, or leave this out")


def health_check_fits(resource: Resource) -> Iterator[Complaint]:
    """A path is for HTTP; a check ends before the next one begins."""
    check = _spec(resource).health_check
    if check.path is not None and check.protocol == "TCP":
        message = "only HTTP and HTTPS checks have a path; the protocol is TCP"
        yield Complaint(("spec", "healthCheck", "path"), message, code="LB005")
    if check.path is not None and not check.path.startswith("/"):
        yield Complaint(("spec", "healthCheck", "path"), "must start with '/'")
    if check.timeout > check.interval:
        message = f"{check.timeout}s is longer than the interval of {check.interval}s"
        yield Complaint(("spec", "healthCheck", "timeout"), message, code="LB005")


def families_fit(resource: Resource) -> Iterator[Complaint]:
    """Two families need a policy that has two; no family is there twice."""
    spec = _spec(resource)
    if len(spec.ip_families) < 2:
        return
    yield from _twice(("spec", "ipFamilies"), spec.ip_families)
    if spec.ip_family_policy == "SingleStack":
        message = "two families need ipFamilyPolicy PreferDualStack or RequireDualStack"
        yield Complaint(("spec", "ipFamilies"), message, code="LB008")


def names_are_qualified(resource: Resource) -> Iterator[Complaint]:
    """Names of classes and protocols, which targets and others may add to."""
    spec = _spec(resource)
    if spec.load_balancer_class not in ("l4", "l7") and not is_qualified(spec.load_balancer_class):
        message = f"{spec.load_balancer_class[:60]!r} cannot be the name of a class"
        yield Complaint(("spec", "loadBalancerClass"), message, "l4, l7, or one of the target's")
    for number, port in enumerate(spec.ports):
        if port.app_protocol is not None and not is_qualified(port.app_protocol):
            message = f"{port.app_protocol[:60]!r} cannot be the name of a protocol"
            yield Complaint((*_PORTS, number, "appProtocol"), message, "such as http or grpc")


def _twice(path: Path, keys: Iterable[Hashable], *inside: str) -> Iterator[Complaint]:
    """Complaints about keys that an earlier item has; None is no key."""
    first: dict[Hashable, int] = {}
    for number, key in enumerate(keys):
        if key is None:
            continue
        if key in first:
            shown = key[0] if isinstance(key, tuple) else key
            message = f"{shown} is given twice; item {first[key]} has it too"
            yield Complaint((*path, number, *inside), message)
        first.setdefault(key, number)
