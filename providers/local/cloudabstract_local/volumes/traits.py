"""Objections to fields that volumes and classes share: what one disk of one machine cannot do."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import Encryption, Performance, Topology
from cloudabstract.model.volume import PerformanceChange
from cloudabstract.provider import Objection, Severity

from . import limits, placing, probe


def names_of_this_machine() -> frozenset[str]:
    """What regions, zones and instances may be called here."""
    return frozenset({placing.NAME, socket.gethostname()})


def performance(wanted: Performance | PerformanceChange | None) -> Iterator[Objection]:
    """Tiers are all the same disk; a number of operations or bytes a second cannot be promised."""
    if wanted is None:
        return
    for name in ("iops", "throughput"):
        if getattr(wanted, name) is not None:
            yield Objection(
                "VO006",
                f"spec.performance.{name}",
                f"the disk of this machine cannot promise {name}",
                f"leave {name} out; a tier is enough here",
            )
    if wanted.tier not in (None, "standard", "shared"):
        yield Objection(
            "VO017",
            "spec.performance.tier",
            f"there is one disk here: {wanted.tier} is as fast as standard",
            severity=Severity.NOTE,
        )


def encryption(wanted: Encryption | None) -> Iterator[Objection]:
    """Images and folders are as plain as the disk they are on."""
    if wanted is None:
        return
    remedy = "leave encryption out, and keep the target's root on an encrypted disk"
    if wanted.enabled:
        yield Objection(
            "VO007", "spec.encryption.enabled", "volumes are not encrypted here", remedy
        )
    if wanted.key is not None:
        code = "VO017" if wanted.enabled else "VO007"
        yield Objection(code, "spec.encryption.key", "no key is used here", remedy)


def replication(wanted: str) -> Iterator[Objection]:
    """There is one machine."""
    if wanted != "zonal":
        yield Objection(
            "VO005",
            "spec.replication",
            "there is one machine, and nowhere to keep a second copy",
            "use `zonal`, or another target",
        )


def topology(wanted: Iterable[Topology], field: str) -> Iterator[Objection]:
    """Satisfied when one of the alternatives, if there are any, can be this machine."""
    alternatives = tuple(wanted)
    here = names_of_this_machine()
    if not alternatives or any(_can_be(each, here) for each in alternatives):
        return
    asked = sorted({name for each in alternatives for name in (each.region, *each.zones) if name})
    yield Objection(
        "VO009",
        field,
        f"{', '.join(asked)} is not here",
        f"leave it out, or say {' or '.join(sorted(here))}",
    )


def _can_be(wanted: Topology, here: frozenset[str]) -> bool:
    region_fits = wanted.region is None or wanted.region in here
    return region_fits and (not wanted.zones or not here.isdisjoint(wanted.zones))


def overrides(given: Mapping[str, Mapping[str, Any]]) -> Iterator[Objection]:
    """Those addressed to this provider; others' are none of its business."""
    field = f"spec.providerOverrides.{placing.NAME}"
    for name, value in given.get(placing.NAME, {}).items():
        if name != "medium":
            yield Objection(
                "VO017",
                f"{field}.{name}",
                f"{name!r} means nothing here",
                "`medium` is all there is",
            )
        elif value not in placing.MEDIA:
            yield Objection(
                "VO017",
                f"{field}.medium",
                f"{value!r} is no medium",
                f"use {' or '.join(placing.MEDIA)}",
            )


def file_system(form: str, able: probe.Abilities) -> Iterator[Objection]:
    """xfs needs a program of its own to be made."""
    if form == "xfs" and not able.xfs:
        yield Objection(
            "VO017",
            "spec.fsType",
            "xfs cannot be made: mkfs.xfs is not installed",
            "install xfsprogs, or use ext4",
        )


def mount_options(options: Iterable[str], form: str) -> Iterator[Objection]:
    """Only options from the list in limits.json: others could run programs or break things."""
    allowed = limits.of(form)
    for index, option in enumerate(options):
        if not allowed.allows(option):
            yield Objection(
                "VO018",
                f"spec.mountOptions[{index}]",
                f"{option!r} is not allowed for {form}",
                "leave it out; `explain VO018` has the list",
            )
