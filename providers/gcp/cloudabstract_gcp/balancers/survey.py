"""What must be asked before balancers can be expanded, for those that need it.

addresses   ref -> number, for addresses that the user reserved and names
proxies     network -> region -> CIDRs from which internal application balancers' proxies call
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from cloudabstract.model import LoadBalancer, Resource
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Compute
from cloudabstract_gcp.errors import CallFailed
from cloudabstract_gcp.settings import GcpSettings
from cloudabstract_gcp.surface import Location

from . import networks

_PROXIES = "REGIONAL_MANAGED_PROXY"


def survey(
    resources: Iterable[Resource], compute: Compute, settings: GcpSettings
) -> dict[str, Any]:
    """JSON for `Facts.extra["balancers"]`."""
    balancers = [each for each in resources if isinstance(each, LoadBalancer)]
    return {
        "addresses": _addresses(balancers, compute, settings),
        "proxies": _proxies(balancers, compute),
    }


def _addresses(
    balancers: Iterable[LoadBalancer], compute: Compute, settings: GcpSettings
) -> dict[str, str]:
    known: dict[str, str] = {}
    for balancer in balancers:
        for ref in balancer.spec.address_refs:
            at = None if _is_number(ref) else _location(ref, balancer, settings)
            if at is not None:
                known |= _number(ref, at, compute)
    return known


def _location(ref: str, balancer: LoadBalancer, settings: GcpSettings) -> Location:
    if "/" in ref:
        return Location.of(surface.ADDRESSES, ref)
    spec = balancer.spec
    is_global = spec.load_balancer_class == "l7" and spec.routability == "External"
    scope = places.GLOBAL if is_global else places.region(networks.place_of(spec, settings))
    return Location(surface.ADDRESSES, scope, ref)


def _number(ref: str, at: Location, compute: Compute) -> dict[str, str]:
    try:
        return {ref: str(compute.get(at)["address"])}
    except CallFailed as failed:
        if failed.missing:
            return {}  # Google will say so when the rule is made
        raise


def _proxies(
    balancers: Iterable[LoadBalancer], compute: Compute
) -> dict[str, dict[str, list[str]]]:
    internal = any(
        each.spec.load_balancer_class == "l7" and each.spec.routability == "Internal"
        for each in balancers
    )
    if not internal:
        return {}
    known: dict[str, dict[str, list[str]]] = {}
    for scope, told in compute.everywhere(surface.SUBNETWORKS, f"purpose = {_PROXIES}").items:
        if told.get("purpose") == _PROXIES:
            regions = known.setdefault(places.relative(str(told["network"])), {})
            regions.setdefault(scope.region, []).append(str(told["ipCidrRange"]))
    return known


def _is_number(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
