"""VolumeSnapshot and VolumeAttachment: what is done with a volume or a claim that exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from .limits import Change, DnsSubdomain, MinLen, ReclaimPolicy, doc
from .resource import Resource


@dataclass(frozen=True)
class VolumeSource:
    """A claim or a volume of this stack, exactly one."""

    claim: Annotated[DnsSubdomain | None, doc("A VolumeClaim in the same namespace.")] = None
    volume: Annotated[DnsSubdomain | None, doc("A Volume.")] = None


@dataclass(frozen=True)
class VolumeSnapshotSpec:
    """What is wanted of a snapshot."""

    source: Annotated[VolumeSource, Change.IMMUTABLE, doc("What is copied.")]
    deletion_policy: Annotated[
        ReclaimPolicy, doc("What becomes of the copy when the snapshot is let go.")
    ] = "Delete"
    deletion_protection: Annotated[bool, doc("Refuse to delete until lifted.")] = False


@dataclass(frozen=True)
class VolumeSnapshot(Resource):
    """A copy of a volume at one moment; independent of it afterwards."""

    KIND: ClassVar[str] = "VolumeSnapshot"
    SHORT: ClassVar[tuple[str, ...]] = ("snap",)

    spec: VolumeSnapshotSpec


@dataclass(frozen=True)
class VolumeAttachmentSpec:
    """Which volume is attached to which instance."""

    source: Annotated[VolumeSource, Change.REPLACE, doc("What is attached.")]
    instance: Annotated[
        str, MinLen(1), Change.REPLACE, doc("The instance's id or name on the target.")
    ]
    device: Annotated[str | None, Change.REPLACE, doc("Device name; unset: target picks.")] = None
    read_only: Annotated[bool, Change.REPLACE, doc("Attach for reading only.")] = False


@dataclass(frozen=True)
class VolumeAttachment(Resource):
    """A volume at an instance; the first consumer of a claim that waits for one."""

    KIND: ClassVar[str] = "VolumeAttachment"
    SHORT: ClassVar[tuple[str, ...]] = ("va",)

    spec: VolumeAttachmentSpec
