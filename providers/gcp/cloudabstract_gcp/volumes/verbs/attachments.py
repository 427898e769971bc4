"""`gcp.attachment`: a disk at an instance. It has no name and no labels; its disk notes its owner.

What is not noted was attached by other means, and is told only when it is asked for by its id: the
link of the instance, `#`, and the link of the disk. The device is named as the disk, unless the
spec names it.

Nothing is detached and attached again behind anybody's back: a disk that is at the instance in
another mode than wanted is refused. Both verbs wait on Google's side, for an attachment cannot be
seen before it is usable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Incomplete, Wanted, Whose
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Body, Compute, Json
from cloudabstract_gcp.errors import CallFailed, Refusal
from cloudabstract_gcp.labelling import relabelled
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.surface import Location
from cloudabstract_gcp.volumes import kinds, notes

_READ_ONLY, _READ_WRITE = "READ_ONLY", "READ_WRITE"


class AttachmentDriver:
    """The four verbs."""

    def __init__(self, compute: Compute, unfinished: Unfinished) -> None:
        self._compute = compute
        self._unfinished = unfinished

    def observe(self, batch: Batch) -> Iterable[Found]:
        """What is noted of the disks that were found, and what has one of the ids."""
        disks = {
            each.fields["link"]: each
            for kind in (kinds.DISK, kinds.REGION_DISK)
            for each in batch.used.get(kind, ())
            if batch.takes(each.labels)
        }
        if not disks and not batch.ids:
            return ()
        listing = self._compute.everywhere(surface.INSTANCES)
        here = [told for scope, told in listing.items if scope.region == batch.place]
        found = [
            self._found(told, entry, batch.place, labels)
            for told in here
            for id_, entry in _entries(told)
            if id_ in batch.ids or _disk_of(id_) in disks
            if (labels := self._owner(id_, disks, batch.whose)) or _wanted(id_, batch)
        ]
        silent = [each for each in listing.silent if places.scope_of(each).region == batch.place]
        if silent:
            raise Incomplete(found, f"no answer from {', '.join(silent)}")
        return found

    def create(self, wanted: Wanted) -> Found:
        """Note and attach, or find it attached. Raises CallFailed, Refusal."""
        instance = wanted.fields["instance"]
        at = Location.of(surface.INSTANCES, instance)
        told = self._compute.get(at)
        disk = self._compute.get(Location.of(surface.DISKS, wanted.fields["disk"]))
        there = self._there(told, wanted)
        if there is None:
            _check(wanted, at, disk)
        here, users = disk.get("labels", {}), [*_users(disk), instance]
        self._label(disk, notes.written(here, users, instance, wanted.labels))
        if there is not None:
            return there
        body = {
            "source": places.absolute(wanted.fields["disk"]),
            "deviceName": wanted.fields["device"] or disk["name"],
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
        """Detach, and take the note away. Raises CallFailed."""
        instance, disk = found.fields["instance"], found.fields["disk"]
        at = Location.of(surface.INSTANCES, instance)
        try:
            entry = dict(_entries(self._compute.get(at))).get(found.id)
            if entry is not None:
                gone = Body(query={"device_name": entry["deviceName"]})
                self._unfinished.finish(self._compute.write("detach_disk", at, gone))
        except CallFailed as failed:
            if not failed.missing:
                raise
        told = self._disk(disk)
        if told is not None:
            self._label(told, notes.removed(told.get("labels", {}), _users(told), instance))

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Note the owner, or take the note away. Raises CallFailed, Refusal."""
        instance = found.fields["instance"]
        with self._unfinished.alone(found.fields["disk"]):
            disk = self._disk(found.fields["disk"])
            if disk is None:
                raise Refusal(ErrorCode.NOT_FOUND, f"the disk of {found.id} is gone")
            here, users = disk.get("labels", {}), _users(disk)
            left = notes.removed(here, users, instance)
            noted = notes.written(here, users, instance, labels) if labels else left
            self._label(disk, noted)
        return replace(found, labels=dict(labels))

    def _there(self, told: Json, wanted: Wanted) -> Found | None:
        """The disk as it is at the instance. Raises Refusal when it is not there as wanted."""
        entry = dict(_entries(told)).get(_id(wanted.fields["instance"], wanted.fields["disk"]))
        if entry is None:
            return None
        found = self._found(told, entry, wanted.place, wanted.labels)
        for name in ("read_only", "device"):
            if found.fields[name] != wanted.fields[name]:
                text = f"{places.name_of(found.fields['disk'])} is at {told['name']} already, with "
                remedy = "detach it, or say the same of it"
                raise Refusal(ErrorCode.INVALID, f"{text}another {name}", remedy)
        return found

    def _found(self, told: Json, entry: Json, place: str, labels: Mapping[str, str]) -> Found:
        instance, disk = places.relative(told["selfLink"]), places.relative(entry["source"])
        device = entry["deviceName"]
        fields = {
            "disk": disk,
            "instance": instance,
            "device": "" if device == places.name_of(disk) else device,
            "read_only": entry.get("mode") == _READ_ONLY,
            "device_name": device,
        }
        id_ = _id(instance, disk)
        return Found(kinds.ATTACHMENT, id_, "", place, fields, dict(labels), raw=entry)

    def _owner(self, id_: str, disks: Mapping[str, Found], whose: Whose) -> dict[str, str]:
        """The labels that are noted; the disk may have been found before it was attached."""
        instance, _, link = id_.partition("#")
        known = disks[link].raw if link in disks else None
        noted = notes.read(instance, (known or {}).get("labels", {}))
        if noted or whose is Whose.ANYBODY:
            return noted
        return notes.read(instance, (self._disk(link) or {}).get("labels", {}))

    def _disk(self, link: str) -> Json | None:
        try:
            return self._compute.get(Location.of(surface.DISKS, link))
        except CallFailed as failed:
            if failed.missing:
                return None
            raise

    def _label(self, disk: Json, labels: Mapping[str, str]) -> None:
        if labels != disk.get("labels", {}):
            at = Location.of(surface.DISKS, places.relative(disk["selfLink"]))
            self._unfinished.finish(relabelled(self._compute, at, disk, labels))


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
    if wanted.fields["alone"] and _users(disk):
        users = ", ".join(places.name_of(each) for each in _users(disk))
        text = f"{disk['name']} is ReadWriteOncePod, and attached to {users}"
        raise Refusal(ErrorCode.CONFLICT, text, "detach it there first")


def _wanted(id_: str, batch: Batch) -> bool:
    """Whether an attachment that is not noted is asked for all the same."""
    return id_ in batch.ids or batch.whose is Whose.ANYBODY


def _users(disk: Json) -> list[str]:
    return [places.relative(each) for each in disk.get("users", ())]


def _entries(told: Json) -> Iterator[tuple[str, Json]]:
    """(id, what Google tells) of all disks at an instance."""
    instance = places.relative(told["selfLink"])
    for entry in told.get("disks", ()):
        if "source" in entry and "deviceName" in entry:
            yield _id(instance, places.relative(entry["source"])), entry


def _id(instance: str, disk: str) -> str:
    return f"{instance}#{disk}"


def _disk_of(id_: str) -> str:
    return id_.partition("#")[2]
