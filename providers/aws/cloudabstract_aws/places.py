"""Regions: which one a resource stands in, and all that a turn has to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cloudabstract.model import LoadBalancer, Resource, Volume, VolumeClass

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
    named = (region for each in resources for region in named_by(each, default))
    return tuple(dict.fromkeys((default, *settings.regions, *named)))


def named_by(resource: Resource, default: str) -> Iterator[str]:
    """Where `resource` may stand, or the volumes of a class; `check` objects to what is none."""
    named: tuple[str, ...] = (region_of(resource, default),)
    if isinstance(resource, VolumeClass):
        named = tuple(each.region or default for each in resource.spec.allowed_topologies)
    return (each for each in named if each == default or REGION.fullmatch(each))
