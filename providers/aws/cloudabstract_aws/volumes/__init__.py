"""Volumes on EBS and EFS.

kinds, classes, limits      what there is, and what it allows
check ...                   objections to a spec, offline
media, zones, expand ...    what a volume becomes, where, and of which parts
survey                      what that needs to know of the account: Facts.extra["volumes"]
reading ...                 what stands there, read back as volumes
disks, snapshots, attachments, file_systems, mount_targets, access_points      the drivers
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudabstract.model import Resource, Status
from cloudabstract.provider import Driver, Finding, Found, PartKey
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings
from cloudabstract_aws.vpcs import Vpcs

from . import reporting
from .check import check
from .expand import expand
from .kinds import KINDS
from .reading import portable
from .survey import survey

__all__ = ["KINDS", "check", "checkup", "drivers", "expand", "portable", "status", "survey"]


def status(resource: Resource, found: Mapping[PartKey, Found], settings: AwsSettings) -> Status:
    """What the found parts amount to."""
    return reporting.status(resource, found)


def drivers(clients: Clients, settings: AwsSettings, vpcs: Vpcs) -> dict[str, Driver]:
    """A driver for every kind in KINDS."""
    from . import verbs

    return verbs.drivers(clients, settings, vpcs)


def checkup(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """What `doctor` says of volumes."""
    from . import doctor

    return doctor.checkup(clients, settings)
