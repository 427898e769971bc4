"""In which zones a volume's disk stands. Pure; what is not said here is the same on every turn.

    what topology.zones says       the first; two for a disk in two zones
    providerOverrides.gcp.zones    the same, in words that other targets pass over
    what it is a clone of          there, for Google clones within a zone only
    else                           the first zone of the target's settings, or of the region

A claim's topology has the zone of its first consumer: the engine decides that once and remembers
it. A Volume that is written by hand says its zone itself: were it to follow its consumers, it would
have to move when they leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudabstract.model import ResourceKey, Volume
from cloudabstract.provider import Facts
from cloudabstract_gcp.settings import GcpSettings

from . import media


def zones(volume: Volume, facts: Facts, settings: GcpSettings) -> list[str]:
    """The zones of the disk of `volume`, one or two, in order."""
    count = 2 if volume.spec.replication == "regional" else 1
    return sorted(_preferred(volume, facts, settings)[:count])


def _preferred(volume: Volume, facts: Facts, settings: GcpSettings) -> list[str]:
    """All zones that the disk may stand in, the best first."""
    asked = volume.spec.topology.zones or media.named_zones(volume.spec)
    near = [] if asked else _of_origin(volume, facts, settings)
    usual = () if asked else _usual(facts, settings)
    return list(dict.fromkeys((*asked, *near, *usual)))


def _of_origin(volume: Volume, facts: Facts, settings: GcpSettings) -> list[str]:
    source = volume.spec.data_source
    if source is None or source.kind != Volume.KIND:
        return []
    origin = facts.resources.get(ResourceKey(Volume.KIND, source.name))
    if not isinstance(origin, Volume) or origin.key == volume.key:
        return []
    return zones(origin, facts, settings)


def _usual(facts: Facts, settings: GcpSettings) -> Sequence[str]:
    known: Mapping[str, Sequence[str]] = facts.extra.get("zones", {})
    return known.get(settings.region) or settings.zones or (f"{settings.region}-a",)
