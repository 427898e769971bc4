"""From found parts back to portable status: sizes, paths, devices, and what is amiss."""

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
from cloudabstract_local.settings import LocalSettings

from . import placing

Parts = Mapping[str, Found]  # by role


def status(resource: Resource, found: Mapping[PartKey, Found], settings: LocalSettings) -> Status:
    """The status of a Volume, VolumeSnapshot or VolumeAttachment; of other kinds an empty one."""
    own = {key.role: each for key, each in found.items() if key.resource == resource.key}
    native = tuple(
        ExternalResource(each.kind, each.id, each.place, role) for role, each in own.items()
    )
    if isinstance(resource, Volume):
        return _of_volume(resource, own, settings, native)
    if isinstance(resource, VolumeSnapshot):
        return _of_snapshot(own.get("snapshot"), native)
    if isinstance(resource, VolumeAttachment):
        return _of_attachment(own.get("attachment"), native)
    return Status()


def _of_volume(
    volume: Volume, own: Parts, settings: LocalSettings, native: tuple[ExternalResource, ...]
) -> Status:
    body = own.get("volume")
    ready = _ready(body)
    if body is None or body.health is not Health.READY:
        failed = body is not None and body.health is Health.FAILED
        return Status((ready,), phase="Failed" if failed else "Pending", external_resources=native)
    conditions = [ready]
    if placing.medium(volume.spec, settings) == "image":
        conditions.append(_reachable(volume, own))
    return Status(
        tuple(conditions),
        phase="Available",
        capacity=int(body.fields.get("size", volume.spec.capacity.storage)),
        access_modes=volume.spec.access_modes,
        path=_path(volume, own, body),
        device=str(own["device"].fields.get("path", "")) if "device" in own else "",
        external_resources=native,
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


def _of_snapshot(body: Found | None, native: tuple[ExternalResource, ...]) -> Status:
    ready = _ready(body)
    if body is None or body.health is not Health.READY:
        return Status((ready,), ready_to_use=False, external_resources=native)
    in_use = body.fields.get("copied") == "in use"
    message = "taken while its source could change" if in_use else ""
    return Status(
        (Condition("Ready", "True", "InUse" if in_use else "Ready", message),),
        ready_to_use=True,
        restore_size=int(body.fields.get("size", 0)),
        external_resources=native,
    )


def _of_attachment(found: Found | None, native: tuple[ExternalResource, ...]) -> Status:
    if found is None or not found.fields.get("attached"):
        return Status((Condition("Attached", "False", "NotAttached"),), external_resources=native)
    target = str(found.fields.get("target", ""))
    device = target if target.startswith("/dev/") else ""
    return Status(
        (Condition("Attached", "True", "Attached", f"leads to {target}"),),
        path=str(found.fields.get("path", "")),
        device=device,
        external_resources=native,
    )


def _ready(body: Found | None) -> Condition:
    if body is None:
        return Condition("Ready", "False", "Provisioning", "it does not exist yet")
    if body.health is Health.FAILED:
        return Condition("Ready", "False", "Failed", body.reason)
    if body.health is Health.PENDING:
        return Condition("Ready", "False", "Provisioning", body.reason)
    return Condition("Ready", "True", "Ready")
