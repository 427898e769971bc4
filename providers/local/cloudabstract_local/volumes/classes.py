"""The built-in volume classes. One machine has one disk, so tiers differ in name only.

`shared` is the exception: ReadWriteMany needs a folder, because a disk image has one writer.
"""

from __future__ import annotations

from cloudabstract.model import Metadata, Performance, VolumeClass, VolumeClassSpec
from cloudabstract.model.volume import Tier


def _built_in(name: str, tier: Tier) -> VolumeClass:
    spec = VolumeClassSpec(
        performance=Performance(tier=tier),
        reclaim_policy="Delete",
        volume_binding_mode="Immediate",
        allow_volume_expansion=True,
        default=name == "standard",
    )
    return VolumeClass(Metadata(name, ""), spec)


CLASSES: tuple[VolumeClass, ...] = (
    _built_in("standard", "standard"),
    _built_in("fast", "fast"),
    _built_in("cold", "cold"),
    _built_in("shared", "shared"),
)
