"""Volumes on EBS and EFS. What a subpackage offers to the common files, still empty.

KINDS, CLASSES      what it is made of, and the built-in classes
check               objections to a Volume, VolumeSnapshot or VolumeAttachment (pure)
expand, status      a resource to its parts, found parts to a status (pure)
survey              what `expand` must know of AWS: becomes Facts.extra["volumes"]; JSON values only
drivers             one for each kind; `clients.read(...)` to look, `clients.write(...)` to change
checkup             findings for `doctor`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import Resource, Status, VolumeClass
from cloudabstract.provider import Driver, Facts, Finding, Found, Kind, Objection, Part, PartKey
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings

KINDS: tuple[Kind, ...] = ()
CLASSES: tuple[VolumeClass, ...] = ()


def check(resource: Resource, settings: AwsSettings) -> Iterator[Objection]:
    """What of `resource` AWS cannot do."""
    return iter(())


def expand(resource: Resource, facts: Facts, settings: AwsSettings) -> Iterator[Part]:
    """The parts of `resource`."""
    return iter(())


def status(resource: Resource, found: Mapping[PartKey, Found], settings: AwsSettings) -> Status:
    """What the found parts amount to."""
    return Status()


def survey(
    resources: Iterable[Resource], clients: Clients, settings: AwsSettings
) -> Mapping[str, Any]:
    """What `expand` will need: Facts.extra["volumes"]."""
    return {}


def drivers(clients: Clients, settings: AwsSettings) -> dict[str, Driver]:
    """A driver for every kind in KINDS."""
    return {}


def checkup(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """What `doctor` says of volumes."""
    return iter(())
