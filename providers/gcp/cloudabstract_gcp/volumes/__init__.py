"""Volumes on Google Cloud: disks, snapshots and attachments.

media, limits, placing     what a volume becomes: a type, its figures, its zones (pure)
check, check_volume, traits    what Google cannot do of it, field by field (pure)
expand, status             a volume to its parts and back (pure)
hints, notes               what instances are to make of the blocks, and whose an attachment is, as
                           labels of disks (pure)
reading                    found objects to volumes, for `discover` (pure)
survey                     what must be asked first
verbs                      the four verbs for each kind, and mark
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.model import Resource, Status
from cloudabstract.provider import Driver, Found, PartKey
from cloudabstract_gcp.calls import Compute
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.settings import GcpSettings

from . import status as statuses
from . import survey as surveys
from .check import check
from .expand import expand
from .kinds import KINDS
from .reading import portable

__all__ = ["KINDS", "check", "drivers", "expand", "portable", "status", "survey"]


def status(resource: Resource, found: Mapping[PartKey, Found], settings: GcpSettings) -> Status:
    """What the found parts of `resource` amount to."""
    return statuses.status(resource, found)


def survey(
    resources: Iterable[Resource], compute: Compute, settings: GcpSettings
) -> Mapping[str, Any]:
    """What `expand` must know; JSON."""
    return surveys.facts(resources, compute, settings)


def drivers(
    compute: Compute, unfinished: Unfinished, settings: GcpSettings
) -> Mapping[str, Driver]:
    """A driver for every kind in KINDS."""
    from . import kinds
    from .verbs.attachments import AttachmentDriver
    from .verbs.disks import DiskDriver, RegionDiskDriver
    from .verbs.snapshots import SnapshotDriver

    return {
        kinds.DISK: DiskDriver(compute, unfinished),
        kinds.REGION_DISK: RegionDiskDriver(compute, unfinished),
        kinds.SNAPSHOT: SnapshotDriver(compute, unfinished),
        kinds.ATTACHMENT: AttachmentDriver(compute, unfinished),
    }
