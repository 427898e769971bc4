"""From found parts back to portable status: sizes, devices, and what is amiss."""

from __future__ import annotations

from collections.abc import Mapping

from cloudabstract.model import (
    Condition,
    ExternalResource,
    Resource,
    Status,
    Volume,
    VolumeAttachment,
    VolumeSnapshot,
)
from cloudabstract.provider import Found, Health, PartKey

_BY_NAME = "/dev/disk/by-id/google-"  # what udev makes of a device name, in Google's images

Native = tuple[ExternalResource, ...]


def status(resource: Resource, found: Mapping[PartKey, Found]) -> Status:
    """The status of a Volume, VolumeSnapshot or VolumeAttachment; of other kinds an empty one."""
    own = {key.role: each for key, each in found.items() if key.resource == resource.key}
    native = tuple(
        ExternalResource(each.kind, each.id, each.place, role) for role, each in own.items()
    )
    if isinstance(resource, Volume):
        return _of_volume(resource, own.get("volume"), native)
    if isinstance(resource, VolumeSnapshot):
        return _of_snapshot(own.get("snapshot"), native)
    if isinstance(resource, VolumeAttachment):
        return _of_attachment(own.get("attachment"), native)
    return Status()


def _of_volume(volume: Volume, disk: Found | None, native: Native) -> Status:
    if disk is None or "size" not in disk.fields or disk.health is Health.FAILED:
        failed = disk is not None and disk.health is Health.FAILED
        return Status(
            (_ready(disk),), phase="Failed" if failed else "Pending", external_resources=native
        )
    return Status(
        (_ready(disk),),
        phase="Available" if disk.health is Health.READY else "Pending",
        capacity=int(disk.fields["size"]),
        access_modes=volume.spec.access_modes,
        external_resources=native,
    )


def _of_snapshot(copy: Found | None, native: Native) -> Status:
    usable = copy is not None and copy.health is Health.READY
    return Status(
        (_ready(copy),),
        ready_to_use=usable,
        restore_size=int(copy.fields.get("size") or 0) if copy is not None and usable else 0,
        external_resources=native,
    )


def _of_attachment(found: Found | None, native: Native) -> Status:
    if found is None or found.health is not Health.READY:
        reason = found.reason if found is not None else ""
        told = Condition("Attached", "False", "NotAttached", reason)
        return Status((told,), external_resources=native)
    name = found.fields.get("device_name", "")
    told = Condition("Attached", "True", "Attached", str(found.fields["instance"]))
    return Status((told,), device=f"{_BY_NAME}{name}", external_resources=native)


def _ready(part: Found | None) -> Condition:
    if part is None:
        return Condition("Ready", "False", "Provisioning", "it does not exist yet")
    if part.health is Health.FAILED:
        return Condition("Ready", "False", "Failed", part.reason)
    if part.health is Health.PENDING:
        return Condition("Ready", "False", "Provisioning", part.reason)
    return Condition("Ready", "True", "Ready")
