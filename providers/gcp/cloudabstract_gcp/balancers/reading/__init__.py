"""Balancers that stand in a project, read back as LoadBalancers: the inverse of expansion. Pure.

world         what was found, by link, and who uses what
pieces        what both classes have in common: the address, health checks, members, the network
passthrough   class l4, from forwarding rules that lead to a backend service
web           class l7, from forwarding rules that lead to a proxy; maps: its URL maps as routes
fitting       expanded again and compared with what was found: what is said, and what is not

Rules of one address are one balancer. What cannot be adopted without a change that ends it is left
out; what has no portable word is an annotation of ours (words.py), a field to be ignored, or told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cloudabstract.provider import Facts, Found, Portable
from cloudabstract_gcp.settings import GcpSettings

from . import passthrough, web
from .fitting import fitted
from .world import World


def portable(found: Iterable[Found], facts: Facts, settings: GcpSettings) -> Iterator[Portable]:
    """Every balancer that could be adopted as it is."""
    world = World(found, settings.region)
    for rules in world.fronts():
        read = passthrough.read if rules[0].fields["backendService"] else web.read
        candidate = read(world, rules, settings)
        said = fitted(world, candidate, facts, settings) if candidate is not None else None
        if said is not None:
            yield said
