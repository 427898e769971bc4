"""What a volume becomes here: its medium, the format of its image and its size. Pure.

The medium is what `providerOverrides: {local: {medium: ...}}` says; else a folder for tier
`shared`; else what the target's settings say.
"""

from __future__ import annotations

from cloudabstract.model import VolumeSpec
from cloudabstract_local.settings import LocalSettings

from . import kinds, limits

NAME = "local"  # the provider's name, under which overrides are addressed to it
MEDIA = ("image", "directory")


def medium(spec: VolumeSpec, settings: LocalSettings) -> str:
    """`image` or `directory`."""
    chosen = spec.provider_overrides.get(NAME, {}).get("medium")
    if chosen in MEDIA:
        return str(chosen)
    if spec.performance is not None and spec.performance.tier == "shared":
        return "directory"
    return settings.medium


def kind(spec: VolumeSpec, settings: LocalSettings) -> str:
    """The kind of the part that holds the data."""
    return kinds.IMAGE if medium(spec, settings) == "image" else kinds.DIRECTORY


def form(spec: VolumeSpec) -> str:
    """The format of the image: ext4, xfs, or raw for volumeMode Block."""
    return "raw" if spec.volume_mode == "Block" else spec.fs_type


def size(spec: VolumeSpec, settings: LocalSettings) -> int:
    """Bytes that are made; folders have what was asked for."""
    asked = spec.capacity.storage
    return limits.of(form(spec)).rounded(asked) if medium(spec, settings) == "image" else asked


def read_only(spec: VolumeSpec) -> bool:
    """Whether nobody may write: the volume can do nothing but ReadOnlyMany."""
    return set(spec.access_modes) == {"ReadOnlyMany"}
