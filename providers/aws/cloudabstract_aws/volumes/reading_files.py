"""EFS file systems read back as Volumes that many write to. Pure.

One that has just the parts that ours have is read with all of them. Any other says
`providerOverrides.aws.mountTargets: own`: its mount targets and access points stay as they are, and
nobody's.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import CapabilityError
from cloudabstract.model import (
    Encryption,
    Metadata,
    Performance,
    Storage,
    Topology,
    Volume,
    VolumeSpec,
)
from cloudabstract.provider import Facts, Found, Portable
from cloudabstract_aws import fitting
from cloudabstract_aws.balancers.kinds import SECURITY_GROUP
from cloudabstract_aws.fitting import Fit, Unlike
from cloudabstract_aws.settings import AwsSettings

from . import expand_files, kinds, media
from .check import rejects
from .limits import GIB, MIB
from .survey import EXTRA

log = logging.getLogger("cloudabstract.aws")
_KINDS = {kind.name: kind for kind in (*kinds.KINDS, SECURITY_GROUP)}
_OTHER = re.compile(r"[^a-z0-9]+")


def portable(found: Iterable[Found], facts: Facts, settings: AwsSettings) -> Iterator[Portable]:
    """Every file system, with its mount targets and access point where these are as ours."""
    known = sorted(found, key=lambda one: one.id)
    for each in known:
        if each.kind != kinds.FILE_SYSTEM:
            continue
        try:
            yield _files(each, known, facts, settings)
        except (Unlike, CapabilityError) as why:
            log.info("file system %s is not read back: %s", each.id, why)


def topology(found: Found, facts: Facts) -> Topology:
    """Where it stands, as far as it must be said."""
    return Topology(None if found.place == facts.place else found.place)


def _files(found: Found, known: Iterable[Found], facts: Facts, settings: AwsSettings) -> Portable:
    networks = {found.place: (found.raw or {}).get("networks", {})}
    facts = replace(facts, extra={EXTRA: {"networks": networks}})
    around = _around(found, known)
    there = {(found.kind, "volume"): found, **around}
    zones = tuple(
        sorted(it.fields["zone"] for it in around.values() if it.kind == kinds.MOUNT_TARGET)
    )
    plain = _volume(found, facts)
    for volume in (plain, _in_zones(plain, zones)) if "size" in found.fields else ():
        fit = _fits(volume, there, facts, settings)
        if fit is not None:
            return Portable(volume, fit.parts, tuple(_unsaid(found)))
    if "size" in found.fields:  # made by us, and changed since: its mount targets count as ours
        raise Unlike("its mount targets or access points are not as they were made")
    volume = _with_own_mounts(plain)
    if rejects(volume, settings):
        raise Unlike("no portable volume is like it")
    fit = fitting.fit(expand_files.expand(volume, facts, settings), there, _KINDS)
    volume = fitting.leaving(volume, fit.ignored)
    told = (*_unsaid(found), *_mounts(around), *fit.unsaid)
    return Portable(volume, fit.parts, told)


def _volume(found: Found, facts: Facts) -> Volume:
    fields = found.fields
    size = fields.get("size") or max(1, media.gib(fields["used"])) * GIB
    mode = fields["throughput_mode"]
    own = {} if mode in ("bursting", "provisioned") else {"throughputMode": mode}
    throughput = fields["throughput"] * MIB if mode == "provisioned" else None
    spec = VolumeSpec(
        capacity=Storage(size),
        access_modes=("ReadWriteMany",),
        mount_options=tuple(fields["mount_options"]),
        topology=topology(found, facts),
        performance=Performance("shared", throughput=throughput),
        encryption=Encryption(True) if fields["encrypted"] else None,
        provider_overrides={media.PROVIDER: own} if own else {},
    )
    plain = _OTHER.sub("-", found.name.lower()).strip("-")[:50].strip("-")
    return Volume(Metadata(plain or found.id), spec)


def _in_zones(volume: Volume, zones: tuple[str, ...]) -> Volume:
    place = replace(volume.spec.topology, zones=zones)
    return replace(volume, spec=replace(volume.spec, topology=place))


def _with_own_mounts(volume: Volume) -> Volume:
    given: Mapping[str, Any] = volume.spec.provider_overrides.get(media.PROVIDER, {})
    overrides = {media.PROVIDER: {**given, "mountTargets": media.OWN}}
    return replace(volume, spec=replace(volume.spec, provider_overrides=overrides))


def _fits(volume: Volume, there: fitting.Roles, facts: Facts, settings: AwsSettings) -> Fit | None:
    """How `volume` fits, if it does so without a rest: all of its parts, and nothing besides."""
    try:
        fit = fitting.fit(expand_files.expand(volume, facts, settings), there, _KINDS)
    except (Unlike, CapabilityError):
        return None
    whole = fit.parts.keys() == there.keys()
    return fit if whole and not (fit.ignored or fit.unsaid) else None


def _around(system: Found, known: Iterable[Found]) -> dict[tuple[str, str], Found]:
    """Mount targets, access points and their security group, by what they would be of ours."""
    parts: dict[tuple[str, str], Found] = {}
    groups: set[str] = set()
    for each in known:
        if each.fields.get("file_system") != system.id:
            continue
        if each.kind == kinds.MOUNT_TARGET:
            parts[each.kind, kinds.mount_role(each.fields["zone"])] = each
            groups |= set(each.fields.get("security_groups", ()))
        if each.kind == kinds.ACCESS_POINT:
            ours = each.fields["path"] == expand_files.PATH
            parts[each.kind, "access" if ours else each.id] = each
    for each in known:
        if each.kind == SECURITY_GROUP.name and groups == {each.id} and each.name != "default":
            parts[each.kind, "firewall"] = each
    return parts


def _mounts(around: fitting.Roles) -> Iterator[str]:
    ids = [f"{each.kind} {each.id}" for each in around.values() if each.kind != SECURITY_GROUP.name]
    if ids:
        yield f"{', '.join(sorted(ids))}: they stay as they are, and are not looked after"
    else:
        yield "it has no mount target: nothing can mount it until somebody makes one"


def _unsaid(found: Found) -> Iterator[str]:
    if "size" not in found.fields:
        yield "its size is what is in it now; EFS has no limit"
    if found.fields["kms_key"]:
        yield f"it is encrypted with the KMS key {found.fields['kms_key']}"
    if found.fields["performance_mode"] != "generalPurpose":
        yield f"its performance mode is {found.fields['performance_mode']}"
