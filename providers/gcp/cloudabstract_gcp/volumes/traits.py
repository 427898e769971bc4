"""Objections to fields that volumes and classes share, in Google's own forms of names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import Encryption, Topology
from cloudabstract.provider import Objection, Severity
from cloudabstract_gcp.settings import GcpSettings

from . import limits, media

_KEY = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")
_PATH = re.compile(r"(https://[^/]+/compute/v1/)?projects/[^/]+/(zones|regions)/[^/]+/disks/[^/]+")
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?|[0-9]{1,20}")


def topology(wanted: Topology, field: str, settings: GcpSettings) -> Iterator[Objection]:
    """A target is one region, or some zones of it."""
    region = settings.region
    if wanted.region not in (None, region):
        yield Objection(
            "VO009",
            f"{field}.region",
            f"this target is {region}, not {wanted.region}",
            f"leave it out, or use a target for {wanted.region}",
        )
    for index, zone in enumerate(wanted.zones):
        here = re.fullmatch(rf"{region}-[a-z][a-z0-9]*", zone) is not None
        if not here or (settings.zones and zone not in settings.zones):
            such = settings.zones[0] if settings.zones else f"{region}-a"
            text = f"{zone!r} is no zone of this target"
            yield Objection("VO009", f"{field}.zones[{index}]", text, f"such as {such}")


def one_of(wanted: Iterable[Topology], field: str, settings: GcpSettings) -> Iterator[Objection]:
    """Of several topologies one is enough; without any, everywhere is."""
    tried = [
        tuple(topology(each, f"{field}[{index}]", settings)) for index, each in enumerate(wanted)
    ]
    if tried and all(tried):
        yield from (each for objections in tried for each in objections)


def encryption(wanted: Encryption | None) -> Iterator[Objection]:
    """Every disk is encrypted; a key of one's own must be one of Cloud KMS."""
    if wanted is None:
        return
    if wanted.enabled and wanted.key is None:
        text = "every disk is encrypted, with a key of Google's when none is named"
        yield Objection("VO007", "spec.encryption.enabled", text, severity=Severity.NOTE)
    if wanted.key is None:
        return
    if not wanted.enabled:
        text = "a key without encryption has no use"
        yield Objection("VO007", "spec.encryption.key", text, "set enabled, or leave key out")
    if _KEY.fullmatch(wanted.key) is None:
        yield Objection(
            "VO007",
            "spec.encryption.key",
            f"{wanted.key!r} is not the name of a Cloud KMS key",
            "such as projects/acme/locations/europe-west1/keyRings/shop/cryptoKeys/disks",
        )


def overrides(given: Mapping[str, Mapping[str, Any]], settings: GcpSettings) -> Iterator[Objection]:
    """Those addressed to this provider; others' are none of its business."""
    field = f"spec.providerOverrides.{media.PROVIDER}"
    for name, value in given.get(media.PROVIDER, {}).items():
        if name == "zones":
            listed = tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
            yield from topology(Topology(zones=listed), field, settings)
        elif name != "type":
            text = f"{name!r} means nothing here"
            yield Objection("VO017", f"{field}.{name}", text, "`type` and `zones` are all there is")
        elif value not in limits.types():
            text = f"{value!r} is no disk type that is known here"
            yield Objection("VO017", f"{field}.type", text, f"use {', '.join(limits.types())}")


def mount_options(options: Iterable[str], form: str) -> Iterator[Objection]:
    """Only options from the list in disks.json: others could run programs or break things."""
    for index, option in enumerate(options):
        if not limits.allows(option, form):
            yield Objection(
                "VO018",
                f"spec.mountOptions[{index}]",
                f"{option!r} is not allowed for {form}",
                "leave it out; `explain VO018` has the list",
            )


def external(ref: str, reach: limits.Reach) -> Iterator[Objection]:
    """A disk to adopt is named by its name, its id or its path, and stands as the spec says."""
    if _NAME.fullmatch(ref) is None and _PATH.fullmatch(ref) is None:
        yield Objection(
            "VO017",
            "spec.externalRef",
            f"{ref!r} is neither the name nor the path of a disk",
            "such as projects/acme/zones/europe-west1-b/disks/data",
        )
        return
    told = "regional" if "/regions/" in ref else "zonal"
    if "/" in ref and told != reach:
        text = f"{ref} is a {told} disk"
        yield Objection("VO017", "spec.externalRef", text, f"say replication: {told}")
