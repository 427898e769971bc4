"""The parts of a volume, a snapshot and an attachment. Pure: the machine is known from facts.

Volume              image, and its mount (Filesystem) or loop device (Block) where allowed;
                    or directory, with a read-only mount for ReadOnlyMany
VolumeSnapshot      snapshot of the image or directory
VolumeAttachment    attachment to the mount, the device or, unmounted, the body itself
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
from cloudabstract.provider import Facts, Part, PartKey, Ref
from cloudabstract_local.settings import LocalSettings

from . import kinds, placing

SURVEY = "volumes"  # the key in Facts.extra of what `survey.facts` found


def expand(resource: Resource, facts: Facts, settings: LocalSettings) -> Iterator[Part]:
    """The parts that realise `resource`; none for kinds that are not about volumes."""
    if isinstance(resource, Volume):
        yield _body(resource, facts, settings)
        yield from _connection(resource, facts, settings)
    if isinstance(resource, VolumeSnapshot):
        yield _snapshot(resource, facts, settings)
    if isinstance(resource, VolumeAttachment):
        yield from _attachment(resource, facts, settings)


def key_of(volume: Volume, settings: LocalSettings) -> PartKey:
    """The address of the part that holds the data of `volume`."""
    return PartKey(volume.key, placing.kind(volume.spec, settings), "volume")


def _body(volume: Volume, facts: Facts, settings: LocalSettings) -> Part:
    spec, key = volume.spec, key_of(volume, settings)
    want: dict[str, Any] = {"size": placing.size(spec, settings)}
    if key.kind == kinds.IMAGE:
        want["format"] = placing.form(spec)
    if spec.external_ref:
        if key.kind == kinds.DIRECTORY:
            del want["size"]  # a folder that was there before us has none
        return Part(key, facts.place, want, external=spec.external_ref)
    source = _source(volume, facts, settings)
    want["source"] = {"kind": source.kind, "id": Ref(source, "id")} if source else None
    return Part(key, facts.place, want, notes=_size_notes(volume, facts, settings))


def _source(volume: Volume, facts: Facts, settings: LocalSettings) -> PartKey | None:
    """The part that `volume` begins as a copy of."""
    origin = volume.spec.data_source
    if origin is None:
        return None
    reserved = volume.spec.claim_ref
    namespace = reserved.namespace if reserved is not None else "default"
    if origin.kind == "VolumeSnapshot":
        return PartKey(ResourceKey(origin.kind, origin.name, namespace), kinds.SNAPSHOT, "snapshot")
    found = facts.resources.get(ResourceKey("Volume", origin.name))
    return key_of(found, settings) if isinstance(found, Volume) else None


def _size_notes(volume: Volume, facts: Facts, settings: LocalSettings) -> dict[str, str]:
    """What the plan should say of the size, and what only of its growth."""
    asked, made = volume.spec.capacity.storage, placing.size(volume.spec, settings)
    if placing.medium(volume.spec, settings) == "directory":
        return {"size": "told, not enforced"}
    known = _survey(facts)
    said = []
    if made != asked:
        said.append(f"rounded up from {format_quantity(asked)}")
    if made > known.get("free", made):
        said.append("more than the disk has free now: writes fail when that is full")
    notes = {"size": "; ".join(said)} if said else {}
    mounted = placing.form(volume.spec) == "ext4" and _may_mount(facts, settings)
    if mounted and not (known.get("online_growth") and not placing.read_only(volume.spec)):
        notes["update.size"] = "offline: unmounted while it grows"
    return notes


def _connection(volume: Volume, facts: Facts, settings: LocalSettings) -> Iterator[Part]:
    """How the volume can be reached, as far as this user may make it so."""
    if not _may_mount(facts, settings):
        return
    spec, body = volume.spec, key_of(volume, settings)
    source = {"kind": body.kind, "id": Ref(body, "id")}
    want: dict[str, Any] = {"source": source, "read_only": placing.read_only(spec)}
    if spec.volume_mode == "Block":
        key = PartKey(volume.key, kinds.LOOP, "device")
        yield Part(key, facts.place, {**want, "attached": True})
    elif body.kind == kinds.IMAGE:
        key = PartKey(volume.key, kinds.MOUNT, "mount")
        want |= {"type": spec.fs_type, "options": list(spec.mount_options), "mounted": True}
        yield Part(key, facts.place, want)
    elif placing.read_only(spec):
        key = PartKey(volume.key, kinds.MOUNT, "mount")
        want |= {"type": "bind", "options": [], "mounted": True}
        yield Part(key, facts.place, want)


def _snapshot(snapshot: VolumeSnapshot, facts: Facts, settings: LocalSettings) -> Part:
    volume = _volume(snapshot.spec.source.volume, facts)
    want: dict[str, Any] = {}
    if volume is not None:
        body = key_of(volume, settings)
        want["source"] = {"kind": body.kind, "id": Ref(body, "id")}
    return Part(PartKey(snapshot.key, kinds.SNAPSHOT, "snapshot"), facts.place, want)


def _attachment(
    attachment: VolumeAttachment, facts: Facts, settings: LocalSettings
) -> Iterator[Part]:
    volume = _volume(attachment.spec.source.volume, facts)
    if volume is None:
        return
    body = key_of(volume, settings)
    via = next((part.key for part in _connection(volume, facts, settings)), body)
    want = {
        "volume": Ref(body, "id"),
        "via": {"kind": via.kind, "id": Ref(via, "id")},
        "read_only": attachment.spec.read_only,
        "alone": "ReadWriteOncePod" in volume.spec.access_modes,
        "attached": True,
    }
    yield Part(PartKey(attachment.key, kinds.ATTACHMENT, "attachment"), facts.place, want)


def _volume(name: str | None, facts: Facts) -> Volume | None:
    found = facts.resources.get(ResourceKey("Volume", name or ""))
    return found if isinstance(found, Volume) else None


def _may_mount(facts: Facts, settings: LocalSettings) -> bool:
    return settings.mount == "auto" and bool(_survey(facts).get("mount"))


def _survey(facts: Facts) -> Mapping[str, Any]:
    known: Mapping[str, Any] = facts.extra.get(SURVEY, {})
    return known
