"""What must be known of AWS before volumes can be named: zones, and subnets where there is EFS.

Becomes Facts.extra["volumes"]:

    zones       by region, all that can be used, ordinary ones first: {"us-east-1": ["us-east-1a"]}
    networks    by region, what networks.survey found; only if a file system is wanted there
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import (
    Resource,
    Volume,
    VolumeAttributesClass,
    VolumeClaim,
    VolumeClass,
)
from cloudabstract.provider import BUILT_IN_CLASSES
from cloudabstract_aws import places
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.vpcs import Vpcs

EXTRA = "volumes"


def survey(resources: Iterable[Resource], clients: Clients, vpcs: Vpcs) -> Mapping[str, Any]:
    """One call a region for zones, two more for networks; none when nobody wants a volume."""
    wanted = tuple(resources)
    if not any(isinstance(each, (Volume, VolumeClaim)) for each in wanted):
        return {}
    regions = tuple(dict.fromkeys(_regions(wanted, clients.region)))
    known: dict[str, Any] = {"zones": {each: _zones(clients, each) for each in regions}}
    if _wants_files(wanted):
        known["networks"] = {each: vpcs.survey(each) for each in regions}
    return known


def _regions(resources: Iterable[Resource], default: str) -> Iterator[str]:
    """Where volumes can be wanted: their own regions, and those of classes."""
    for each in resources:
        if isinstance(each, (Volume, VolumeClaim, VolumeClass)):
            yield from places.named_by(each, default)


def _zones(clients: Clients, region: str) -> list[str]:
    answer = clients.read("ec2", region).describe_availability_zones()
    usable = [
        (each.get("ZoneType", "availability-zone") != "availability-zone", each["ZoneName"])
        for each in answer.get("AvailabilityZones") or ()
        if each.get("OptInStatus") != "not-opted-in"
    ]
    return [name for _, name in sorted(usable)]


def _wants_files(resources: Iterable[Resource]) -> bool:
    """Whether any of these may become a file system: by its access modes, or by a shared class."""
    wanted = tuple(resources)
    given = [each for each in wanted if isinstance(each, VolumeClass)]
    classes = {each.metadata.name: each for each in (*BUILT_IN_CLASSES, *given)}
    shared = {name for name, each in classes.items() if _is_shared(each)}
    if any(_is_shared(each) for each in given):
        shared.add("")  # it may be the default of a claim that names none
    if any(isinstance(each, VolumeAttributesClass) and _is_shared(each) for each in wanted):
        return True
    return any(_may_be_files(each, shared) for each in wanted)


def _is_shared(each: VolumeClass | VolumeAttributesClass) -> bool:
    return bool(each.spec.performance.tier == "shared")


def _may_be_files(resource: Resource, shared: set[str]) -> bool:
    if not isinstance(resource, (Volume, VolumeClaim)):
        return False
    own = resource.spec.performance if isinstance(resource, Volume) else None
    if own is not None and own.tier == "shared":
        return True
    many = "ReadWriteMany" in resource.spec.access_modes
    return many or (resource.spec.volume_class_name or "") in shared
