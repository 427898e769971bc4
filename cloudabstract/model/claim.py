"""VolumeClaim: a request for storage by size, modes and class, which binds to one Volume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from .limits import AccessMode, Change, DnsSubdomain, ManagementPolicy, MinLen, VolumeMode, doc
from .resource import Resource, Tuples
from .selector import Selector
from .volume import DataSource, Storage


@dataclass(frozen=True)
class ClaimResources:
    """How much a claim asks for."""

    requests: Annotated[Storage, doc("At least this much; may grow if the class allows.")]


@dataclass(frozen=True)
class VolumeClaimSpec(Tuples):
    """What is wanted of the volume that a claim gets."""

    access_modes: Annotated[
        tuple[AccessMode, ...], MinLen(1), Change.IMMUTABLE, doc("All must be offered.")
    ]
    resources: Annotated[ClaimResources, doc("The size asked for.")]
    volume_class_name: Annotated[
        str | None,
        Change.IMMUTABLE,
        doc("Unset: the default class. '': only volumes without a class, none is made."),
    ] = None
    volume_name: Annotated[
        DnsSubdomain | None, Change.IMMUTABLE, doc("Only this Volume will do.")
    ] = None
    selector: Annotated[
        Selector | None, Change.IMMUTABLE, doc("Only matching Volumes; none is made.")
    ] = None
    volume_mode: Annotated[VolumeMode, Change.IMMUTABLE, doc("Files or raw blocks.")] = "Filesystem"
    data_source: Annotated[DataSource | None, Change.IMMUTABLE, doc("Restore or clone.")] = None
    volume_attributes_class_name: Annotated[
        str | None, doc("A VolumeAttributesClass; unset or '' is none.")
    ] = None
    deletion_protection: Annotated[bool, doc("Refuse to delete until lifted.")] = False
    management_policies: Annotated[
        tuple[ManagementPolicy, ...], MinLen(1), doc("What may be done to it; `*` is all.")
    ] = ("*",)


@dataclass(frozen=True)
class VolumeClaim(Resource):
    """A request for storage."""

    KIND: ClassVar[str] = "VolumeClaim"
    SHORT: ClassVar[tuple[str, ...]] = ("vc",)

    spec: VolumeClaimSpec
