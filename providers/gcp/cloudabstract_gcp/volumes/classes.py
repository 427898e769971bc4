"""The built-in volume classes. `shared` is there so that its claims are refused with a reason.

What `shared` promises, files that many instances write to, is Filestore on Google Cloud. Its client
is another library with another transport, and its smallest instance is 100 GiB to 1 TiB; this
provider does without it, and says so (check_volume.py).
"""

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
