"""What `expand` has to know of this machine, and how it is handed over: as JSON in Facts.extra."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cloudabstract_local.root import Root
from cloudabstract_local.settings import LocalSettings

from . import probe
from .expand import SURVEY


def facts(root: Root, settings: LocalSettings) -> Mapping[str, Any]:
    """One entry for Facts.extra: abilities, and `free` bytes on the disk of the root.

    With `capacity` set, free is at most that.
    """
    existing = next(each for each in (root.path, *root.path.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if settings.capacity is not None:
        free = min(free, settings.capacity)
    return {SURVEY: {**asdict(probe.here()), "free": free}}
