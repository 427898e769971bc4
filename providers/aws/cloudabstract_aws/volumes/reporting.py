"""From found parts back to portable status: sizes, devices, where files are mounted from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudabstract.model import (
    Condition,
    Resource,
    Status,
    Volume,
    VolumeAttachment,
    VolumeSnapshot,
)
from cloudabstract.provider import Found, Health, PartKey, by_role, ready

from . import kinds

Parts = Mapping[str, Found]  # by role


def status(resource: Resource, found: Mapping[PartKey, Found]) -> Status:
    """The status of a Volume, VolumeSnapshot or VolumeAttachment; of other kinds an empty one."""
    own = by_role(resource, found)
    if isinstance(resource, Volume):
        return _of_volume(resource, own)
    if isinstance(resource, VolumeSnapshot):
        return _of_snapshot(own.get("snapshot"))
    if isinstance(resource, VolumeAttachment):
        return _of_attachment(own.get("attachment"))
    return Status()


def _of_volume(volume: Volume, own: Parts) -> Status:
    body = own.get("volume")
    if body is None or body.health is Health.FAILED:
        return Status((ready(body),))
    return Status(
        (ready(body), *_misplaced(volume, body), *_mountable(own)),
        capacity=int(body.fields.get("size", volume.spec.capacity.storage)),
        access_modes=volume.spec.access_modes,
        path=_path(body),
    )


def _misplaced(volume: Volume, body: Found) -> Iterator[Condition]:
    """A volume counts where it was made; a topology that is asked for later does not move it."""
    zone, allowed = body.fields.get("zone", ""), volume.spec.topology.zones
    if zone and allowed and zone not in allowed:
        text = f"spec.topology.zones: it stands in {zone}"
        yield Condition("Degraded", "True", "Topology", text)


def _mountable(own: Parts) -> Iterator[Condition]:
    """Whether instances can mount a file system, and how."""
    system, access = own.get("volume"), own.get("access")
    if system is None or access is None:
        return
    waiting = [role for role, each in own.items() if each.health is not Health.READY]
    if waiting:
        text = f"waits for {', '.join(sorted(waiting))}"
        yield Condition("Mountable", "False", "Provisioning", text)
        return
    text = f"mount -t efs -o tls,accesspoint={access.id} {system.id}:/"
    yield Condition("Mountable", "True", "Mountable", text)


def _path(body: Found) -> str:
    """What a file system is mounted from; "" for a disk, which is attached."""
    if body.kind != kinds.FILE_SYSTEM:
        return ""
    return f"{body.id}.efs.{body.place}.amazonaws.com:/"


def _of_snapshot(body: Found | None) -> Status:
    done = body is not None and body.health is Health.READY
    size = int(body.fields.get("size", 0)) if body is not None else 0
    return Status((ready(body),), ready_to_use=done, restore_size=size)


def _of_attachment(found: Found | None) -> Status:
    if found is None:
        text = "it does not exist yet, or is a file system, which is mounted instead"
        return Status((Condition("Attached", "False", "NotAttached", text),))
    if found.health is not Health.READY:
        condition = Condition("Attached", "False", "Attaching", found.reason)
        return Status((condition,))
    device = str(found.fields.get("attached_as", ""))
    text = f"{found.fields.get('volume')} at {found.fields.get('instance')}"
    return Status(
        (Condition("Attached", "True", "Attached", text),),
        device=device,
    )
