"""For `doctor`: what of this target works, and why the rest does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cloudabstract.provider import Finding

from . import errors, places, surface
from .calls import Compute
from .settings import GcpSettings
from .surface import Location


def checkup(compute: Compute, settings: GcpSettings) -> Iterator[Finding]:
    """One finding for each thing that balancers and volumes need. Never raises."""
    looks: dict[str, Callable[[], Iterator[Finding]]] = {
        "project": lambda: _project(compute),
        "region": lambda: _region(compute, settings),
    }
    for name, look in looks.items():
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001 - a doctor reports, whatever it is
            failure = errors.classify(error)
            yield Finding(name, False, failure.message, failure.remedy)


def _project(compute: Compute) -> Iterator[Finding]:
    told = compute.project_itself()
    yield Finding("project", True, f"{told.get('name', compute.project)} can be read")


def _region(compute: Compute, settings: GcpSettings) -> Iterator[Finding]:
    told = compute.get(Location(surface.REGIONS, places.GLOBAL, settings.region))
    zones = sorted(places.name_of(each) for each in told.get("zones", ()))
    yield Finding("region", True, f"{settings.region} has zones {', '.join(zones)}")
