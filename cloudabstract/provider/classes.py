"""The volume classes that every target brings with it, so that one spec fits them all."""

from __future__ import annotations

from cloudabstract.model import Metadata, Performance, VolumeClass, VolumeClassSpec
from cloudabstract.model.volume import Tier


def _built_in(tier: Tier) -> VolumeClass:
    spec = VolumeClassSpec(
        performance=Performance(tier=tier),
        reclaim_policy="Delete",
        volume_binding_mode="Immediate",
        allow_volume_expansion=True,
        default=tier == "standard",
    )
    return VolumeClass(Metadata(tier, ""), spec)


BUILT_IN_CLASSES = (
    _built_in("standard"),
    _built_in("fast"),
    _built_in("cold"),
    _built_in("shared"),
)
