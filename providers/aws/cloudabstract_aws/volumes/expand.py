"""The parts of a volume, a snapshot and an attachment. Pure: what the account has is in `facts`.

Volume              an EBS volume; or a file system with its firewall, a mount target in each zone
                    and an access point (expand_files.py)
VolumeSnapshot      a snapshot
VolumeAttachment    an attachment; none for a file system, whose mount targets are all there is
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cloudabstract.errors import CapabilityError, Problem
from cloudabstract.model import (
    DEFAULT_NAMESPACE,
    Encryption,
    Performance,
    Resource,
    ResourceKey,
    Volume,
    VolumeAttachment,
    VolumeSnapshot,
    format_quantity,
)
from cloudabstract.provider import Facts, Part, PartKey, Ref
from cloudabstract_aws.settings import AwsSettings

from . import expand_files, kinds, media, zones
from .check import rejects
from .limits import GIB


def expand(resource: Resource, facts: Facts, settings: AwsSettings) -> Iterator[Part]:
    """The parts of `resource`. Raises CapabilityError when the account has no place for it."""
    if isinstance(resource, Volume):
        if media.is_files(resource.spec):
            yield from expand_files.expand(resource, facts, settings)
        else:
            yield _disk(resource, facts, settings)
    if isinstance(resource, VolumeSnapshot):
        yield _snapshot(resource, facts, settings)
    if isinstance(resource, VolumeAttachment):
        yield from _attachment(resource, facts)


def _disk(volume: Volume, facts: Facts, settings: AwsSettings) -> Part:
    spec, disk = volume.spec, media.disk(volume.spec)
    blocks = spec.volume_mode == "Block"
    want: dict[str, Any] = {
        "size": disk.size * GIB,
        "fs_type": "" if blocks else spec.fs_type,
        "mount_options": list(spec.mount_options),
        "tags": dict(settings.tags),
        **encryption(spec.encryption),
    }
    figures = {"type": disk.type, "iops": disk.iops, "throughput": disk.throughput}
    if spec.external_ref is not None:
        # An adopted volume keeps its figures unless others are asked for.
        asked = media.performance(spec) != Performance() or "aws" in spec.provider_overrides
        want |= figures if asked else {}
    else:
        want |= {
            **figures,
            "multi_attach": disk.multi_attach,
            "zone": _zone(volume, facts, settings),
            "source": _source(volume, facts),
            "key": (spec.encryption or Encryption()).key or "",
        }
    return Part(
        PartKey(volume.key, kinds.VOLUME, "volume"),
        zones.region_of(volume, facts),
        want,
        external=spec.external_ref or "",
        notes=_notes(volume, disk),
    )


def encryption(wanted: Encryption | None) -> dict[str, Any]:
    """Fields of what was asked for. What was not is not compared: an account may encrypt all."""
    if wanted is None or not wanted.enabled:
        return {}
    key = media.key_id(wanted.key)
    return {"encrypted": True, **({"kms_key": key} if key else {})}


def _zone(volume: Volume, facts: Facts, settings: AwsSettings) -> str:
    """Its zone; "" for a volume that is refused anyway, so that all is told at once."""
    try:
        return zones.zone_of(volume, facts)
    except CapabilityError:
        if rejects(volume, settings):
            return ""
        raise


def _source(volume: Volume, facts: Facts) -> dict[str, Any] | None:
    """The part that `volume` begins as a copy of, and its kind; None for an empty one."""
    origin = volume.spec.data_source
    if origin is None:
        return None
    if origin.kind == "Volume":
        key = PartKey(ResourceKey("Volume", origin.name), kinds.VOLUME, "volume")
        found = zones.volume_of(origin.name, facts)
        _check_origin(volume, found, facts)
        return {"kind": kinds.VOLUME, "id": Ref(key, "id")}
    reserved = volume.spec.claim_ref
    namespace = reserved.namespace if reserved is not None else DEFAULT_NAMESPACE
    named = ResourceKey(VolumeSnapshot.KIND, origin.name, namespace)
    snapshot = facts.resources.get(named)
    if isinstance(snapshot, VolumeSnapshot):
        _check_origin(volume, zones.volume_of(snapshot.spec.source.volume, facts), facts)
    return {"kind": kinds.SNAPSHOT, "id": Ref(PartKey(named, kinds.SNAPSHOT, "snapshot"), "id")}


def _check_origin(volume: Volume, origin: Volume | None, facts: Facts) -> None:
    """Raise CapabilityError unless EBS can copy from `origin`, where that is known."""
    if origin is None:
        return
    if media.is_files(origin.spec):
        raise _refused(volume, "VO017", "spec.dataSource", "EFS has no copies", "begin empty")
    here, there = zones.region_of(volume, facts), zones.region_of(origin, facts)
    if here != there:
        text = f"its source is in {there}, and it is wanted in {here}"
        raise _refused(volume, "VO009", "spec.topology.region", text, f"use {there}")


def _notes(volume: Volume, disk: media.Disk) -> Mapping[str, str]:
    notes = {}
    if disk.size * GIB != volume.spec.capacity.storage:
        notes["size"] = f"rounded up from {format_quantity(volume.spec.capacity.storage)}"
    if volume.spec.volume_mode == "Filesystem":
        notes["update.size"] = f"the {volume.spec.fs_type} on it grows when the instance says so"
    return notes


def _snapshot(snapshot: VolumeSnapshot, facts: Facts, settings: AwsSettings) -> Part:
    volume = zones.volume_of(snapshot.spec.source.volume, facts)
    want: dict[str, Any] = {"tags": dict(settings.tags)}
    if volume is not None:
        if media.is_files(volume.spec):
            text = "EFS has no snapshots"
            raise _refused(snapshot, "VO017", "spec.source", text, "use EBS, or AWS Backup")
        want["source"] = Ref(PartKey(volume.key, kinds.VOLUME, "volume"), "id")
    key = PartKey(snapshot.key, kinds.SNAPSHOT, "snapshot")
    return Part(key, zones.region_of(snapshot, facts), want)


def _attachment(attachment: VolumeAttachment, facts: Facts) -> Iterator[Part]:
    spec = attachment.spec
    volume = zones.volume_of(spec.source.volume, facts)
    if volume is None:
        return
    if media.is_files(volume.spec):
        if spec.device is not None:
            text = "a file system is mounted, it has no device"
            raise _refused(attachment, "VO017", "spec.device", text, "leave device out")
        return
    hosts = zones.hosts_called(spec.instance, facts)
    if len(hosts) > 1:
        ids = ", ".join(host.id for host in hosts)
        text = f"{ids} are all called {spec.instance}"
        raise _refused(attachment, "VO009", "spec.instance", text, "name the instance by its id")
    for host in hosts:
        zones.check_reach(attachment, volume, host)
    want = {
        "volume": Ref(PartKey(volume.key, kinds.VOLUME, "volume"), "id"),
        "instance": hosts[0].id if hosts else spec.instance,
        "device": spec.device or "",
    }
    key = PartKey(attachment.key, kinds.ATTACHMENT, "attachment")
    yield Part(key, zones.region_of(attachment, facts), want)


def _refused(resource: Resource, code: str, field: str, text: str, remedy: str) -> CapabilityError:
    problem = Problem(text, subject=str(resource.key), field=field, code=code, remedy=remedy)
    return CapabilityError([problem])
