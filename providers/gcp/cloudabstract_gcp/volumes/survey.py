"""What `expand` must know of the project: which disks are meant by those to be adopted.

A disk is adopted by its name, its id or its path; the engine knows it by its id from then on. Names
are unique within a zone only: of several disks the one in the volume's own zones is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cloudabstract.model import Resource, Volume
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Compute, Json, Listing
from cloudabstract_gcp.errors import CallFailed
from cloudabstract_gcp.settings import GcpSettings

_METHOD = "compute.disks.aggregatedList"


def facts(resources: Iterable[Resource], compute: Compute, settings: GcpSettings) -> dict[str, Any]:
    """`adopted`: what volumes call the disk that they adopt -> the disk's id."""
    adopting = [
        each
        for each in resources
        if isinstance(each, Volume) and each.spec.external_ref is not None
    ]
    adopted = {}
    for volume in adopting:
        ref = str(volume.spec.external_ref)
        told = _one_of(volume, _listed(compute, ref, settings))
        if told is not None:
            adopted[ref] = str(told["id"])
    return {"adopted": adopted}


def _listed(compute: Compute, ref: str, settings: GcpSettings) -> list[Json]:
    """The disks that `ref` may mean. Raises CallFailed when that cannot be known."""
    name = places.name_of(ref)
    field = "id" if name.isdigit() else "name"
    listing = compute.everywhere(surface.DISKS, f'{field} = "{name}"')
    found = [
        told
        for scope, told in listing.items
        if scope.region == settings.region and _means(ref, told)
    ]
    if not found:
        _must_have_answered(listing, settings.region)
    return found


def _means(ref: str, told: Json) -> bool:
    link = places.relative(told["selfLink"])
    return places.relative(ref) == link or ref in (told["name"], str(told["id"]))


def _one_of(volume: Volume, found: list[Json]) -> Json | None:
    regional = volume.spec.replication == "regional"
    fitting = [told for told in found if ("region" in told) == regional]
    zones = volume.spec.topology.zones
    near = [told for told in fitting if places.name_of(told.get("zone", "")) in zones]
    chosen = near or fitting
    return chosen[0] if len(chosen) == 1 else None


def _must_have_answered(listing: Listing, region: str) -> None:
    silent = [each for each in listing.silent if places.scope_of(each).region == region]
    if silent:
        text = f"disks could not be listed: {', '.join(silent)} did not answer"
        raise CallFailed(_METHOD, 503, "backendError", text)
