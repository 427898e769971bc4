"""Which VPC and subnets a balancer stands in, and the addresses it has there. Pure.

What the account lacks is found out here, once the network is known: CapabilityError, before
anything is touched. A spec that is refused offline anyway gets an empty place, so that all of it is
told at once.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import CapabilityError
from cloudabstract.model import LoadBalancer, LoadBalancerSpec
from cloudabstract.provider import Facts
from cloudabstract_aws import networks
from cloudabstract_aws.networks import Chosen, Subnet, Unsuitable
from cloudabstract_aws.settings import AwsSettings

from .addresses_asked import is_allocation, is_private
from .checks import rejects
from .families import address_type, may_be_dual

_REFS = "spec.addressRefs"


def chosen(resource: LoadBalancer, facts: Facts, region: str, settings: AwsSettings) -> Chosen:
    """Where `resource` stands. Raises CapabilityError when nothing in the account fits."""
    known = facts.extra.get("balancers", {}).get("networks", {}).get(region, {})
    wish = _wish(resource.spec, settings, default=region == facts.place)
    try:
        found = networks.choose(known, wish)
        _suits(resource.spec, found)
    except Unsuitable as unsuitable:
        if rejects(resource, settings):
            return Chosen()
        problem = replace(unsuitable.problem, subject=str(resource.key))
        raise CapabilityError([problem]) from unsuitable
    return found


def static_addresses(
    spec: LoadBalancerSpec, place: Chosen, allocated: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The field `addresses`: one for each subnet; `allocated` has Refs by name of a ref."""
    if spec.routability == "Internal":
        within = {each.id: _within(each, spec.address_refs) for each in place.subnets}
        return [{"subnet": id_, "private": ref} for id_, ref in within.items() if ref]
    pairs = zip(place.ids, spec.address_refs, strict=False)
    return [
        {"subnet": id_, "allocation": ref if is_allocation(ref) else allocated[ref]}
        for id_, ref in pairs
        if is_allocation(ref) or ref in allocated
    ]


def to_allocate(spec: LoadBalancerSpec) -> list[str]:
    """The names in `addressRefs` for which an address is to be allocated."""
    if spec.routability == "Internal" or spec.load_balancer_class == "l7":
        return []
    return [each for each in spec.address_refs if not is_allocation(each) and not is_private(each)]


def _wish(spec: LoadBalancerSpec, settings: AwsSettings, *, default: bool) -> networks.Request:
    """What the spec says, completed by settings, which speak of the default region only."""
    place = spec.placement
    ours = settings if default else AwsSettings()
    same_vpc = place.network is None or place.network == ours.vpc
    return networks.Request(
        spec.routability,
        place.network or (ours.vpc or "" if not place.subnets else ""),
        place.subnets or (ours.subnets if same_vpc else ()),
        place.zones,
    )


def _suits(spec: LoadBalancerSpec, found: Chosen) -> None:
    """Raise Unsuitable unless there are enough subnets, and of the right kind."""
    if spec.load_balancer_class == "l7" and len(found.subnets) < 2:
        text = f"an ALB needs subnets in two zones, {found.vpc} offers {len(found.subnets)}"
        raise Unsuitable(text, "add a subnet in another zone, or name two in `subnets`")
    if spec.ip_family_policy == "RequireDualStack" and may_be_dual(spec) and not found.ipv6:
        text = "not every subnet has IPv6 addresses"
        remedy = "give them an IPv6 range, or use PreferDualStack"
        raise Unsuitable(text, remedy, "LB008", "spec.ipFamilyPolicy")
    refs = spec.address_refs
    if refs and spec.load_balancer_class != "l7" and len(refs) != len(found.subnets):
        text = f"{len(refs)} addresses for {len(found.subnets)} subnets: {', '.join(found.ids)}"
        raise Unsuitable(text, "name one address for each subnet, or fewer zones", "LB007", _REFS)
    if refs and spec.routability == "Internal":
        _private_suit(refs, found)


def _private_suit(refs: tuple[str, ...], found: Chosen) -> None:
    for subnet in found.subnets:
        if is_private(refs[0]) and not _within(subnet, refs):
            text = f"none of {', '.join(refs)} is in {subnet.id} ({subnet.cidr})"
            raise Unsuitable(text, "name one address of each subnet", "LB007", _REFS)


def _within(subnet: Subnet, refs: tuple[str, ...]) -> str:
    """The first of `refs` that is an address of the subnet."""
    if not subnet.cidr:
        return ""
    block = ipaddress.ip_network(subnet.cidr)
    inside = (each for each in refs if is_private(each) and ipaddress.ip_address(each) in block)
    return next(inside, "")


def ip_type(spec: LoadBalancerSpec, place: Chosen) -> str:
    """The field `ip_address_type`."""
    return address_type(spec, place.ipv6)
