"""Attaching volumes: one zone, one device name each, one instance unless io1 or io2 allow more.

moto's volume has room for one attachment; the others of a Multi-Attach volume are kept beside it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from typing import Any
from unittest.mock import patch

from moto.ec2.models import elastic_block_store
from moto.ec2.models.elastic_block_store import Volume, VolumeAttachment

from cloudabstract.testing.aws import volume_limits, volumes
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.refusal import Refused, bad_mix, invalid
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_MORE = "strict_more_attachments"
_BY_ATTACHMENT: Mapping[str, Callable[[Any], str]] = {
    "attachment.device": lambda attachment: attachment.device,
    "attachment.instance-id": lambda attachment: attachment.instance.id,
    "attachment.status": lambda attachment: attachment.status,
}
_moto_filter: Callable[..., list[Any]] = elastic_block_store.generic_filter


class Attachments:
    """The rules on attaching and detaching."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {"ec2.AttachVolume": self._attach, "ec2.DetachVolume": self._detach}

    def patches(self) -> list[AbstractContextManager[Any]]:
        """Let moto's volumes show all of their attachments, and be found by any of them."""
        return [
            patch.object(Volume, "attachments", property(_attachments)),
            patch.object(elastic_block_store, "generic_filter", _filtered),
        ]

    def _attach(self, call: Call, proceed: Proceed) -> Any:
        store = call.backend
        volume = store.get_volume(call.params["VolumeId"])
        instance = store.get_instance(call.params["InstanceId"])
        device = call.params["Device"]
        _check(volume, instance, device)
        if volume.attachment is None:
            attachment = store.attach_volume(volume.id, instance.id, device)
        else:
            attachment = VolumeAttachment(volume, instance, device, "attached")
            setattr(volume, _MORE, [*_attachments(volume)[1:], attachment])
        attachment.attach_time = self._clock.today()
        shown = _shown(attachment, "attaching")
        stages = [("attaching", self._settings.volume_attaching_seconds), ("attached", 0)]
        self._clock.turn(attachment, "status", [*stages])
        return shown

    def _detach(self, call: Call, proceed: Proceed) -> Any:
        volume = call.backend.get_volume(call.params["VolumeId"])
        attachment = _chosen(volume, call.params.get("InstanceId"))
        device = call.params.get("Device")
        if device not in (None, attachment.device):
            raise Refused("InvalidAttachment.NotFound", f"{volume.id} is not attached as {device}")
        attachment.status = "detaching"
        gone = functools.partial(_remove, volume, attachment)
        self._clock.later(self._settings.volume_detaching_seconds, gone)
        return _shown(attachment, "detaching")


def _check(volume: Any, instance: Any, device: str) -> None:
    volumes.require_settled(volume)
    if instance.state not in ("running", "stopped"):
        raise Refused("IncorrectState", f"Instance '{instance.id}' is not 'running' or 'stopped'.")
    if volume.zone.name != instance.placement.zone:
        message = f"The volume '{volume.id}' is not in the zone of instance '{instance.id}'"
        raise Refused("InvalidVolume.ZoneMismatch", message)
    present = _attachments(volume)
    if present and (not volume.multi_attach_enabled or _holds(present, instance)):
        raise Refused("VolumeInUse", f"{volume.id} is already attached to an instance")
    if len(present) >= volume_limits.MOST_ATTACHMENTS:
        raise Refused("AttachmentLimitExceeded", f"{volume.id} has no room for an instance more")
    if device in instance.block_device_mapping or device in _further_devices(instance):
        raise invalid(f"Invalid value '{device}' for unixDevice. It is already in use")


def _further_devices(instance: Any) -> set[str]:
    more = [a for v in instance.ec2_backend.volumes.values() for a in getattr(v, _MORE, [])]
    return {attachment.device for attachment in more if attachment.instance is instance}


def _holds(attachments: list[Any], instance: Any) -> bool:
    return any(attachment.instance is instance for attachment in attachments)


def _attachments(volume: Any) -> list[Any]:
    return [volume.attachment, *getattr(volume, _MORE, [])] if volume.attachment else []


def _filtered(filters: Mapping[str, Any], objects: list[Any]) -> list[Any]:
    """moto's filter, which sees the first attachment of a volume only."""
    by_attachment = filters.keys() & _BY_ATTACHMENT.keys()
    for name in by_attachment:
        told, asked = _BY_ATTACHMENT[name], filters[name]
        objects = [
            each
            for each in objects
            if any(fnmatchcase(told(one), one_of) for one in _attachments(each) for one_of in asked)
        ]
    others = {name: asked for name, asked in filters.items() if name not in by_attachment}
    return _moto_filter(others, objects)


def _chosen(volume: Any, instance_id: str | None) -> Any:
    present = [a for a in _attachments(volume) if instance_id in (None, a.instance.id)]
    if not _attachments(volume):
        raise Refused("IncorrectState", f"Volume '{volume.id}' is in the 'available' state.")
    if not present:
        raise Refused("InvalidAttachment.NotFound", f"{volume.id} is not attached to {instance_id}")
    if len(present) > 1:
        raise bad_mix(f"{volume.id} has several attachments; name the instance")
    return present[0]


def _remove(volume: Any, attachment: Any) -> None:
    attachment.instance.block_device_mapping.pop(attachment.device, None)
    left = [other for other in _attachments(volume) if other is not attachment]
    volume.attachment = left[0] if left else None
    setattr(volume, _MORE, left[1:])
    attachment.status = "detached"


def _shown(attachment: Any, state: str) -> dict[str, Any]:
    return {
        "VolumeId": attachment.volume.id,
        "InstanceId": attachment.instance.id,
        "Device": attachment.device,
        "State": state,
        "AttachTime": attachment.attach_time,
    }
