"""The parts of a volume, a snapshot and an attachment. Pure: the project is known from facts.

Volume              a disk in one zone, or in two
VolumeSnapshot      a snapshot
VolumeAttachment    an attachment
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cloudabstract.model import (
    Resource,
    ResourceKey,
    Volume,
    VolumeAttachment,
    VolumeSnapshot,
    format_quantity,
)
from cloudabstract.provider import Facts, Host, Part, PartKey, Ref
from cloudabstract_gcp import places
from cloudabstract_gcp.settings import GcpSettings

from . import kinds, media, placing
from .limits import GIB

SURVEY = "volumes"  # the key in Facts.extra of what survey.py found


def expand(resource: Resource, facts: Facts, settings: GcpSettings) -> Iterator[Part]:
    """The parts that realise `resource`; none for kinds that are not about volumes."""
    if isinstance(resource, Volume):
        adopted = resource.spec.external_ref
        yield (_adopted if adopted else _disk)(resource, facts, settings)
    if isinstance(resource, VolumeSnapshot):
        yield _snapshot(resource, facts, settings)
    if isinstance(resource, VolumeAttachment):
        yield from _attachment(resource, facts, settings)


def key_of(volume: Volume) -> PartKey:
    """The address of the part that holds the data of `volume`."""
    regional = media.reach(volume.spec) == "regional"
    return PartKey(volume.key, kinds.REGION_DISK if regional else kinds.DISK, "volume")


def _disk(volume: Volume, facts: Facts, settings: GcpSettings) -> Part:
    spec, disk, key = volume.spec, media.disk(volume.spec), key_of(volume)
    block = spec.volume_mode == "Block"
    want: dict[str, Any] = {
        "type": disk.type,
        "size": disk.size * GIB,
        "iops": disk.iops,
        "throughput": disk.throughput,
        "many_writers": disk.many_writers,
        "kms_key": (spec.encryption.key if spec.encryption else None) or "",
        "format": "" if block else spec.fs_type,
        "mount_options": list(spec.mount_options),
        "source": _source(volume, facts),
    }
    if key.kind == kinds.DISK:
        (want["zone"],) = placing.zones(volume, facts, settings)
    else:
        want["zones"] = placing.zones(volume, facts, settings)
    return Part(key, settings.region, want, notes=_notes(volume, disk))


def _adopted(volume: Volume, facts: Facts, settings: GcpSettings) -> Part:
    """A disk that was there before us has what it has; only what is asked for is compared."""
    spec, wish, ref = volume.spec, media.performance(volume.spec), volume.spec.external_ref or ""
    want: dict[str, Any] = {"size": media.gib(spec.capacity.storage) * GIB}
    if wish.iops:
        want["iops"] = wish.iops
    if wish.throughput:
        want["throughput"] = media.mib(wish.throughput)
    if spec.encryption is not None and spec.encryption.key:
        want["kms_key"] = spec.encryption.key
    if media.many_writers(spec):
        want["many_writers"] = True
    if media.named_type(spec):
        want["type"] = media.named_type(spec)
    known: Mapping[str, str] = facts.extra.get(SURVEY, {}).get("adopted", {})
    return Part(key_of(volume), settings.region, want, external=known.get(ref, ref))


def _notes(volume: Volume, disk: media.Disk) -> dict[str, str]:
    """What the plan should say of the size."""
    asked = volume.spec.capacity.storage
    notes = {}
    if disk.size * GIB != asked:
        because = f", which {disk.type} needs" if disk.size > media.gib(asked) else ""
        notes["size"] = f"rounded up from {format_quantity(asked)}{because}"
    if volume.spec.volume_mode == "Filesystem":
        grows = f"the {volume.spec.fs_type} on it grows when the instance says so"
        notes["update.size"] = "; ".join(filter(None, (notes.get("size"), grows)))
    return notes


def _source(volume: Volume, facts: Facts) -> dict[str, Any] | None:
    """What `volume` begins as a copy of."""
    origin = volume.spec.data_source
    if origin is None:
        return None
    if origin.kind == VolumeSnapshot.KIND:
        reserved = volume.spec.claim_ref
        namespace = reserved.namespace if reserved is not None else "default"
        copied = ResourceKey(origin.kind, origin.name, namespace)
        return {"sourceSnapshot": Ref(PartKey(copied, kinds.SNAPSHOT, "snapshot"), "link")}
    found = facts.resources.get(ResourceKey(Volume.KIND, origin.name))
    return {"sourceDisk": Ref(key_of(found), "link")} if isinstance(found, Volume) else None


def _snapshot(snapshot: VolumeSnapshot, facts: Facts, settings: GcpSettings) -> Part:
    volume = _volume(snapshot.spec.source.volume, facts)
    want: dict[str, Any] = {"location": settings.region}
    if volume is not None:
        want["source"] = Ref(key_of(volume), "link")
    return Part(PartKey(snapshot.key, kinds.SNAPSHOT, "snapshot"), settings.region, want)


def _attachment(
    attachment: VolumeAttachment, facts: Facts, settings: GcpSettings
) -> Iterator[Part]:
    spec, volume = attachment.spec, _volume(attachment.spec.source.volume, facts)
    if volume is None:
        return
    near = placing.zones(volume, facts, settings)
    want = {
        "disk": Ref(key_of(volume), "link"),
        "instance": _instance(spec.instance, near, facts, settings),
        "device": spec.device or "",
        "read_only": spec.read_only or media.read_only(volume.spec),
        "alone": "ReadWriteOncePod" in volume.spec.access_modes,
    }
    key = PartKey(attachment.key, kinds.ATTACHMENT, "attachment")
    yield Part(key, settings.region, want)


def _instance(name: str, near: list[str], facts: Facts, settings: GcpSettings) -> str:
    """The link of an instance that is named by name or link; of several the nearest."""
    link = places.relative(name)
    known = [host for host in facts.hosts if link in (host.name, host.id)]
    if known:
        return min(known, key=lambda host: _far(host, near)).id
    if "/" in link:
        return link
    return places.link(settings.project, places.zone(near[0]), "instances", name)


def _far(host: Host, near: list[str]) -> tuple[bool, str]:
    return (host.zone not in near, host.zone)


def _volume(name: str | None, facts: Facts) -> Volume | None:
    found = facts.resources.get(ResourceKey(Volume.KIND, name or ""))
    return found if isinstance(found, Volume) else None
