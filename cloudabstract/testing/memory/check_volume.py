"""What of a Volume the memory cloud cannot do. A field not named here is honoured as it is.

Reclaim policy, class name, claimRef, deletion protection and management policies are the engine's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.model import Performance, Volume, VolumeSpec, format_quantity
from cloudabstract.provider import Objection, Severity

from .limits import limits, rounded
from .settings import MemorySettings

OVERRIDES = ("note",)  # what `providerOverrides: {memory: ...}` can say


def check(volume: Volume, settings: MemorySettings) -> Iterator[Objection]:
    """Every objection to `volume`."""
    spec = volume.spec
    performance = spec.performance or Performance()
    tier = limits()["tiers"][performance.tier]
    yield from _modes(spec, performance.tier)
    yield from _rates(performance, tier)
    yield from _size(spec, tier)
    yield from _topology(spec, settings)
    yield from _rest(spec)


def _modes(spec: VolumeSpec, tier: str) -> Iterator[Objection]:
    if "ReadWriteMany" in spec.access_modes and tier != "shared":
        yield Objection(
            "VO003",
            "spec.accessModes",
            f"tier {tier} is written from one place at a time",
            "use tier shared",
        )
    if spec.volume_mode == "Block" and tier == "shared":
        yield Objection(
            "VO004", "spec.volumeMode", "tier shared has files only", "use another tier"
        )
    if "ReadOnlyMany" in spec.access_modes and spec.volume_mode == "Block":
        yield Objection(
            "VO002",
            "spec.accessModes",
            "blocks are not shared for reading",
            "use volumeMode Filesystem",
        )
    if tier == "shared":
        yield Objection(
            "VO014",
            "spec.capacity",
            "tier shared grows without limit",
            "",
            Severity.DEGRADE,
            "CapacityNotEnforced",
        )


def _rates(performance: Performance, tier: dict[str, Any]) -> Iterator[Objection]:
    for name in ("iops", "throughput"):
        asked = getattr(performance, name)
        if asked is None:
            continue
        low, high = tier.get(name, (0, 0))
        if not low <= asked <= high:
            offers = f"takes {name} from {low} to {high}" if high else f"has no {name} to set"
            yield Objection(
                "VO006",
                f"spec.performance.{name}",
                f"tier {performance.tier} {offers}",
                "leave it out, or use tier fast",
            )


def _size(spec: VolumeSpec, tier: dict[str, Any]) -> Iterator[Objection]:
    low, high = tier["smallest"], tier["largest"]
    if not low <= rounded(spec.capacity.storage) <= high:
        yield Objection(
            "VO008",
            "spec.capacity.storage",
            f"sizes are from {format_quantity(low)} to {format_quantity(high)}",
            "ask for a size within, or use another tier",
        )


def _topology(spec: VolumeSpec, settings: MemorySettings) -> Iterator[Objection]:
    if spec.topology.region not in (None, settings.region):
        yield Objection(
            "VO009", "spec.topology.region", "no such region", f"it is {settings.region}"
        )
    if any(zone not in settings.zones for zone in spec.topology.zones):
        yield Objection(
            "VO009", "spec.topology.zones", "no such zone", f"use {', '.join(settings.zones)}"
        )
    if spec.replication == "regional" and len(spec.topology.zones or settings.zones) < 2:
        yield Objection(
            "VO005", "spec.replication", "two zones are needed", "name two zones, or use zonal"
        )


def _rest(spec: VolumeSpec) -> Iterator[Objection]:
    if spec.encryption is not None and spec.encryption.key and not spec.encryption.enabled:
        yield Objection(
            "VO007", "spec.encryption.key", "encryption is off", "set enabled, or leave key out"
        )
    allowed = limits()["mount_options"] if spec.volume_mode == "Filesystem" else ()
    for index, option in enumerate(spec.mount_options):
        if option not in allowed:
            yield Objection(
                "VO018",
                f"spec.mountOptions[{index}]",
                f"{option!r} is not allowed",
                f"use {', '.join(allowed)}" if allowed else "a block volume is not mounted",
            )
    for key in spec.provider_overrides.get("memory", {}):
        if key not in OVERRIDES:
            yield Objection(
                "VO017",
                f"spec.providerOverrides.memory.{key}",
                "this cloud has no such setting",
                f"it has {', '.join(OVERRIDES)}",
            )
