"""What of a balancer's pools and routes Google cannot do."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from cloudabstract.model import BackendPool, LoadBalancerSpec, Member
from cloudabstract.provider import Objection, Severity

from . import members

_HOST = re.compile(r"(\*\.)?([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.I)
_PATH = re.compile(r"/[!-)+->@-~]*")  # printable ASCII; `*`, `?` and `#` mean something else
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598: private, though Python says it is not


def check_backends(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Objections to `spec.backends`."""
    for at, pool in enumerate(spec.backends):
        field = f"spec.backends[{at}]"
        yield from _addresses(pool, field)
        yield from _weights(spec, pool, field)
        yield from _groups(pool, field)
        if spec.load_balancer_class == "l4":
            yield from _ports(spec, pool, field)


def check_routes(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Objections to `spec.routes`."""
    if spec.routes and spec.load_balancer_class != "l7":
        message = "routes need HTTP, which class l4 does not read"
        yield Objection("LB016", "spec.routes", message, "use loadBalancerClass: l7")
        return
    for index, route in enumerate(spec.routes):
        field = f"spec.routes[{index}]"
        if route.host and _HOST.fullmatch(route.host) is None:
            message = f"{route.host!r} is neither a host nor `*.` and a domain"
            yield Objection("LB016", f"{field}.host", message, "write it as shop.example.com")
        elif route.host and route.host.startswith("*."):
            message = f"Google takes `*` in {route.host} for any number of labels, not for one"
            yield Objection(
                "LB016",
                f"{field}.host",
                message,
                severity=Severity.DEGRADE,
                reason="WildcardHost",
            )
        if _PATH.fullmatch(route.path) is None or "#" in route.path:
            message = f"path {route.path!r} must begin with '/' and have no blank, query or `*`"
            yield Objection("LB016", f"{field}.path", message, "write it as /api")


def _addresses(pool: BackendPool, field: str) -> Iterator[Objection]:
    for index, member in enumerate(pool.addresses or ()):
        reason = _unreachable(member)
        if reason:
            yield Objection(
                "LB011",
                f"{field}.addresses[{index}].address",
                f"{member.address} {reason}",
                "use an address of the VPC network, or of a network that is connected with it",
            )


def _groups(pool: BackendPool, field: str) -> Iterator[Objection]:
    """Google takes instance groups or endpoint groups, not both in one service."""
    groups = members.instance_groups(pool)
    if groups and len(groups) < len(pool.instances or ()):
        message = "instance groups and single instances cannot serve together"
        remedy = "name groups alone, or put the instances into one"
        yield Objection("LB011", f"{field}.instances", message, remedy)


def _unreachable(member: Member) -> str:
    try:
        known = ipaddress.ip_address(member.address)
    except ValueError:
        return "is not an IP address"
    if known.version != 4:
        return "is IPv6, the balancer is IPv4 only"
    if known.is_loopback or known.is_link_local or known.is_multicast or known.is_unspecified:
        return "is not the address of a machine in a network"
    if not known.is_private and known not in _SHARED:
        return "is public, and balancers reach private addresses only"
    return ""


def _weights(spec: LoadBalancerSpec, pool: BackendPool, field: str) -> Iterator[Objection]:
    weights = {each.weight for each in members.listed(pool)}
    l4 = spec.load_balancer_class == "l4"
    if len(weights if l4 else weights - {0}) < 2 and not (l4 and 0 in weights):
        return
    kind = "addresses" if pool.addresses else "instances"
    if l4:
        message = "passthrough balancers know no weights"
        alternative = "give all members the same weight, or use loadBalancerClass: l7"
        yield Objection("LB017", f"{field}.{kind}", message, alternative)
    elif spec.session_affinity == "ClientIP":
        message = "weights are kept by choosing anew for each request, which breaks affinity"
        alternative = "give all members the same weight, or leave out sessionAffinity"
        yield Objection("LB014", f"{field}.{kind}", message, alternative)
    else:
        message = "members of one weight are one backend service: if all of them are unhealthy, "
        message += "their share of requests fails"
        yield Objection("LB017", f"{field}.{kind}", message, severity=Severity.NOTE)


def _ports(spec: LoadBalancerSpec, pool: BackendPool, field: str) -> Iterator[Objection]:
    """A passthrough balancer leaves the port as it is, so members have none of their own."""
    numbers = {each.port for each in spec.ports if each.backend in (None, pool.name)}
    kind = "addresses" if pool.addresses else "instances"
    for index, member in enumerate(members.listed(pool)):
        if member.port is not None and numbers != {member.port}:
            message = f"packets arrive at the balancer's own port, not at {member.port}"
            where = f"{field}.{kind}[{index}].port"
            yield Objection("LB004", where, message, "leave the port out, or use class l7")
