"""VolumeClass and VolumeAttributesClass: how claims get their volumes, and what may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from .limits import Change, ReclaimPolicy, doc
from .resource import Resource, Tuples
from .volume import Encryption, FsType, Performance, PerformanceChange, Topology


@dataclass(frozen=True)
class VolumeClassSpec(Tuples):
    """How volumes of a class are made."""

    provisioner: Annotated[
        str | None,
        Change.IMMUTABLE,
        doc("Unset: the target's. `kubernetes.io/no-provisioner`: only existing volumes."),
    ] = None
    performance: Annotated[Performance, Change.IMMUTABLE, doc("How fast.")] = field(
        default_factory=Performance
    )
    reclaim_policy: Annotated[
        ReclaimPolicy, Change.IMMUTABLE, doc("Given to volumes made for claims.")
    ] = "Delete"
    volume_binding_mode: Annotated[
        Literal["Immediate", "WaitForFirstConsumer"],
        Change.IMMUTABLE,
        doc("When volumes are made: at once, or when a VolumeAttachment names the claim."),
    ] = "Immediate"
    allow_volume_expansion: Annotated[bool, doc("Whether claims may grow (else VO010).")] = False
    fs_type: Annotated[FsType, Change.IMMUTABLE, doc("The filesystem made on volumes.")] = "ext4"
    mount_options: Annotated[tuple[str, ...], doc("Given to volumes made for claims.")] = ()
    allowed_topologies: Annotated[tuple[Topology, ...], doc("Where; empty: anywhere.")] = ()
    encryption: Annotated[Encryption, Change.IMMUTABLE, doc("Encryption at rest.")] = field(
        default_factory=Encryption
    )
    replication: Annotated[
        Literal["zonal", "regional"], Change.IMMUTABLE, doc("Copies in one or several zones.")
    ] = "zonal"
    provider_overrides: Annotated[
        Mapping[str, Mapping[str, Any]],
        Change.IMMUTABLE,
        doc("Per provider name: settings with no portable word."),
    ] = field(default_factory=dict)
    default: Annotated[bool, doc("Claims that name no class get this one.")] = False


@dataclass(frozen=True)
class VolumeClass(Resource):
    """How claims get their volumes."""

    KIND: ClassVar[str] = "VolumeClass"
    SHORT: ClassVar[tuple[str, ...]] = ("vclass",)
    NAMESPACED: ClassVar[bool] = False

    spec: VolumeClassSpec


@dataclass(frozen=True)
class VolumeAttributesClassSpec:
    """Performance that a claim may switch to while it lives."""

    performance: Annotated[
        PerformanceChange, Change.IMMUTABLE, doc("What changes; at least one field.")
    ]


@dataclass(frozen=True)
class VolumeAttributesClass(Resource):
    """A changeable part of a claim's performance."""

    KIND: ClassVar[str] = "VolumeAttributesClass"
    SHORT: ClassVar[tuple[str, ...]] = ("vac",)
    NAMESPACED: ClassVar[bool] = False

    spec: VolumeAttributesClassSpec
