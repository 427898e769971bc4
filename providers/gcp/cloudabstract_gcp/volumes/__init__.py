"""Volumes on Google Cloud: disks, snapshots and attachments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.model import Resource, Status, VolumeClass
from cloudabstract.provider import Driver, Facts, Found, Kind, Objection, Part, PartKey
from cloudabstract_gcp.calls import Compute
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.settings import GcpSettings

__all__ = ["CLASSES", "KINDS", "check", "drivers", "expand", "status", "survey"]

KINDS: tuple[Kind, ...] = ()
CLASSES: tuple[VolumeClass, ...] = ()


def check(resource: Resource, settings: GcpSettings) -> Iterable[Objection]:
    """What of `resource` Google cannot do."""
    return ()


def expand(resource: Resource, facts: Facts, settings: GcpSettings) -> Iterable[Part]:
    """The parts of `resource`."""
    return ()


def status(resource: Resource, found: Mapping[PartKey, Found], settings: GcpSettings) -> Status:
    """What the found parts of `resource` amount to."""
    return Status()


def survey(
    resources: Iterable[Resource], compute: Compute, settings: GcpSettings
) -> Mapping[str, Any]:
    """What `expand` must know; JSON."""
    return {}


def drivers(
    compute: Compute, unfinished: Unfinished, settings: GcpSettings
) -> Mapping[str, Driver]:
    """A driver for every kind in KINDS."""
    return {}
