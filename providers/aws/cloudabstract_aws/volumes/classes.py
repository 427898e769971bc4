"""The built-in volume classes: gp3, io2 and sc1 of EBS, and EFS."""

from __future__ import annotations

from cloudabstract.model import Metadata, Performance, VolumeClass, VolumeClassSpec
from cloudabstract.model.volume import Tier


def _built_in(name: Tier) -> VolumeClass:
    spec = VolumeClassSpec(
        performance=Performance(tier=name),
        reclaim_policy="Delete",
        volume_binding_mode="Immediate",
        allow_volume_expansion=True,
        default=name == "standard",
    )
    return VolumeClass(Metadata(name, ""), spec)


CLASSES: tuple[VolumeClass, ...] = tuple(
    _built_in(name) for name in ("standard", "fast", "cold", "shared")
)
