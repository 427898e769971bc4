"""What each disk type allows: sizes, rates and sharing. The numbers are in limits/disks.json."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

GIB = 2**30
MIB = 2**20

Reach = Literal["zonal", "regional"]


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both included; `usual` is what we send when nobody asks."""

    low: int
    high: int
    usual: int

    def holds(self, value: int) -> bool:
        """Whether `value` is within."""
        return self.low <= value <= self.high

    def nearest(self, value: int) -> int:
        """`value`, or the end of the range that is nearest to it."""
        return max(self.low, min(value, self.high))


@dataclass(frozen=True)
class DiskType:
    """One of Google's disk types. Sizes in GiB, throughput in MiB/s."""

    name: str
    sizes: Mapping[Reach, tuple[int, int]]  # only the reaches in which it exists
    rates: Mapping[str, Mapping[str, Any]]  # of "iops" and "throughput" those that can be set
    readers: bool
    writers: bool

    @property
    def takes_iops(self) -> bool:
        """Whether its IOPS are provisioned."""
        return "iops" in self.rates

    @property
    def takes_throughput(self) -> bool:
        """Whether its throughput is provisioned."""
        return "throughput" in self.rates

    def iops(self, gib: int) -> Range:
        """The IOPS that a disk of `gib` may have."""
        told = self.rates["iops"]
        low, high = told["range"]
        least, most = told.get("per_gib", (0, high))
        return Range(max(low, least * gib), min(high, most * gib), told["usual"])

    def throughput(self, gib: int, iops: int) -> Range:
        """The MiB/s that a disk of `gib` and `iops` may have."""
        told = self.rates["throughput"]
        low, high = told["range"]
        if "iops_per_mib" in told:
            most, least = told["iops_per_mib"]
            return Range(max(low, _up(iops, least)), min(high, iops // most), told["usual"])
        least, most = told["per_tib"]
        return Range(max(low, _up(least * gib, 1024)), min(high, most * gib // 1024), told["usual"])

    def iops_for(self, throughput: int) -> int:
        """The fewest IOPS that a throughput needs."""
        return int(throughput * self.rates["throughput"].get("iops_per_mib", (0, 0))[0])

    def gib_for(self, iops: int) -> int:
        """The smallest size that may have so many IOPS."""
        most = self.rates["iops"].get("per_gib", (0, 0))[1]
        return _up(iops, most) if most else 0


def types() -> tuple[str, ...]:
    """The names of all disk types that volumes can have."""
    return tuple(_read()["types"])


@functools.cache
def disk_type(name: str) -> DiskType:
    """The disk type of that name."""
    told = _read()["types"][name]
    reaches: tuple[Reach, ...] = ("zonal", "regional")
    return DiskType(
        name,
        {reach: (told[reach][0], told[reach][1]) for reach in reaches if reach in told},
        {rate: told[rate] for rate in ("iops", "throughput") if rate in told},
        bool(told.get("readers")),
        bool(told.get("writers")),
    )


def type_of_tier(tier: str, reach: Reach, provisioned: bool) -> str:
    """The type that a portable tier means; "" where there is none."""
    chosen: Mapping[str, str] = _read()["tiers"].get(tier, {})
    if provisioned:
        chosen = _read()["provisioned"].get(tier, chosen)
    return chosen.get(reach, "")


def allows(option: str, form: str) -> bool:
    """Whether an `ext4` or `xfs` may be mounted with `option`."""
    return any(re.fullmatch(each, option) for each in _read()["mountOptions"][form])


def _up(number: int, by: int) -> int:
    return -(-number // by)


@functools.cache
def _read() -> dict[str, Any]:
    text = resources.files("cloudabstract_gcp").joinpath("limits/disks.json").read_text("utf-8")
    return dict(json.loads(text))
