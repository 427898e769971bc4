"""What EFS cannot do of a volume: one rule for each field, in the order of the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cloudabstract.model import VolumeSpec
from cloudabstract.provider import Objection, Severity

from . import limits, media, traits

MODES = ("bursting", "elastic")
PERMISSIONS = ("0700", "0750", "0755", "0770", "0775", "0777")


def check(spec: VolumeSpec) -> Iterator[Objection]:
    """Every objection to `spec`, which becomes an EFS file system."""
    for rule in _RULES:
        yield from rule(spec)
    yield from traits.external(spec.external_ref, "fs")
    own = (media.OWN,)
    known = {"throughputMode": MODES, "permissions": PERMISSIONS, "mountTargets": own}
    yield from traits.overrides(spec.provider_overrides, known)


def _capacity(spec: VolumeSpec) -> Iterator[Objection]:
    yield Objection(
        "VO014",
        "spec.capacity.storage",
        "a file system of EFS grows with what is written to it",
        "watch its size, or use ReadWriteOnce (EBS)",
        Severity.DEGRADE,
        "CapacityNotEnforced",
    )


def _access(spec: VolumeSpec) -> Iterator[Objection]:
    if "ReadWriteOncePod" in spec.access_modes:
        yield Objection(
            "VO017",
            "spec.accessModes",
            "a file system cannot be kept to one user",
            "use another class (EBS)",
        )


def _mounting(spec: VolumeSpec) -> Iterator[Objection]:
    if spec.volume_mode == "Block":
        text = "a file system has no blocks"
        yield Objection("VO004", "spec.volumeMode", text, "use tier fast (io2 is shared as blocks)")
    if spec.fs_type != "ext4":
        text = f"EFS is NFS, and cannot be {spec.fs_type}"
        yield Objection("VO017", "spec.fsType", text, "leave fsType out")
    yield from traits.mount_options(spec.mount_options, "nfs")


def _performance(spec: VolumeSpec) -> Iterator[Objection]:
    wish = media.performance(spec)
    if wish.tier not in limits.file_tiers():
        yield Objection(
            "VO003",
            "spec.accessModes",
            f"a disk of tier {wish.tier} has one writer",
            "use class shared (EFS), or ReadWriteOnce",
        )
    if wish.iops is not None:
        text = "EFS has no IOPS to set"
        yield Objection("VO006", "spec.performance.iops", text, "leave iops out")
    low, high = limits.file_throughput()
    if wish.throughput is not None and not low <= media.mib(wish.throughput) <= high:
        text = f"EFS provisions from {low} to {high} MiB/s"
        yield Objection("VO006", "spec.performance.throughput", text, "ask for a figure within")


def _source(spec: VolumeSpec) -> Iterator[Objection]:
    if spec.data_source is not None:
        yield Objection(
            "VO017",
            "spec.dataSource",
            "EFS begins empty: it has neither snapshots nor copies",
            "use ReadWriteOnce (EBS), or AWS Backup",
        )


_RULES: tuple[Callable[[VolumeSpec], Iterator[Objection]], ...] = (
    _capacity,
    _access,
    _mounting,
    _performance,
    _source,
)
