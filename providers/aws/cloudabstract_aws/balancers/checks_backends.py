"""Which backends target groups cannot have. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from cloudabstract.model import BackendPool, LoadBalancerSpec
from cloudabstract.provider import Objection, Severity

from . import weights
from .families import may_be_dual
from .limits import limits

_PRIVATE = tuple(
    ipaddress.ip_network(each)  # RFC 1918 and RFC 6598: what target groups take, the VPC apart
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def check_backends(spec: LoadBalancerSpec) -> Iterator[Objection]:
    """Every objection to `spec.backends`."""
    for index, pool in enumerate(spec.backends):
        field = f"spec.backends[{index}]"
        yield from _addresses(spec, pool, field)
        yield from _weights(spec, pool, field)


def _addresses(spec: LoadBalancerSpec, pool: BackendPool, field: str) -> Iterator[Objection]:
    versions = set()
    for index, member in enumerate(pool.addresses or ()):
        where = f"{field}.addresses[{index}].address"
        try:
            known = ipaddress.ip_address(member.address)
        except ValueError:
            message = f"{member.address!r} is not an IP address"
            yield Objection("LB011", where, message, "resolve the name, and give its address")
            continue
        versions.add(known.version)
        if known.version == 4 and not any(known in each for each in _PRIVATE):
            message = f"{known} is not private; targets are addresses of a VPC or behind it"
            yield Objection("LB011", where, message, "use its private address, or `instances`")
        if known.version == 6 and not may_be_dual(spec):
            message = f"{known} is IPv6, and the balancer has IPv4 only"
            yield Objection("LB008", where, message, "ask for dual stack, or use IPv4")
    if len(versions) > 1:
        message = "a target group has addresses of one family"
        yield Objection("LB011", f"{field}.addresses", message, "make two pools of it")


def _weights(spec: LoadBalancerSpec, pool: BackendPool, field: str) -> Iterator[Objection]:
    distinct, most = weights.distinct(pool), limits().groups_per_action
    if len(distinct) > most:
        message = f"{len(distinct)} different weights; a listener forwards to {most} groups"
        yield Objection("LB017", field, message, f"use at most {most} different weights")
    if weights.rounded(pool):
        message = f"weights are kept as shares of {limits().weight}, and so only nearly"
        yield Objection(
            "LB017", field, message, "use smaller numbers", Severity.DEGRADE, "WeightsRounded"
        )
    sticky = spec.session_affinity == "ClientIP"
    if len(distinct) > 1 and sticky and spec.load_balancer_class != "l7":
        message = "an NLB that spreads by weight keeps no client on its backend"
        yield Objection("LB014", field, message, "use equal weights, or no session affinity")
