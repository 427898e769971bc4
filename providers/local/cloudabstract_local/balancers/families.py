"""Which IP families a balancer gets addresses of. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cloudabstract.model import LoadBalancerSpec
from cloudabstract_local.settings import LocalSettings

from . import pools


@dataclass(frozen=True)
class Families:
    """`served` in the order asked for; `lacking` are asked for, but the pool has none of them."""

    served: tuple[str, ...]
    lacking: tuple[str, ...]


def pool_for(spec: LoadBalancerSpec, settings: LocalSettings) -> pools.AddressPool:
    """The address pool of the balancer's routability; empty when none is configured."""
    return pools.parse(settings.pools.get(spec.routability, ()))


def families(spec: LoadBalancerSpec, settings: LocalSettings) -> Families:
    """What the spec asks for, divided by what the pool has."""
    offered = pool_for(spec, settings).families()
    asked = _asked(spec)
    served = tuple(each for each in asked if each in offered)
    return Families(served, tuple(each for each in asked if each not in offered))


def _asked(spec: LoadBalancerSpec) -> tuple[str, ...]:
    named = spec.ip_families or ("IPv4",)
    if spec.ip_family_policy == "SingleStack":
        return named[:1]
    return tuple(dict.fromkeys((*named, "IPv4", "IPv6")))
