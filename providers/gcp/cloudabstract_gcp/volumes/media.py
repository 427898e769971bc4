"""What a volume becomes on Google Cloud: a disk of which type, and with which figures. Pure.

    tier standard, balanced     pd-balanced
    tier fast                   pd-ssd; with iops, throughput or many writers hyperdisk-balanced,
                                in two zones hyperdisk-balanced-high-availability
    tier throughput             hyperdisk-throughput
    tier cold                   pd-standard
    providerOverrides.gcp.type  that type

Figures that nobody asks for are the smallest that fit to those asked for, but a
hyperdisk-throughput has 90 MiB/s for each TiB, up to 600. Every figure is sent, so that no default
of Google's counts. Sizes are rounded up to whole GiB, to the smallest that the type has, and to
what the IOPS need.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloudabstract.model import Performance, VolumeSpec

from . import limits
from .limits import GIB, MIB, DiskType, Reach

PROVIDER = "gcp"  # under which name `providerOverrides` speak to us
_STAND_IN = "pd-balanced"  # of what is refused, so that the rest can still be told


@dataclass(frozen=True)
class Disk:
    """The figures of a disk: size in GiB, throughput in MiB/s; 0 where none can be set."""

    type: str
    size: int
    iops: int
    throughput: int
    many_writers: bool


def reach(spec: VolumeSpec) -> Reach:
    """Whether the disk is in one zone or in two."""
    return spec.replication


def performance(spec: VolumeSpec) -> Performance:
    """How fast the volume must be; classes have been applied."""
    return spec.performance or Performance()


def many_writers(spec: VolumeSpec) -> bool:
    """Whether several instances write to the volume."""
    return "ReadWriteMany" in spec.access_modes


def read_only(spec: VolumeSpec) -> bool:
    """Whether nobody may write: the volume can do nothing but ReadOnlyMany."""
    return set(spec.access_modes) == {"ReadOnlyMany"}


def named_type(spec: VolumeSpec) -> str:
    """The type that an override asks for; "" for none."""
    return str(spec.provider_overrides.get(PROVIDER, {}).get("type", ""))


def named_zones(spec: VolumeSpec) -> tuple[str, ...]:
    """The zones that an override asks for."""
    return tuple(str(each) for each in spec.provider_overrides.get(PROVIDER, {}).get("zones", ()))


def type_name(spec: VolumeSpec) -> str:
    """The type of the disk."""
    named, wish = named_type(spec), performance(spec)
    if named in limits.types():
        return named
    provisioned = bool(wish.iops or wish.throughput or many_writers(spec))
    return limits.type_of_tier(wish.tier, reach(spec), provisioned) or _STAND_IN


def disk(spec: VolumeSpec) -> Disk:
    """What the disk for `spec` has; check says where that cannot be."""
    kind, wish = limits.disk_type(type_name(spec)), performance(spec)
    asked = mib(wish.throughput)
    size = _size(spec, kind, wish.iops or 0)
    iops = wish.iops or 0
    if kind.takes_iops and not iops:
        needed = kind.iops_for(asked) if kind.takes_throughput else 0
        size = max(size, kind.gib_for(needed))
        allowed = kind.iops(size)
        iops = allowed.nearest(max(allowed.usual, needed))
    throughput = asked
    if kind.takes_throughput and not asked:
        possible = kind.throughput(size, iops)
        throughput = possible.nearest(possible.usual)
    return Disk(
        kind.name,
        size,
        iops if kind.takes_iops else 0,
        throughput if kind.takes_throughput else 0,
        many_writers(spec),
    )


def _size(spec: VolumeSpec, kind: DiskType, iops: int) -> int:
    smallest = kind.sizes.get(reach(spec), (1, 1))[0]
    needed = kind.gib_for(iops) if kind.takes_iops else 0
    return max(smallest, gib(spec.capacity.storage), needed)


def gib(size: int) -> int:
    """Bytes as GiB, rounded up."""
    return -(-size // GIB)


def mib(rate: int | None) -> int:
    """Bytes per second as MiB/s, rounded up; 0 for None."""
    return -(-(rate or 0) // MIB)
