"""From found parts back to portable status: sizes, devices, and what is amiss."""

from __future__ import annotations

from collections.abc import Mapping

from cloudabstract.model import (
    Condition,
    Resource,
    Status,
    Volume,
    VolumeAttachment,
    VolumeSnapshot,
)
from cloudabstract.provider import Found, Health, PartKey, by_role, ready

_BY_NAME = "/dev/disk/by-id/google-"  # what udev makes of a device name, in Google's images


def status(resource: Resource, found: Mapping[PartKey, Found]) -> Status:
    """The status of a Volume, VolumeSnapshot or VolumeAttachment; of other kinds an empty one."""
    own = by_role(resource, found)
    if isinstance(resource, Volume):
        return _of_volume(resource, own.get("volume"))
    if isinstance(resource, VolumeSnapshot):
        return _of_snapshot(own.get("snapshot"))
    if isinstance(resource, VolumeAttachment):
        return _of_attachment(own.get("attachment"))
    return Status()


def _of_volume(volume: Volume, disk: Found | None) -> Status:
    if disk is None or "size" not in disk.fields or disk.health is Health.FAILED:
        return Status((ready(disk),))
    return Status(
        (ready(disk),),
        capacity=int(disk.fields["size"]),
        access_modes=volume.spec.access_modes,
    )


def _of_snapshot(copy: Found | None) -> Status:
    usable = copy is not None and copy.health is Health.READY
    return Status(
        (ready(copy),),
        ready_to_use=usable,
        restore_size=int(copy.fields.get("size") or 0) if copy is not None and usable else 0,
    )


def _of_attachment(found: Found | None) -> Status:
    if found is None or found.health is not Health.READY:
        reason = found.reason if found is not None else ""
        told = Condition("Attached", "False", "NotAttached", reason)
        return Status((told,))
    name = found.fields.get("device_name", "")
    told = Condition("Attached", "True", "Attached", str(found.fields["instance"]))
    return Status((told,), device=f"{_BY_NAME}{name}")
