"""Volumes, snapshots and attachments as parts: each is one object of the memory cloud."""

from __future__ import annotations

from typing import Any

from cloudabstract.model import (
    DEFAULT_NAMESPACE,
    Encryption,
    Performance,
    ResourceKey,
    Volume,
    VolumeAttachment,
    VolumeSnapshot,
    VolumeSpec,
    format_quantity,
)
from cloudabstract.provider import Facts, Part, PartKey, Ref

from . import kinds
from .limits import rounded


def place_of(spec: VolumeSpec, facts: Facts) -> str:
    """Where a disk stands: the region when replicated, else the first zone that it may be in."""
    if spec.replication == "regional":
        return facts.place
    return spec.topology.zones[0] if spec.topology.zones else facts.places[1]


def disk(volume: Volume, facts: Facts) -> Part:
    """The one part of a Volume."""
    spec = volume.spec
    performance = spec.performance or Performance()
    encryption = spec.encryption or Encryption()
    size = rounded(spec.capacity.storage)
    want: dict[str, Any] = {
        "size": size,
        "tier": performance.tier,
        "iops": performance.iops or 0,
        "throughput": performance.throughput or 0,
        "encrypted": encryption.enabled,
        "key": encryption.key or "",
        "replication": spec.replication,
        "access_modes": sorted(spec.access_modes),
        "mode": spec.volume_mode,
        "fs_type": spec.fs_type if spec.volume_mode == "Filesystem" else "",
        "mount_options": list(spec.mount_options),
        "zones": list(spec.topology.zones),
        "note": str(spec.provider_overrides.get("memory", {}).get("note", "")),
        "source": _origin(volume),
    }
    notes = {}
    if size != spec.capacity.storage:
        notes["size"] = f"rounded up from {format_quantity(spec.capacity.storage)}"
    return Part(
        PartKey(volume.key, kinds.DISK, "volume"),
        place_of(spec, facts),
        want,
        external=spec.external_ref or "",
        notes=notes,
    )


def _origin(volume: Volume) -> Ref | str:
    """What the disk begins as a copy of; "" for an empty one."""
    source = volume.spec.data_source
    if source is None:
        return ""
    if source.kind == Volume.KIND:
        return _disk_of(source.name)
    held = volume.spec.claim_ref
    namespace = held.namespace if held is not None else DEFAULT_NAMESPACE
    key = ResourceKey(source.kind, source.name, namespace)
    return Ref(PartKey(key, kinds.SNAPSHOT, "snapshot"), "id")


def snapshot(wanted: VolumeSnapshot, facts: Facts) -> Part:
    """The one part of a VolumeSnapshot."""
    want = {"source": _disk_of(wanted.spec.source.volume)}
    return Part(PartKey(wanted.key, kinds.SNAPSHOT, "snapshot"), facts.place, want)


def attachment(wanted: VolumeAttachment, facts: Facts) -> Part:
    """The one part of a VolumeAttachment; it is where its disk is."""
    spec = wanted.spec
    volume = facts.resources.get(ResourceKey(Volume.KIND, spec.source.volume or ""))
    place = place_of(volume.spec, facts) if volume is not None else facts.places[1]
    want = {
        "disk": _disk_of(spec.source.volume),
        "instance": spec.instance,
        "device": spec.device or "",
        "read_only": spec.read_only,
    }
    return Part(PartKey(wanted.key, kinds.ATTACHMENT, "attachment"), place, want)


def _disk_of(volume: str | None) -> Ref:
    key = ResourceKey(Volume.KIND, volume or "")
    return Ref(PartKey(key, kinds.DISK, "volume"), "id")
