"""Volume: storage that exists by name, and the parts that other storage kinds share with it.

Names and rules come from Kubernetes storage; sizes are bytes inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from .limits import (
    AccessMode,
    Bytes,
    Change,
    DnsLabel,
    DnsSubdomain,
    Gt,
    ManagementPolicy,
    MinLen,
    PerSecond,
    ReclaimPolicy,
    VolumeMode,
    doc,
)
from .resource import DEFAULT_NAMESPACE, Resource, Tuples

Tier = Literal["standard", "balanced", "fast", "throughput", "cold", "shared"]
FsType = Literal["ext4", "xfs"]


@dataclass(frozen=True)
class Storage:
    """An amount of storage; the one key is `storage`."""

    storage: Annotated[Bytes, Change.GROW, doc("Bytes, as a quantity; never rounded down.")]


@dataclass(frozen=True)
class Performance:
    """How fast storage must be, in portable terms."""

    tier: Annotated[Tier, doc("The medium's class; each target maps it.")] = "standard"
    iops: Annotated[int | None, Gt(0), doc("Operations per second, where the medium has it.")] = (
        None
    )
    throughput: Annotated[PerSecond | None, doc("Bytes per second, as a quantity.")] = None


@dataclass(frozen=True)
class PerformanceChange:
    """What a VolumeAttributesClass changes; what it does not name is never touched."""

    tier: Annotated[Tier | None, doc("Unset: the volume keeps its medium.")] = None
    iops: Annotated[int | None, Gt(0), doc("Operations per second; unset: as it is.")] = None
    throughput: Annotated[
        PerSecond | None, doc("Bytes per second, as a quantity; unset: as it is.")
    ] = None


@dataclass(frozen=True)
class Encryption:
    """Encryption at rest."""

    enabled: Annotated[bool, Change.IMMUTABLE, doc("Encrypt the medium.")] = False
    key: Annotated[
        str | None, Change.IMMUTABLE, doc("The target's key; unset: the target's own.")
    ] = None


@dataclass(frozen=True)
class Topology(Tuples):
    """From where a volume can be used."""

    region: Annotated[str | None, Change.IMMUTABLE, doc("A region of the target.")] = None
    zones: Annotated[tuple[str, ...], Change.IMMUTABLE, doc("Zones it may stand in.")] = ()


@dataclass(frozen=True)
class DataSource:
    """What a new volume starts with."""

    kind: Annotated[Literal["VolumeSnapshot", "VolumeClaim", "Volume"], doc("Restore or clone.")]
    name: Annotated[DnsSubdomain, doc("A resource of this stack, in the same namespace.")]


@dataclass(frozen=True)
class ClaimRef:
    """The claim that has a volume, or for which it is reserved."""

    name: Annotated[DnsSubdomain, doc("The claim's name.")]
    namespace: Annotated[DnsLabel, doc("The claim's namespace.")] = DEFAULT_NAMESPACE


@dataclass(frozen=True)
class VolumeSpec(Tuples):
    """What is wanted of a volume."""

    capacity: Annotated[Storage, doc("The size; the real one is never below it.")]
    access_modes: Annotated[
        tuple[AccessMode, ...],
        MinLen(1),
        Change.IMMUTABLE,
        doc("What the volume can do; ReadWriteOncePod stands alone."),
    ]
    volume_class_name: Annotated[
        str, Change.IMMUTABLE, doc("Binds only to claims of this class; '' is no class.")
    ] = ""
    reclaim_policy: Annotated[
        ReclaimPolicy, doc("What becomes of the data when the volume is let go.")
    ] = "Retain"
    volume_mode: Annotated[VolumeMode, Change.IMMUTABLE, doc("Files or raw blocks.")] = "Filesystem"
    fs_type: Annotated[FsType, Change.IMMUTABLE, doc("The filesystem made on it.")] = "ext4"
    mount_options: Annotated[tuple[str, ...], doc("Checked against a list per filesystem.")] = ()
    topology: Annotated[Topology, doc("Region and zones.")] = Topology()
    performance: Annotated[
        Performance | None, doc("Unset means the class's, else the `standard` tier.")
    ] = None
    encryption: Annotated[Encryption | None, doc("Unset means the class's, else none.")] = None
    replication: Annotated[
        Literal["zonal", "regional"], Change.IMMUTABLE, doc("Copies in one or several zones.")
    ] = "zonal"
    external_ref: Annotated[
        str | None, Change.IMMUTABLE, doc("An existing object of the target to adopt, by its id.")
    ] = None
    claim_ref: Annotated[ClaimRef | None, doc("Reserves the volume for one claim.")] = None
    data_source: Annotated[DataSource | None, Change.IMMUTABLE, doc("Restore or clone.")] = None
    provider_overrides: Annotated[
        Mapping[str, Mapping[str, Any]], doc("Per provider name: settings with no portable word.")
    ] = field(default_factory=dict)
    deletion_protection: Annotated[bool, doc("Refuse to delete until lifted.")] = False
    management_policies: Annotated[
        tuple[ManagementPolicy, ...], MinLen(1), doc("What may be done to it; `*` is all.")
    ] = ("*",)


@dataclass(frozen=True)
class Volume(Resource):
    """Storage that exists by name."""

    KIND: ClassVar[str] = "Volume"
    SHORT: ClassVar[tuple[str, ...]] = ("vol",)
    NAMESPACED: ClassVar[bool] = False

    spec: VolumeSpec
