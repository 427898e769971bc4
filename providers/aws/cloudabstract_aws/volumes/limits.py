"""What EBS and EFS allow: sizes, rates, and options of mounts. The numbers are in limits.json."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

GIB = 2**30
MIB = 2**20
Range = tuple[int, int]


@dataclass(frozen=True)
class VolumeType:
    """One type of EBS volume: sizes in GiB, throughput in MiB/s. None: not to be set."""

    name: str
    size: Range
    iops: Range | None = None
    iops_default: int = 0
    iops_per_gib: int = 0
    throughput: Range | None = None
    throughput_default: int = 0
    throughput_per_iops: float = 0.0
    throughput_inherent: int = 0  # at most; comes with the IOPS where it cannot be set

    def most_iops(self, gib: int) -> int:
        """The most IOPS that a volume of this size can have; 0 where there are none to be set."""
        if self.iops is None:
            return 0
        low, high = self.iops
        return min(high, max(low, gib * self.iops_per_gib))

    def most_throughput(self, iops: int) -> int:
        """The most MiB/s that a volume with these IOPS can have; 0 where nobody promises any."""
        high = self.throughput[1] if self.throughput else self.throughput_inherent
        return min(high, math.floor(iops * self.throughput_per_iops))

    def iops_for(self, throughput: int) -> int:
        """The IOPS that a throughput in MiB/s needs."""
        return math.ceil(throughput / self.throughput_per_iops) if self.throughput_per_iops else 0


@functools.cache
def volume_type(name: str) -> VolumeType:
    """The limits of a type, such as `gp3`. Raises KeyError for one that does not exist."""
    raw = _read()["types"][name]
    return VolumeType(
        name,
        _range(raw["size"]),
        _range(raw["iops"]) if "iops" in raw else None,
        raw.get("iopsDefault", 0),
        raw.get("iopsPerGiB", 0),
        _range(raw["throughput"]) if "throughput" in raw else None,
        raw.get("throughputDefault", 0),
        raw.get("throughputPerIops", 0.0),
        raw.get("throughputInherent", 0),
    )


def types() -> tuple[str, ...]:
    """Every type of EBS volume."""
    return tuple(_read()["types"])


def type_of_tier(tier: str) -> str:
    """The type that a portable tier becomes; tier `shared` is no disk, and falls to standard."""
    tiers: Mapping[str, str] = _read()["tiers"]
    return tiers.get(tier, tiers["standard"])


def multi_attach(name: str) -> bool:
    """Whether volumes of a type can be attached to several instances at once."""
    return name in _read()["multiAttach"]


def file_throughput() -> Range:
    """The provisioned throughput that a file system can have, in MiB/s."""
    return _range(_read()["files"]["throughput"])


def file_tiers() -> tuple[str, ...]:
    """The tiers that a file system can have."""
    return tuple(_read()["files"]["tiers"])


@dataclass(frozen=True)
class Pace:
    """How often a volume may be modified."""

    most: int
    window: float  # seconds
    usual: float  # seconds that a modification takes, at worst as a rule


@functools.cache
def pace() -> Pace:
    """The pace of ModifyVolume."""
    raw = _read()["modifications"]
    return Pace(raw["most"], raw["windowSeconds"], raw["usualSeconds"])


def allows(option: str, form: str) -> bool:
    """Whether `option` may be used to mount an `ext4`, `xfs` or `nfs`."""
    return any(re.fullmatch(each, option) for each in _read()["mountOptions"][form])


def _range(raw: list[int]) -> Range:
    low, high = raw
    return low, high


@functools.cache
def _read() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("limits.json").read_text("utf-8")
    return dict(json.loads(text))
