"""`gcp.disk` and `gcp.region_disk`: they grow in place, and never shrink.

Size, rates and labels change by a call each, and Google works on a disk one change at a time: where
an update needs several, each but the last is waited for on Google's side. The size goes first, for
rates depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Wanted
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Body, Json
from cloudabstract_gcp.errors import Refusal
from cloudabstract_gcp.labelling import relabelled
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.places import Scope
from cloudabstract_gcp.surface import Location
from cloudabstract_gcp.volumes import hints, kinds, limits
from cloudabstract_gcp.volumes.limits import GIB

from .labelled import LabelledDriver

_MANY, _SINGLE = "READ_WRITE_MANY", "READ_WRITE_SINGLE"
_RATES = {"iops": "provisionedIops", "throughput": "provisionedThroughput"}
_HINTS = ("format", "mount_options")


class DiskDriver(LabelledDriver):
    """Disks in one zone."""

    kind = kinds.DISK
    collection = surface.ZONE_DISKS
    resizing = "DisksResizeRequest"

    def scope(self, wanted: Wanted) -> Scope:
        return places.zone(str(wanted.fields["zone"]))

    def where(self, fields: Mapping[str, Any]) -> Json:
        """What the body says of the place."""
        return {"type": self._type(places.zone(fields["zone"]), fields["type"])}

    def body(self, fields: Mapping[str, Any]) -> Json:
        kind = limits.disk_type(fields["type"])
        mode = {"accessMode": _MANY if fields["many_writers"] else _SINGLE} if kind.writers else {}
        key = fields["kms_key"]
        return {
            **self.where(fields),
            **mode,
            "sizeGb": str(fields["size"] // GIB),
            **{sent: str(fields[name]) for name, sent in _RATES.items() if fields[name]},
            **({"diskEncryptionKey": {"kmsKeyName": key}} if key else {}),
            **(fields["source"] or {}),
            "labels": hints.to_labels(fields["format"], fields["mount_options"]),
        }

    def fields(self, told: Json) -> dict[str, Any]:
        name = places.name_of(told.get("type", ""))
        settable = limits.disk_type(name).rates if name in limits.types() else _RATES
        rates = {
            rate: int(told.get(sent, 0)) if rate in settable else 0 for rate, sent in _RATES.items()
        }
        key = str(told.get("diskEncryptionKey", {}).get("kmsKeyName", ""))
        return {
            **self.standing(told),
            "type": name,
            "size": int(told.get("sizeGb", 0)) * GIB,
            **rates,
            "many_writers": told.get("accessMode") == _MANY,
            "kms_key": key.partition("/cryptoKeyVersions/")[0],
            **hints.from_labels(told.get("labels", {})),
        }

    def standing(self, told: Json) -> dict[str, Any]:
        """The field that says where it stands."""
        return {"zone": places.name_of(told["zone"])}

    def version(self, told: Json) -> str:
        parts = ("labelFingerprint", "sizeGb", *_RATES.values())
        return ":".join(str(told.get(each, "")) for each in parts)

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        """One call for each of size, rates and hints that differ; the last is under way."""
        *first, last = self._changes(at, told, fields)
        for call in first:
            self._unfinished.finish(call())
        return last()

    def _changes(
        self, at: Location, told: Json, fields: Mapping[str, Any]
    ) -> Iterator[Callable[[], Operation]]:
        now = self.fields(told)
        if fields["size"] < now["size"]:
            raise Refusal(
                ErrorCode.INVALID,
                f"{at.name} has {now['size'] // GIB} GiB and cannot shrink",
                "copy the data to a smaller volume",
            )
        if fields["size"] > now["size"]:
            body = Body(self.resizing, {"sizeGb": str(fields["size"] // GIB)})
            yield lambda: self._compute.write("resize", at, body)
        rates = {
            sent: str(fields[name]) for name, sent in _RATES.items() if fields[name] != now[name]
        }
        if rates:
            masked = Body("Disk", {"name": at.name, **rates}, {"update_mask": ",".join(rates)})
            yield lambda: self._compute.write("update", at, masked)
        if any(fields[name] != now[name] for name in _HINTS):
            hinted = hints.to_labels(fields["format"], fields["mount_options"])
            labels = {**hints.others(told.get("labels", {})), **hinted}
            yield lambda: relabelled(self._compute, at, told, labels)

    def _type(self, scope: Scope, name: str) -> str:
        return places.link(self._compute.project, scope, "diskTypes", name)


class RegionDiskDriver(DiskDriver):
    """Disks with a copy in each of two zones."""

    kind = kinds.REGION_DISK
    collection = surface.REGION_DISKS
    resizing = "RegionDisksResizeRequest"

    def scope(self, wanted: Wanted) -> Scope:
        return places.region(wanted.place)

    def where(self, fields: Mapping[str, Any]) -> Json:
        zones = [places.zone(each) for each in fields["zones"]]
        links = [f"projects/{self._compute.project}/{each.path}" for each in zones]
        return {
            "type": self._type(places.region(zones[0].region), fields["type"]),
            "replicaZones": links,
        }

    def standing(self, told: Json) -> dict[str, Any]:
        return {"zones": sorted(places.name_of(each) for each in told.get("replicaZones", ()))}
