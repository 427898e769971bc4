"""What a volume becomes on AWS: an EBS volume or an EFS file system, and with which figures. Pure.

    many writers of files, or tier shared     EFS, which grows by itself
    everything else                           EBS

    tier standard, balanced                   gp3: 3,000 IOPS and 125 MiB/s unless asked for more
    tier fast                                 io2: 3,000 IOPS unless asked for
    tier throughput, cold                     st1, sc1: no figures to be set
    providerOverrides.aws.volumeType          that type

A throughput that needs more IOPS than were asked for gets them. Sizes are rounded up to whole GiB,
and to the smallest that the type has. Every figure is sent, so that no default of AWS counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloudabstract.model import Performance, VolumeSpec

from . import limits
from .limits import GIB, MIB

PROVIDER = "aws"  # under which name `providerOverrides` speak to us
OWN = "own"


@dataclass(frozen=True)
class Disk:
    """The figures of an EBS volume: size in GiB, throughput in MiB/s; 0 where none can be set."""

    type: str
    size: int
    iops: int
    throughput: int
    multi_attach: bool


@dataclass(frozen=True)
class Files:
    """The figures of an EFS file system: throughput in MiB/s, of mode `provisioned` only."""

    throughput_mode: str
    throughput: int


def is_files(spec: VolumeSpec) -> bool:
    """Whether the volume is an EFS file system."""
    many = "ReadWriteMany" in spec.access_modes and spec.volume_mode == "Filesystem"
    return many or tier(spec) == "shared"


def tier(spec: VolumeSpec) -> str:
    """The portable tier; classes have been applied."""
    return performance(spec).tier


def performance(spec: VolumeSpec) -> Performance:
    """How fast the volume must be; classes have been applied."""
    return spec.performance or Performance()


def type_name(spec: VolumeSpec) -> str:
    """The type of the EBS volume."""
    named = str(spec.provider_overrides.get(PROVIDER, {}).get("volumeType", ""))
    return named if named in limits.types() else limits.type_of_tier(tier(spec))


def disk(spec: VolumeSpec) -> Disk:
    """What an EBS volume for `spec` has; check says where that cannot be."""
    kind, wish = limits.volume_type(type_name(spec)), performance(spec)
    throughput = mib(wish.throughput)
    iops = 0
    if kind.iops is not None:
        iops = wish.iops or max(kind.iops_default, kind.iops_for(throughput))
    if kind.throughput is None:
        throughput = 0
    return Disk(
        kind.name,
        max(kind.size[0], gib(spec.capacity.storage)),
        iops,
        throughput or kind.throughput_default,
        "ReadWriteMany" in spec.access_modes,
    )


def files(spec: VolumeSpec) -> Files:
    """What an EFS file system for `spec` has."""
    asked = mib(performance(spec).throughput)
    if asked:
        return Files("provisioned", asked)
    named = spec.provider_overrides.get(PROVIDER, {}).get("throughputMode")
    usual = "elastic" if tier(spec) == "fast" else "bursting"
    return Files(str(named or usual), 0)


def brings_mounts(spec: VolumeSpec) -> bool:
    """Whether a file system keeps the mount targets and access points that it has, and no more."""
    return spec.provider_overrides.get(PROVIDER, {}).get("mountTargets") == OWN


def gib(size: int) -> int:
    """Bytes as GiB, rounded up."""
    return -(-size // GIB)


def mib(rate: int | None) -> int:
    """Bytes per second as MiB/s, rounded up; 0 for None."""
    return -(-(rate or 0) // MIB)


def key_id(key: str | None) -> str:
    """The id of a KMS key that is named by id or ARN; "" for an alias, which may come to mean
    another key, and for None.
    """
    last = (key or "").rpartition("/")[2] if ":key/" in (key or "") else (key or "")
    return "" if "alias/" in last or "alias/" in (key or "") else last
