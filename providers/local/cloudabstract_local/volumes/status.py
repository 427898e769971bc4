"""From found parts back to portable status: sizes, paths, devices, and what is amiss."""

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
from cloudabstract_local.settings import LocalSettings

from . import placing

Parts = Mapping[str, Found]  # by role


def status(resource: Resource, found: Mapping[PartKey, Found], settings: LocalSettings) -> Status:
    """The status of a Volume, VolumeSnapshot or VolumeAttachment; of other kinds an empty one."""
    own = by_role(resource, found)
    if isinstance(resource, Volume):
        return _of_volume(resource, own, settings)
    if isinstance(resource, VolumeSnapshot):
        return _of_snapshot(own.get("snapshot"))
    if isinstance(resource, VolumeAttachment):
        return _of_attachment(own.get("attachment"))
    return Status()


def _of_volume(volume: Volume, own: Parts, settings: LocalSettings) -> Status:
    body = own.get("volume")
    if body is None or body.health is not Health.READY:
        return Status((ready(body),))
    conditions = [ready(body)]
    if placing.medium(volume.spec, settings) == "image":
        conditions.append(_reachable(volume, own))
    return Status(
        tuple(conditions),
        capacity=int(body.fields.get("size", volume.spec.capacity.storage)),
        access_modes=volume.spec.access_modes,
        path=_path(volume, own, body),
        device=str(own["device"].fields.get("path", "")) if "device" in own else "",
    )


def _path(volume: Volume, own: Parts, body: Found) -> str:
    """Where the files of the volume are now; "" when they are nowhere."""
    if "mount" in own:
        mount = own["mount"]
        return str(mount.fields.get("path", "")) if mount.fields.get("mounted") else ""
    return str(body.fields.get("path", "")) if body.kind.endswith(".directory") else ""


def _reachable(volume: Volume, own: Parts) -> Condition:
    block = volume.spec.volume_mode == "Block"
    role, field, type_ = (
        ("device", "attached", "Attached") if block else ("mount", "mounted", "Mounted")
    )
    if role not in own:
        body = own["volume"].fields.get("path", "")
        return Condition(type_, "False", "NotAllowed", f"the image is at {body}")
    if not own[role].fields.get(field):
        return Condition(type_, "False", f"Not{type_}", "the next apply does it again")
    return Condition(type_, "True", type_, str(own[role].fields.get("path", "")))


def _of_snapshot(body: Found | None) -> Status:
    if body is None or body.health is not Health.READY:
        return Status((ready(body),), ready_to_use=False)
    in_use = body.fields.get("copied") == "in use"
    message = "taken while its source could change" if in_use else ""
    return Status(
        (Condition("Ready", "True", "InUse" if in_use else "Ready", message),),
        ready_to_use=True,
        restore_size=int(body.fields.get("size", 0)),
    )


def _of_attachment(found: Found | None) -> Status:
    if found is None or not found.fields.get("attached"):
        return Status((Condition("Attached", "False", "NotAttached"),))
    target = str(found.fields.get("target", ""))
    device = target if target.startswith("/dev/") else ""
    return Status(
        (Condition("Attached", "True", "Attached", f"leads to {target}"),),
        path=str(found.fields.get("path", "")),
        device=device,
    )
