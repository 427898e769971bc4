"""`gcp.snapshot`: global for Google, at home in the region of its disk for us.

It is kept in the disk's region, not in the nearest multi-region, which is Google's default.

Google has two ways to make one and recommends `snapshots.insert`; emulators may know only the
other, `disks.createSnapshot`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_gcp import ownership, places, surface
from cloudabstract_gcp.calls import Body, Json
from cloudabstract_gcp.errors import CallFailed
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.places import Scope
from cloudabstract_gcp.surface import Location
from cloudabstract_gcp.volumes import kinds
from cloudabstract_gcp.volumes.limits import GIB

from .labelled import LabelledDriver

_UNKNOWN = (404, 405, 501)  # how servers refuse a method that they do not have


class SnapshotDriver(LabelledDriver):
    """Snapshots; `size` is what a restore needs, once it is known."""

    kind = kinds.SNAPSHOT
    collection = surface.SNAPSHOTS

    def scope(self, wanted: Wanted) -> Scope:
        return places.GLOBAL

    def body(self, fields: Mapping[str, Any]) -> Json:
        return {"sourceDisk": fields["source"], "storageLocations": [fields["location"]]}

    def insert(self, at: Location, body: Json, token: str) -> Operation:
        """Begin to make it, by the older way where the newer is unknown."""
        try:
            return super().insert(at, body, token)
        except CallFailed as failed:
            if failed.status not in _UNKNOWN:
                raise
        told = {name: value for name, value in body.items() if name != "sourceDisk"}
        disk = Location.of(surface.DISKS, body["sourceDisk"])
        made = self._compute.write("create_snapshot", disk, Body("Snapshot", told), token)
        link = Location(self.collection, at.scope, body["name"]).link(self._compute.project)
        return replace(made, target=link, target_id="")

    def fields(self, told: Json) -> dict[str, Any]:
        size = int(told.get("diskSizeGb", 0)) * GIB
        return {
            "source": places.relative(told.get("sourceDisk", "")),
            "location": next(iter(told.get("storageLocations", ())), ""),
            **({"size": size} if size else {}),
        }

    def marked(self, told: Json) -> tuple[dict[str, str], str]:
        """The owner's labels, and the region of the disk that it is a copy of."""
        disk = places.scope_of(told.get("sourceDisk", ""))
        return ownership.from_labels(told.get("labels", {})), disk.region

    def version(self, told: Json) -> str:
        return str(told.get("labelFingerprint", ""))
