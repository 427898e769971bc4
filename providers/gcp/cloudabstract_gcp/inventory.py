"""What a survey looks up: regions, zones, instances, and work that others began.

Each is asked for only when a resource needs it: the first plan of an empty spec makes one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import LoadBalancer, Resource, VolumeAttachment
from cloudabstract.provider import Host

from . import places, surface
from .calls import Compute
from .errors import CallFailed
from .operations import UNDER_WAY, Operation
from .settings import GcpSettings
from .surface import Location


def regions(resources: Iterable[Resource], settings: GcpSettings) -> tuple[str, ...]:
    """The target's region first, then its further ones, and those that balancers name."""
    named = {
        each.spec.placement.region
        for each in resources
        if isinstance(each, LoadBalancer) and each.spec.placement.region
    }
    return tuple(dict.fromkeys((settings.region, *settings.regions, *sorted(named))))


def zones(
    compute: Compute, settings: GcpSettings, in_regions: Iterable[str]
) -> dict[str, list[str]]:
    """Region -> its zones in order; of the target's region those of the settings, if any."""
    known: dict[str, list[str]] = {}
    for name in in_regions:
        if name == settings.region and settings.zones:
            known[name] = list(settings.zones)
            continue
        known[name] = _zones(compute, name)
    return known


def _zones(compute: Compute, region: str) -> list[str]:
    try:
        told = compute.get(Location(surface.REGIONS, places.GLOBAL, region))
    except CallFailed as failed:
        if failed.missing:
            return []  # Google says so again, of the first thing that is to be made there
        raise
    return sorted(places.name_of(each) for each in told.get("zones", ()))


def hosts(
    resources: Iterable[Resource], compute: Compute, in_regions: Iterable[str]
) -> tuple[Host, ...]:
    """Every instance of these regions, if backends or attachments are to be found among them.

    A host's id is the relative link of the instance. Raises errors.CallFailed when a zone does not
    answer: a backend must not leave its balancer because its zone could not be asked.
    """
    asking = [each for each in resources if _asks_for_hosts(each)]
    if not asking:
        return ()
    listing = compute.everywhere(surface.INSTANCES)
    wanted = frozenset(in_regions)
    silent = [each for each in listing.silent if places.scope_of(each).region in wanted]
    if silent:
        text = f"instances could not be listed: {', '.join(silent)} did not answer"
        raise CallFailed("compute.instances.aggregatedList", 503, "backendError", text)
    found = [_host(each, scope) for scope, each in listing.items if scope.region in wanted]
    found += _groups(asking)
    return tuple(sorted(found, key=lambda host: (host.name, host.zone)))


def _groups(resources: Iterable[Resource]) -> Iterator[Host]:
    """Instance groups that pools name, as if each were a host: it can be a backend."""
    balancers = [each for each in resources if isinstance(each, LoadBalancer)]
    pools = [pool for each in balancers for pool in each.spec.backends]
    named = {each.name for pool in pools for each in pool.instances or ()}
    for name in sorted(each for each in named if "/instanceGroups/" in each):
        yield Host(name, "", id=places.relative(name), zone=places.scope_of(name).name)


def under_way(compute: Compute) -> list[Operation]:
    """All operations of the project that have not ended. Where they cannot be listed, none."""
    try:
        listing = compute.everywhere(surface.OPERATIONS, UNDER_WAY)
    except CallFailed:
        return []  # only a convenience: without it, work of others shows as resourceNotReady
    return [Operation.read(each) for _, each in listing.items]


def _asks_for_hosts(resource: Resource) -> bool:
    if isinstance(resource, LoadBalancer):
        return bool(resource.spec.backends)
    return isinstance(resource, VolumeAttachment)


def _host(told: Mapping[str, Any], scope: places.Scope) -> Host:
    interfaces = told.get("networkInterfaces", ())
    address = str(interfaces[0].get("networkIP", "")) if interfaces else ""
    return Host(
        name=str(told["name"]),
        address=address,
        labels=dict(told.get("labels", {})),
        id=places.relative(str(told["selfLink"])),
        zone=scope.name,
    )
