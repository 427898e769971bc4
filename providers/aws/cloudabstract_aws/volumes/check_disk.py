"""What EBS cannot do of a volume: one rule for each field, in the order of the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cloudabstract.model import VolumeSpec, format_quantity
from cloudabstract.provider import Objection, Severity

from . import limits, media, traits
from .limits import GIB, MIB

_IOPS, _THROUGHPUT = "spec.performance.iops", "spec.performance.throughput"


def check(spec: VolumeSpec) -> Iterator[Objection]:
    """Every objection to `spec`, which becomes an EBS volume."""
    for rule in _RULES:
        yield from rule(spec)
    yield from traits.external(spec.external_ref, "vol")
    yield from traits.overrides(spec.provider_overrides, {"volumeType": limits.types()})


def _size(spec: VolumeSpec) -> Iterator[Objection]:
    disk = media.disk(spec)
    most = limits.volume_type(disk.type).size[1]
    if disk.size > most:
        yield Objection(
            "VO008",
            "spec.capacity.storage",
            f"{disk.type} has at most {format_quantity(most * GIB)}",
            "ask for less",
        )


def _access(spec: VolumeSpec) -> Iterator[Objection]:
    if "ReadOnlyMany" in spec.access_modes:
        yield Objection(
            "VO002",
            "spec.accessModes",
            "EBS has no volumes for many readers",
            "use class shared (EFS), or restore a VolumeSnapshot for each reader",
        )
    disk = media.disk(spec)
    if disk.multi_attach and not limits.multi_attach(disk.type):
        yield Objection(
            "VO003",
            "spec.accessModes",
            f"{disk.type} is attached to one instance at a time",
            "use tier fast (io2), or volumeMode Filesystem (EFS)",
        )


def _mounting(spec: VolumeSpec) -> Iterator[Objection]:
    """EC2 gives an instance the bare blocks; tags of the volume say what to make of them."""
    if spec.volume_mode == "Block":
        if spec.mount_options:
            text = "blocks are not mounted"
            yield Objection("VO018", "spec.mountOptions", text, "leave mountOptions out")
        return
    yield from traits.mount_options(spec.mount_options, spec.fs_type)
    yield Objection(
        "VO019",
        "spec.volumeMode",
        f"the instance makes and mounts the {spec.fs_type}; tags of the volume say how",
        severity=Severity.NOTE,
    )


def _iops(spec: VolumeSpec) -> Iterator[Objection]:
    disk, asked = media.disk(spec), media.performance(spec).iops
    kind = limits.volume_type(disk.type)
    if kind.iops is None:
        if asked is not None:
            text = f"{disk.type} has no IOPS to set"
            yield Objection("VO006", _IOPS, text, "leave iops out, or use tier balanced or fast")
        return
    low, most = kind.iops[0], kind.most_iops(disk.size)
    if asked is not None and not low <= asked <= most:
        text = f"a {disk.type} of {disk.size} GiB has from {low} to {most} IOPS"
        yield Objection("VO006", _IOPS, text, _instead(kind, asked))


def _instead(kind: limits.VolumeType, asked: int) -> str:
    least, largest = -(-asked // kind.iops_per_gib), kind.size[1]
    if kind.iops is None or asked < kind.iops[0] or asked > kind.most_iops(largest):
        return "ask for a figure within, or use another tier"
    return f"ask for {least}Gi or more"


def _throughput(spec: VolumeSpec) -> Iterator[Objection]:
    asked = media.mib(media.performance(spec).throughput)
    if not asked:
        return
    disk = media.disk(spec)
    kind = limits.volume_type(disk.type)
    most = min(kind.most_throughput(disk.iops), kind.most_throughput(kind.most_iops(disk.size)))
    low = kind.throughput[0] if kind.throughput else 1
    if not most:
        text = f"{disk.type} has no throughput to set"
        yield Objection("VO006", _THROUGHPUT, text, "leave throughput out, or use tier balanced")
    elif not low <= asked <= most:
        text = f"a {disk.type} of {disk.size} GiB and {disk.iops} IOPS has {low} to {most} MiB/s"
        remedy = "ask for more iops or a larger size" if asked > most else f"ask for {low}Mi"
        yield Objection("VO006", _THROUGHPUT, text, remedy)
    elif kind.throughput is None:
        yield Objection(
            "VO006",
            _THROUGHPUT,
            f"{disk.type} with {disk.iops} IOPS has up to {most} MiB/s; there is nothing to set",
            severity=Severity.NOTE,
        )
    elif asked * MIB != media.performance(spec).throughput:
        yield Objection(
            "VO006", _THROUGHPUT, f"rounded up to {asked} MiB/s", severity=Severity.NOTE
        )


def _replication(spec: VolumeSpec) -> Iterator[Objection]:
    if spec.replication != "zonal":
        yield Objection(
            "VO005",
            "spec.replication",
            "an EBS volume is in one zone",
            "use class shared (EFS is in all zones), or take snapshots",
        )


_RULES: tuple[Callable[[VolumeSpec], Iterator[Objection]], ...] = (
    _size,
    _access,
    _mounting,
    _iops,
    _throughput,
    _replication,
)
