"""Size, IOPS and throughput of each EBS volume type, as EC2's model documents them.

The ratios (IOPS per GiB, MiB/s per IOPS) are in the EBS User Guide only.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloudabstract.testing.aws.refusal import Refused, bad_mix, invalid

Range = tuple[int, int]


@dataclass(frozen=True)
class VolumeType:
    """What one type allows: sizes in GiB, IOPS, throughput in MiB/s; None: not to be asked for."""

    size: Range
    iops: Range | None = None
    iops_needed: bool = False
    iops_per_gib: int = 0
    throughput: Range | None = None


TYPES = {
    "standard": VolumeType((1, 1024)),
    "gp2": VolumeType((1, 16_384)),
    "gp3": VolumeType((1, 65_536), (3_000, 80_000), iops_per_gib=500, throughput=(125, 2_000)),
    "io1": VolumeType((4, 16_384), (100, 64_000), iops_needed=True, iops_per_gib=50),
    "io2": VolumeType((4, 65_536), (100, 256_000), iops_needed=True, iops_per_gib=1_000),
    "st1": VolumeType((125, 16_384)),
    "sc1": VolumeType((125, 16_384)),
}
DEFAULT_TYPE = "gp2"
GP3_IOPS, GP3_THROUGHPUT = 3_000, 125
MULTI_ATTACH = ("io1", "io2")
MOST_ATTACHMENTS = 16


@dataclass(frozen=True)
class Shape:
    """What somebody asks of a volume; None where they leave it to EBS."""

    type: str
    size: int | None
    iops: int | None = None
    throughput: int | None = None
    multi_attach: bool = False


def check(shape: Shape) -> None:
    """Raise `Refused` unless `shape` lies within its type's limits."""
    limits = TYPES.get(shape.type)
    if limits is None:
        raise Refused("UnknownVolumeType", f"Unsupported volume type '{shape.type}'")
    if shape.size is not None:
        _within("size", shape.size, limits.size, shape.type)
    _check_iops(shape, limits)
    _check_throughput(shape, limits)
    if shape.multi_attach and shape.type not in MULTI_ATTACH:
        raise bad_mix(f"Multi-Attach is not supported for {shape.type} volumes.")


def settled_iops(shape: Shape) -> int | None:
    """The IOPS a volume of this shape has, where AWS chooses them."""
    if shape.type == "gp3":
        return shape.iops or GP3_IOPS
    if shape.type == "gp2":
        return min(max(100, 3 * (shape.size or 0)), 16_000)
    return shape.iops


def settled_throughput(shape: Shape) -> int | None:
    """The throughput in MiB/s that answers show: that of gp3, and of no other type."""
    return (shape.throughput or GP3_THROUGHPUT) if shape.type == "gp3" else None


def _check_iops(shape: Shape, limits: VolumeType) -> None:
    if shape.iops is None:
        if limits.iops_needed:
            raise bad_mix(f"The parameter iops must be specified for {shape.type} volumes.")
        return
    if limits.iops is None:
        raise bad_mix(f"The parameter iops is not supported for {shape.type} volumes.")
    _within("iops", shape.iops, limits.iops, shape.type)
    most = max((shape.size or 0) * limits.iops_per_gib, limits.iops[0])
    if shape.size is not None and shape.iops > most:
        raise invalid(f"Iops to volume size ratio is too high; {most} iops for {shape.size} GiB")


def _check_throughput(shape: Shape, limits: VolumeType) -> None:
    if shape.throughput is None:
        return
    if limits.throughput is None:
        raise bad_mix("throughput can only be specified for volumeType gp3.")
    _within("throughput", shape.throughput, limits.throughput, shape.type)
    iops = shape.iops or GP3_IOPS
    if shape.throughput * 4 > iops:
        raise invalid(f"Throughput to iops ratio is too high; {iops // 4} MiB/s for {iops} iops")


def _within(what: str, value: int, limits: Range, type_: str) -> None:
    low, high = limits
    if not low <= value <= high:
        raise invalid(f"Volume {what} of {value} is out of range for {type_}: {low} to {high}.")
