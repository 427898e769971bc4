"""`gcp.attachment`: a disk at an instance. It has no name and no labels, and is its disk's.

People attach our disks by other means too, and are not to find them detached. What we attach is
told by its device name, `cloudabstract-` with the disk's id, unless the spec names the device; what
has another name is ours only if it is asked for by its id. An id is the link of the instance, `#`,
and the link of the disk.

Nothing is detached and attached again behind anybody's back: a disk that is at the instance in
another mode than wanted is a conflict. Both verbs wait on Google's side, for an attachment cannot
be seen before it is usable.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import RESOURCE, ROLE, STACK, Batch, Found, Incomplete, Wanted
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Body, Compute, Json
from cloudabstract_gcp.errors import CallFailed, Refusal
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.surface import Location
from cloudabstract_gcp.volumes import kinds

_OURS = "cloudabstract-"
_READ_ONLY, _READ_WRITE = "READ_ONLY", "READ_WRITE"
_DISKS = (kinds.DISK, kinds.REGION_DISK)


class AttachmentDriver:
    """The four verbs."""

    def __init__(self, compute: Compute, unfinished: Unfinished) -> None:
        self._compute = compute
        self._unfinished = unfinished
        self._lock = threading.Lock()
        self._given: dict[str, Mapping[str, str]] = {}  # labels of what this process attached

    def observe(self, batch: Batch) -> Iterable[Found]:
        """What is attached of the disks that were found, and what has one of the ids."""
        disks = {
            each.fields["link"]: each
            for kind in _DISKS
            for each in batch.used.get(kind, ())
            if batch.takes(each.labels) or any(it.endswith(f"#{_link(each)}") for it in batch.ids)
        }
        if not disks and not batch.ids:
            return ()
        listing = self._compute.everywhere(surface.INSTANCES)
        here = [told for scope, told in listing.items if scope.region == batch.place]
        found = [
            self._found(told, entry, batch.place, self._labels(id_, disks))
            for told in here
            for id_, entry in _entries(told)
            if id_ in batch.ids or (_disk_of(id_) in disks and _is_ours(entry))
        ]
        silent = [each for each in listing.silent if places.scope_of(each).region == batch.place]
        if silent:
            raise Incomplete(found, f"no answer from {', '.join(silent)}")
        return found

    def create(self, wanted: Wanted) -> Found:
        """Attach the disk, or find it attached. Raises CallFailed, Refusal."""
        at = Location.of(surface.INSTANCES, wanted.fields["instance"])
        told = self._compute.get(at)
        there = self._there(told, wanted)
        if there is not None:
            return there
        disk = self._compute.get(Location.of(surface.DISKS, wanted.fields["disk"]))
        _check(wanted, at, disk)
        body = {
            "source": places.absolute(wanted.fields["disk"]),
            "deviceName": wanted.fields["device"] or f"{_OURS}{disk['id']}",
            "mode": _READ_ONLY if wanted.fields["read_only"] else _READ_WRITE,
            "type": "PERSISTENT",
            "autoDelete": False,
        }
        self._unfinished.finish(
            self._compute.write("attach_disk", at, Body("AttachedDisk", body), wanted.token)
        )
        there = self._there(self._compute.get(at), wanted)
        if there is None:
            raise Refusal(ErrorCode.SPENT, "it was attached by this request before, and is not now")
        return there

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """There is nothing to be changed in place."""
        return found

    def delete(self, found: Found) -> None:
        """Detach, and wait until it is so. Raises CallFailed."""
        at = Location.of(surface.INSTANCES, found.fields["instance"])
        try:
            entry = dict(_entries(self._compute.get(at))).get(found.id)
            if entry is not None:
                gone = Body(query={"device_name": entry["deviceName"]})
                self._unfinished.finish(self._compute.write("detach_disk", at, gone))
        except CallFailed as failed:
            if not failed.missing:
                raise

    def _there(self, told: Json, wanted: Wanted) -> Found | None:
        """The disk as it is at the instance. Raises Refusal when it is not there as wanted."""
        id_ = _id(wanted.fields["instance"], wanted.fields["disk"])
        entry = dict(_entries(told)).get(id_)
        if entry is None:
            return None
        with self._lock:
            self._given[id_] = wanted.labels
        found = self._found(told, entry, wanted.place, wanted.labels)
        differing = [it for it in ("read_only", "device") if found.fields[it] != wanted.fields[it]]
        if differing and _is_ours(entry):
            raise Refusal(ErrorCode.CONFLICT, f"{found.id} is attached with another {differing[0]}")
        if differing:
            raise Refusal(
                ErrorCode.TAKEN,
                f"{wanted.fields['disk']} was attached to {told['name']} by somebody else",
                "detach it, or leave the VolumeAttachment out",
            )
        return found

    def _found(self, told: Json, entry: Json, place: str, labels: Mapping[str, str]) -> Found:
        instance, disk = places.relative(told["selfLink"]), places.relative(entry["source"])
        fields = {
            "disk": disk,
            "instance": instance,
            "device": "" if _is_ours(entry) else entry["deviceName"],
            "read_only": entry.get("mode") == _READ_ONLY,
            "device_name": entry["deviceName"],
        }
        return Found(kinds.ATTACHMENT, _id(instance, disk), "", place, fields, dict(labels))

    def _labels(self, id_: str, disks: Mapping[str, Found]) -> dict[str, str]:
        """What it was given by this process; else its disk's, as far as they name the owner."""
        with self._lock:
            given = self._given.get(id_)
        if given is not None:
            return dict(given)
        disk = disks.get(_disk_of(id_))
        told = disk.labels if disk is not None else {}
        return {key: told[key] for key in (STACK, RESOURCE, ROLE) if key in told}


def _check(wanted: Wanted, at: Location, disk: Json) -> None:
    """What Google would refuse with less to say, or not at all. Raises Refusal."""
    zones = [places.name_of(each) for each in disk.get("replicaZones", [disk.get("zone", "")])]
    if at.scope.name not in zones:
        raise Refusal(
            ErrorCode.INVALID,
            f"{disk['name']} is in {' and '.join(zones)}, {at.name} in {at.scope.name}",
            "name the instance's zone in topology.zones of a new volume, or claim one of a class "
            "with volumeBindingMode WaitForFirstConsumer",
        )
    if wanted.fields["alone"] and disk.get("users"):
        users = ", ".join(places.name_of(each) for each in disk["users"])
        text = f"{disk['name']} is ReadWriteOncePod, and attached to {users}"
        raise Refusal(ErrorCode.CONFLICT, text, "detach it there first")


def _entries(told: Json) -> Iterator[tuple[str, Json]]:
    """(id, what Google tells) of all disks at an instance."""
    instance = places.relative(told["selfLink"])
    for entry in told.get("disks", ()):
        if "source" in entry and "deviceName" in entry:
            yield _id(instance, places.relative(entry["source"])), entry


def _is_ours(entry: Json) -> bool:
    return str(entry["deviceName"]).startswith(_OURS)


def _id(instance: str, disk: str) -> str:
    return f"{instance}#{disk}"


def _disk_of(id_: str) -> str:
    return id_.partition("#")[2]


def _link(disk: Found) -> str:
    return str(disk.fields.get("link", ""))
