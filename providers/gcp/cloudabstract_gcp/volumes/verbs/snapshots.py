"""`gcp.snapshot`: global for Google, at home in the region of its disk for us.

It is kept in the disk's region, not in the nearest multi-region, which is Google's default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_gcp import ownership, places, surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.places import Scope
from cloudabstract_gcp.volumes import kinds
from cloudabstract_gcp.volumes.limits import GIB

from .labelled import LabelledDriver


class SnapshotDriver(LabelledDriver):
    """Snapshots; `size` is what a restore needs, once it is known."""

    kind = kinds.SNAPSHOT
    collection = surface.SNAPSHOTS

    def scope(self, wanted: Wanted) -> Scope:
        return places.GLOBAL

    def body(self, fields: Mapping[str, Any]) -> Json:
        return {"sourceDisk": fields["source"], "storageLocations": [fields["location"]]}

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
