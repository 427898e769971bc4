"""`addressRefs`: allocation ids, private addresses, or names of addresses to be allocated. Pure.

    eipalloc-0123456789abcdef0   an Elastic IP address that exists; External only
    10.0.1.7                     a private address of a subnet; Internal only
    north                        any other name: an `aws.address` is allocated, and goes with the
                                 balancer; External only

There must be one for each subnet of the balancer, and only an NLB can have them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from cloudabstract.model import LoadBalancerSpec
from cloudabstract.provider import Objection
from cloudabstract_aws.settings import AwsSettings

_ALLOCATION = re.compile(r"eipalloc-[0-9a-z]+")
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,30}[a-z0-9])?")
_FIELD = "spec.addressRefs"


def is_allocation(ref: str) -> bool:
    """Whether `ref` is an Elastic IP address that exists."""
    return _ALLOCATION.fullmatch(ref) is not None


def is_private(ref: str) -> bool:
    """Whether `ref` is a private IPv4 address."""
    try:
        known = ipaddress.ip_address(ref)
    except ValueError:
        return False
    return known.version == 4 and known.is_private


def check_address_refs(spec: LoadBalancerSpec, settings: AwsSettings) -> Iterator[Objection]:
    """Objections to `addressRefs`; their number is checked where the subnets are named."""
    if not spec.address_refs:
        return
    if spec.load_balancer_class == "l7":
        message = "an ALB has no addresses of its own choice"
        yield Objection("LB007", _FIELD, message, "use class l4, or the balancer's host name")
        return
    for index, ref in enumerate(spec.address_refs):
        yield from _fits(spec, ref, f"{_FIELD}[{index}]")
    if len(set(spec.address_refs)) < len(spec.address_refs):
        yield Objection("LB007", _FIELD, "an address is named twice", "name each once")
    named = spec.placement.subnets or settings.subnets
    if named and not spec.placement.zones and len(named) != len(spec.address_refs):
        message = f"{len(spec.address_refs)} addresses for {len(named)} subnets"
        yield Objection("LB007", _FIELD, message, "name one address for each subnet")


def _fits(spec: LoadBalancerSpec, ref: str, field: str) -> Iterator[Objection]:
    if spec.routability == "Internal":
        if not is_private(ref):
            message = f"an internal balancer has private addresses, {ref!r} is none"
            yield Objection("LB007", field, message, "such as 10.0.1.7, one for each subnet")
    elif not is_allocation(ref) and _NAME.fullmatch(ref) is None:
        message = f"{ref!r} is neither an allocation id nor a name for one"
        yield Objection("LB007", field, message, "such as eipalloc-0123456789abcdef0")
