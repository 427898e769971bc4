"""EBS volumes read back as Volumes: the inverse of expand. Pure. File systems: reading_files.py.

EBS does not know what is on a volume. Where no tag of ours tells, the portable default is said, and
what is there is left alone. A volume that its instance starts from, or takes along when
it ends, is the instance's, and left out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

from cloudabstract.errors import CapabilityError
from cloudabstract.model import Encryption, Metadata, Performance, Storage, Volume, VolumeSpec
from cloudabstract.model.limits import AccessMode
from cloudabstract.model.volume import Tier
from cloudabstract.provider import Facts, Found, Portable
from cloudabstract_aws import fitting
from cloudabstract_aws.fitting import Unlike
from cloudabstract_aws.settings import AwsSettings

from . import kinds, media, reading_files
from .check import rejects
from .expand import expand
from .limits import MIB

log = logging.getLogger("cloudabstract.aws")
_KINDS = {kind.name: kind for kind in kinds.KINDS}
_OTHER = re.compile(r"[^a-z0-9]+")
_TIERS: dict[str, Tier] = {
    "gp3": "standard",
    "io2": "fast",
    "st1": "throughput",
    "sc1": "cold",
}
_ROOTS = ("/dev/sda1", "/dev/xvda")  # the devices that instances start from
_NEAREST: dict[str, Tier] = {"io1": "fast"}  # the tier of types that no tier becomes


def portable(found: Iterable[Found], facts: Facts, settings: AwsSettings) -> Iterator[Portable]:
    """Every EBS volume that is not its instance's, and every file system."""
    known = list(found)
    for each in sorted(known, key=lambda one: one.id):
        if each.kind != kinds.VOLUME:
            continue
        if any(at["goes"] or at["device"] in _ROOTS for at in each.fields["at"]):
            log.info("volume %s is not read back: it is of an instance", each.id)
            continue
        try:
            yield _disk(each, facts, settings)
        except (Unlike, CapabilityError) as why:
            log.info("volume %s is not read back: %s", each.id, why)
    yield from reading_files.portable(known, facts, settings)


def name_of(found: Found) -> str:
    """A name for the volume: that of its tag, or its id."""
    plain = _OTHER.sub("-", found.name.lower()).strip("-")[:50].strip("-")
    return plain or _OTHER.sub("-", found.id)


def _disk(found: Found, facts: Facts, settings: AwsSettings) -> Portable:
    fields = found.fields
    mode: AccessMode = "ReadWriteMany" if fields["multi_attach"] else "ReadWriteOnce"
    tier = _TIERS.get(fields["type"]) or _NEAREST.get(fields["type"], "standard")
    own = {} if fields["type"] in _TIERS else {media.PROVIDER: {"volumeType": fields["type"]}}
    said: dict[str, Any] = {"fs_type": fields["fs_type"]} if fields["fs_type"] else {}
    if fields["multi_attach"]:
        said["volume_mode"] = "Block"
    spec = VolumeSpec(
        capacity=Storage(fields["size"]),
        access_modes=(mode,),
        mount_options=tuple(fields["mount_options"]),
        topology=reading_files.topology(found, facts),
        performance=Performance(tier),
        encryption=Encryption(True) if fields["encrypted"] else None,
        provider_overrides=own,
        **said,
    )
    spec = _with_figures(spec, fields["iops"], fields["throughput"])
    volume = Volume(Metadata(name_of(found)), spec)
    if rejects(volume, settings):
        raise Unlike("no portable volume is like it")
    there = {(found.kind, "volume"): found}
    fit = fitting.fit(expand(volume, facts, settings), there, _KINDS, told=("fs_type",))
    volume = fitting.leaving(volume, fit.ignored)
    return Portable(volume, fit.parts, (*_unsaid(found), *fit.unsaid))


def _with_figures(spec: VolumeSpec, iops: int, throughput: int) -> VolumeSpec:
    """`spec` with the figures that it would not have by itself."""
    usual = media.disk(spec)
    wish = cast(Performance, spec.performance)
    if throughput != usual.throughput:
        wish = replace(wish, throughput=throughput * MIB)
    if media.disk(replace(spec, performance=wish)).iops != iops:
        wish = replace(wish, iops=iops)
    return replace(spec, performance=None if wish == Performance() else wish)


def _unsaid(found: Found) -> Iterator[str]:
    fields = found.fields
    if not (fields["fs_type"] or fields["multi_attach"]):
        yield "which filesystem is on it, if any: EBS does not know"
    if fields["zone"]:
        yield f"it stands in {fields['zone']}"
    for each in fields["at"]:
        yield f"it is attached to {each['instance']} as {each['device']}, and stays so"
    if fields["kms_key"]:
        yield f"it is encrypted with the KMS key {fields['kms_key']}"
