"""Disks, snapshots and attachments read back: the inverse of expand. Pure.

A disk is a Volume; a snapshot of one, and its place at an instance, are resources that name that
volume. What belongs to an instance is left out: boot disks, and their places. File systems cannot
be seen from outside, so nothing is said of them but the portable default.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.model import (
    Encryption,
    Metadata,
    Performance,
    Resource,
    Storage,
    Volume,
    VolumeAttachment,
    VolumeAttachmentSpec,
    VolumeSnapshot,
    VolumeSnapshotSpec,
    VolumeSource,
    VolumeSpec,
)
from cloudabstract.model.volume import Tier
from cloudabstract.provider import RESOURCE, Facts, Found, Portable, Severity
from cloudabstract_gcp import agreeing, places
from cloudabstract_gcp.settings import GcpSettings

from . import kinds, limits, media
from .check import check
from .expand import expand
from .limits import MIB

_OTHER = re.compile(r"[^a-z0-9]+")
_TIERS: tuple[Tier, ...] = ("standard", "fast", "cold", "throughput")
_DISKS = (kinds.DISK, kinds.REGION_DISK)


def portable(found: Iterable[Found], facts: Facts, settings: GcpSettings) -> Iterator[Portable]:
    """Every disk that is no boot disk, with its snapshots and attachments."""
    known: defaultdict[str, list[Found]] = defaultdict(list)
    for each in sorted(found, key=lambda one: (one.name, one.id)):
        known[each.kind].append(each)
    links = known[kinds.ATTACHMENT]
    booted = {each.fields["disk"] for each in links if (each.raw or {}).get("boot")}
    disks = {
        each.fields["link"]: each
        for kind in _DISKS
        for each in known[kind]
        if each.fields["link"] not in booted
    }
    names = _names(disks.values())
    volumes: dict[str, Volume] = {}
    for link, disk in disks.items():
        mine = [each for each in links if each.fields["disk"] == link]
        read = _volume(disk, names[link], mine, (facts, settings))
        if read is not None:
            volumes[link] = read.resource  # type: ignore[assignment]  # it is a Volume
            yield read
    known_facts = replace(facts, resources={each.key: each for each in volumes.values()})
    for copy in known[kinds.SNAPSHOT]:
        if copy.fields["source"] in volumes:
            yield _snapshot(copy, names[copy.fields["source"]])
    for link in links:
        if link.fields["disk"] in volumes:
            yield _attachment(link, names[link.fields["disk"]], (known_facts, settings))


def _names(disks: Iterable[Found]) -> dict[str, str]:
    """Link -> name of the volume: that of the disk, with its zone where several are called so."""
    listed = list(disks)
    counted = Counter(each.name for each in listed)
    named: dict[str, str] = {}
    for each in listed:
        owned = each.labels.get(RESOURCE, "")
        where = each.fields.get("zone") or each.place
        own = each.name if counted[each.name] == 1 else f"{each.name}-{where}"
        named[each.fields["link"]] = owned.rpartition("/")[2] if owned else _plain(own)
    return named


def _plain(text: str) -> str:
    return _OTHER.sub("-", text.lower()).strip("-")


_Where = tuple[Facts, GcpSettings]


def _volume(disk: Found, name: str, links: list[Found], where: _Where) -> Portable | None:
    """A disk; None where nothing that we make is like it."""
    settings = where[1]
    regional = disk.kind == kinds.REGION_DISK
    parts = {(disk.kind, "volume"): disk}
    for spec in _specs(disk, links):
        volume = Volume(Metadata(name), spec)
        differing = list(_gaps(volume, parts, where))
        if {each.field for each in differing} & {"zone", "zones"}:
            zones = disk.fields["zones"] if regional else [disk.fields["zone"]]
            own = {**spec.provider_overrides.get(media.PROVIDER, {}), "zones": zones}
            volume = replace(volume, spec=replace(spec, provider_overrides={media.PROVIDER: own}))
            differing = list(_gaps(volume, parts, where))
        refused = any(it.severity is Severity.REJECT for it in check(volume, settings))
        if not refused and not any(each.fixed for each in differing):
            told = [f"the next apply changes {each}" for each in differing]
            return Portable(volume, parts, (*told, *_unsaid(disk)))
    return None


def _gaps(resource: Resource, parts: agreeing.Parts, where: _Where) -> Iterator[agreeing.Gap]:
    expanded = expand(resource, replace(where[0], resources={resource.key: resource}), where[1])
    return agreeing.gaps(expanded, parts, kinds.KINDS)


def _specs(disk: Found, links: list[Found]) -> Iterator[VolumeSpec]:
    """What may be said of a disk, the most portable first: the first that fits is said."""
    usual, fields = _usual(disk, links), disk.fields
    rates = replace(
        Performance(), iops=fields["iops"] or None, throughput=fields["throughput"] * MIB or None
    )
    wishes = [replace(wish, tier=tier) for wish in (Performance(), rates) for tier in _TIERS]
    for wish in wishes:
        spec = replace(usual, performance=None if wish == Performance() else wish)
        if media.type_name(spec) == fields["type"] and _has_rates(spec, fields):
            yield spec
    if fields["type"] in limits.types():
        named = replace(usual, provider_overrides={media.PROVIDER: {"type": fields["type"]}})
        yield named
        yield replace(named, performance=rates)


def _usual(disk: Found, links: list[Found]) -> VolumeSpec:
    """What is said of a disk whatever its type."""
    fields, key = disk.fields, disk.fields["kms_key"]
    readers = len(links) > 1 and all(each.fields["read_only"] for each in links)
    usual = VolumeSpec(
        capacity=Storage(fields["size"]),
        access_modes=("ReadWriteOnce", "ReadOnlyMany") if readers else ("ReadWriteOnce",),
        mount_options=tuple(fields["mount_options"]),
        fs_type=fields["format"] or "ext4",
        encryption=Encryption(enabled=True, key=key) if key else None,
        replication="regional" if disk.kind == kinds.REGION_DISK else "zonal",
    )
    if fields["many_writers"]:
        return replace(usual, access_modes=("ReadWriteMany",), volume_mode="Block")
    return usual


def _has_rates(spec: VolumeSpec, fields: Mapping[str, Any]) -> bool:
    disk = media.disk(spec)
    return (disk.iops, disk.throughput) == (fields["iops"], fields["throughput"])


def _unsaid(disk: Found) -> Iterator[str]:
    if not disk.fields["format"]:
        yield "which file system is on it, if any"


def _snapshot(copy: Found, volume: str) -> Portable:
    spec = VolumeSnapshotSpec(VolumeSource(volume=volume))
    resource = VolumeSnapshot(Metadata(_plain(copy.name)), spec)
    return Portable(resource, {(kinds.SNAPSHOT, "snapshot"): copy})


def _attachment(link: Found, volume: str, where: _Where) -> Portable:
    """A disk at an instance, by the instance's bare name where that is enough."""
    fields = link.fields
    name = places.name_of(fields["instance"])
    spec = VolumeAttachmentSpec(
        VolumeSource(volume=volume), name, fields["device"] or None, fields["read_only"]
    )
    resource = VolumeAttachment(Metadata(_plain(f"{volume}-at-{name}")), spec)
    going = (link.raw or {}).get("autoDelete")
    unsaid = ("the instance takes the disk with it when it is deleted",) if going else ()
    return Portable(resource, {(kinds.ATTACHMENT, "attachment"): link}, unsaid)
