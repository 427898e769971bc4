"""EBS volumes: what can be asked for, and the way from `creating` to `deleting` and away.

moto's `Volume.status` is worked out from its attachment; here a phase, while there is one, goes
before that.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from moto.ec2.models.elastic_block_store import Volume

from cloudabstract.testing.aws import tags, volume_limits
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.refusal import Refused, bad_mix, invalid
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.volume_limits import Shape
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_PHASE = "strict_phase"  # "creating", "deleting", or None
_native_status: Any = Volume.status.fget


class Volumes:
    """The rules on creating, copying and deleting volumes."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "ec2.CreateVolume": self._create,
            "ec2.CopyVolumes": self._copy,
            "ec2.DeleteVolume": self._delete,
        }

    def patches(self) -> list[AbstractContextManager[Any]]:
        """Let moto's volumes show their phase."""
        return [patch.object(Volume, "status", property(_status))]

    def _create(self, call: Call, proceed: Proceed) -> Any:
        call.params["AvailabilityZone"] = _zone(call)
        shape = _shape(call.params)
        _check_source(call, shape)
        volume_limits.check(shape)
        volume = proceed()
        self._begin(volume, shape)
        return volume

    def _copy(self, call: Call, proceed: Proceed) -> Any:
        """A copy in the source's zone, of gp2 unless told otherwise, no smaller than the source."""
        source = call.backend.get_volume(call.params["SourceVolumeId"])
        require_settled(source)
        shape = _shape(call.params | {"Size": call.params.get("Size") or source.size})
        if (shape.size or 0) < source.size:
            raise invalid(f"The copy's size is smaller than its source's, {source.size} GiB")
        volume_limits.check(shape)
        volume = call.backend.create_volume(
            size=shape.size,
            zone_name=source.zone.name,
            encrypted=bool(source.encrypted or call.params.get("Encrypted")),
            kms_key_id=call.params.get("KmsKeyId") or source.kms_key_id,
            volume_type=shape.type,
            iops=shape.iops,
            throughput=shape.throughput,
            multi_attach_enabled=shape.multi_attach or None,
        )
        volume.source_volume_id = source.id
        for specification in call.params.get("TagSpecifications") or ():
            volume.add_tags({tag["Key"]: tag["Value"] for tag in specification["Tags"]})
        self._begin(volume, shape)
        return {"Volumes": [volume]}

    def _begin(self, volume: Any, shape: Shape) -> None:
        volume.create_time = self._clock.today()
        settle(volume, Shape(shape.type, volume.size, shape.iops, shape.throughput))
        stages = [("creating", self._settings.volume_creating_seconds), (None, 0)]
        self._clock.turn(volume, _PHASE, stages)

    def _delete(self, call: Call, proceed: Proceed) -> Any:
        store, id_ = call.backend, call.params["VolumeId"]
        volume = store.volumes.get(id_)
        if volume is None or volume.attachment is not None:
            return proceed()  # moto knows the refusals
        require_settled(volume)
        setattr(volume, _PHASE, "deleting")
        gone = functools.partial(_remove, store, id_)
        self._clock.later(self._settings.volume_deleting_seconds, gone)
        return None


def require_settled(volume: Any) -> None:
    """Raise `Refused` unless the volume is available or in use."""
    if volume.status == "deleting":
        raise Refused("InvalidVolume.NotFound", f"The volume '{volume.id}' does not exist.")
    if volume.status not in ("available", "in-use"):
        raise Refused("IncorrectState", f"The volume '{volume.id}' is '{volume.status}'.")


def settle(volume: Any, shape: Shape) -> None:
    """Give a volume the figures that AWS chooses when the caller did not."""
    volume.iops = volume_limits.settled_iops(shape)
    volume.throughput = volume_limits.settled_throughput(shape)


def _status(volume: Any) -> str:
    return str(getattr(volume, _PHASE, None) or _native_status(volume))


def _remove(store: Any, id_: str) -> None:
    store.volumes.pop(id_, None)
    tags.forget(store, id_)


def _shape(params: Mapping[str, Any]) -> Shape:
    return Shape(
        type=params.get("VolumeType") or volume_limits.DEFAULT_TYPE,
        size=params.get("Size"),
        iops=params.get("Iops"),
        throughput=params.get("Throughput"),
        multi_attach=bool(params.get("MultiAttachEnabled")),
    )


def _zone(call: Call) -> str:
    name, id_ = call.params.get("AvailabilityZone"), call.params.get("AvailabilityZoneId")
    if bool(name) == bool(id_):
        raise bad_mix("Either AvailabilityZone or AvailabilityZoneId must be specified, not both")
    for zone in call.backend.describe_availability_zones():
        if zone.name == name or zone.zone_id == id_:
            return str(zone.name)
    raise Refused("InvalidZone.NotFound", f"The zone '{name or id_}' does not exist.")


def _check_source(call: Call, shape: Shape) -> None:
    if call.params.get("SnapshotId") is None:
        return
    snapshot = call.backend.get_snapshot(call.params["SnapshotId"])
    if snapshot.status != "completed":
        raise Refused("IncorrectState", f"The snapshot '{snapshot.id}' is '{snapshot.status}'.")
    if shape.size is not None and shape.size < snapshot.volume_size:
        least = snapshot.volume_size
        raise invalid(f"Volume of {shape.size}GiB is smaller than its snapshot, {least} GiB")
