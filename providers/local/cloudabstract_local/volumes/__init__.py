"""Volumes on one machine: disk images of an enforced size, or plain folders.

Everything is below the target's root. The database is the records (records.py), so that losing
every cache loses no volume; how bodies come and go whole is told in stage.py.

This package offers pure answers (KINDS, check, expand, status, portable) and what a
session needs: `drivers`, and `facts` for its survey.
"""

from __future__ import annotations

from cloudabstract.provider import Driver
from cloudabstract_local.root import Root
from cloudabstract_local.settings import LocalSettings

from .check import check
from .expand import expand
from .kinds import KINDS
from .reading import portable
from .status import status
from .survey import facts

__all__ = ["KINDS", "check", "drivers", "expand", "facts", "portable", "status"]


def drivers(root: Root, settings: LocalSettings) -> dict[str, Driver]:
    """A driver for every kind in KINDS, by the kind's name."""
    from . import kinds, probe
    from .pool import Pool
    from .verbs.attachment import AttachmentDriver
    from .verbs.directory import DirectoryDriver
    from .verbs.image import ImageDriver
    from .verbs.loop import LoopDriver
    from .verbs.mount import MountDriver
    from .verbs.snapshot import SnapshotDriver

    pool = Pool(root, settings.capacity)
    return {
        kinds.IMAGE: ImageDriver(root, pool, probe.here()),
        kinds.DIRECTORY: DirectoryDriver(root, pool),
        kinds.SNAPSHOT: SnapshotDriver(root),
        kinds.MOUNT: MountDriver(root),
        kinds.LOOP: LoopDriver(root),
        kinds.ATTACHMENT: AttachmentDriver(root),
    }
