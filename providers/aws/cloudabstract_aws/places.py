"""Regions: which one a resource stands in, and all that a turn has to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cloudabstract.model import LoadBalancer, Resource, Volume

from .settings import AwsSettings

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d+")


def region_of(resource: Resource, default: str) -> str:
    """The region of `resource`: the one it names, else the target's."""
    if isinstance(resource, LoadBalancer):
        return resource.spec.placement.region or default
    if isinstance(resource, Volume):
        return resource.spec.topology.region or default
    return default


def regions(resources: Iterable[Resource], settings: AwsSettings, default: str) -> tuple[str, ...]:
    """The default region first, then those of the settings and of the resources."""
    named = (region_of(each, default) for each in resources)
    known = (each for each in named if REGION.fullmatch(each))  # `check` objects to the others
    return tuple(dict.fromkeys((default, *settings.regions, *known)))
