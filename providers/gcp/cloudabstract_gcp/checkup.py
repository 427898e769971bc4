"""For `doctor`: what of this target works, and why the rest does not. It changes nothing.

What may be read is tried by reading: one short list of each kind. What may be written Google tells
by trying only; the custom role in docs/guides/gcp.md has all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cloudabstract.provider import Finding

from . import errors, places, surface
from .calls import Compute
from .settings import GcpSettings
from .surface import Collection, Location

_NEARLY = 0.8  # of a quota: time to ask for more
_READ = (
    *(surface.ADDRESSES, surface.FORWARDING_RULES, surface.BACKEND_SERVICES),
    *(surface.HEALTH_CHECKS, surface.URL_MAPS, surface.HTTP_PROXIES, surface.HTTPS_PROXIES),
    *(surface.FIREWALLS, surface.ENDPOINT_GROUPS, surface.INSTANCES, surface.DISKS),
    surface.SNAPSHOTS,
)
_NOBODY = 'name = "cloudabstract-doctor"'


def checkup(compute: Compute, settings: GcpSettings) -> Iterator[Finding]:
    """One finding for each thing that balancers and volumes need. Never raises."""
    looks: dict[str, Callable[[], Iterator[Finding]]] = {
        "identity": lambda: _identity(compute),
        "project": lambda: _project(compute),
        "region": lambda: _region(compute, settings),
        "network": lambda: _network(compute, settings),
        "subnetwork": lambda: _subnetwork(compute, settings),
        **{f"reading {each.name}": _reading(compute, each) for each in _READ},
    }
    for name, look in looks.items():
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001 - a doctor reports, whatever it is
            failure = errors.classify(error)
            yield Finding(name, False, failure.message, failure.remedy)


def _identity(compute: Compute) -> Iterator[Finding]:
    yield Finding("identity", True, compute.identity())


def _project(compute: Compute) -> Iterator[Finding]:
    told = compute.project_itself()
    yield Finding("project", True, f"{told.get('name', compute.project)} can be read")
    yield from _quotas("quotas of the project", told)


def _region(compute: Compute, settings: GcpSettings) -> Iterator[Finding]:
    told = compute.get(Location(surface.REGIONS, places.GLOBAL, settings.region))
    zones = sorted(places.name_of(each) for each in told.get("zones", ()))
    yield Finding("region", True, f"{settings.region} has zones {', '.join(zones)}")
    unknown = sorted(set(settings.zones) - set(zones))
    if unknown:
        message = f"{', '.join(unknown)} not among them"
        yield Finding("zones", False, message, "correct `zones` of the target")
    yield from _quotas(f"quotas of {settings.region}", told)


def _quotas(name: str, told: Mapping[str, Any]) -> Iterator[Finding]:
    """What of the quotas is nearly used up; Google lists a good hundred, of which few matter."""
    short = [
        f"{each['metric']} {each.get('usage', 0):g} of {each['limit']:g}"
        for each in told.get("quotas", ())
        if each.get("limit", 0) > 0 and each.get("usage", 0) >= _NEARLY * each["limit"]
    ]
    if short:
        remedy = "ask for more under IAM & Admin > Quotas, before they are used up"
        yield Finding(name, False, "nearly used up: " + ", ".join(sorted(short)), remedy)
    else:
        yield Finding(name, True, f"none is used to {_NEARLY:.0%}")


def _network(compute: Compute, settings: GcpSettings) -> Iterator[Finding]:
    name = places.name_of(settings.network)
    if "/" in settings.network and settings.network.split("/")[1] != compute.project:
        yield Finding("network", True, f"{settings.network} is another project's: not looked at")
        return
    compute.get(Location(surface.NETWORKS, places.GLOBAL, name))
    yield Finding("network", True, f"{name} is there")


def _subnetwork(compute: Compute, settings: GcpSettings) -> Iterator[Finding]:
    named = settings.subnetwork or settings.network
    if "/" in named and named.split("/")[1] != compute.project:
        yield Finding("subnetwork", True, f"{named} is another project's: not looked at")
        return
    scope = places.region(settings.region)
    told = compute.get(Location(surface.SUBNETWORKS, scope, places.name_of(named)))
    yield Finding("subnetwork", True, f"{told['name']} has {told.get('ipCidrRange', '')}")


def _reading(compute: Compute, collection: Collection) -> Callable[[], Iterator[Finding]]:
    def look() -> Iterator[Finding]:
        silent = compute.everywhere(collection, _NOBODY).silent
        name = f"reading {collection.name}"
        if silent:
            remedy = "wait; what cannot be read is left alone meanwhile"
            yield Finding(name, False, f"no answer from {', '.join(silent)}", remedy)
        else:
            yield Finding(name, True, "permitted")

    return look
