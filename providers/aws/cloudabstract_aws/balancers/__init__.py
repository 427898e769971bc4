"""Load balancers on ELBv2: class l4 is a Network, l7 an Application Load Balancer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import LoadBalancer, Resource, Status
from cloudabstract.provider import Driver, Facts, Finding, Found, Kind, Objection, Part, PartKey
from cloudabstract_aws.clients import Clients
from cloudabstract_aws.settings import AwsSettings

KINDS: tuple[Kind, ...] = ()
FEATURES: tuple[str, ...] = ()


def check(resource: LoadBalancer, settings: AwsSettings) -> Iterator[Objection]:
    """What of `resource` AWS cannot do."""
    return iter(())


def expand(resource: LoadBalancer, facts: Facts, settings: AwsSettings) -> Iterator[Part]:
    """The parts of `resource`."""
    return iter(())


def status(resource: LoadBalancer, found: Mapping[PartKey, Found], settings: AwsSettings) -> Status:
    """What the found parts amount to."""
    return Status()


def survey(
    resources: Iterable[Resource], clients: Clients, settings: AwsSettings
) -> Mapping[str, Any]:
    """What `expand` will need: Facts.extra["balancers"]."""
    return {}


def drivers(clients: Clients, settings: AwsSettings) -> dict[str, Driver]:
    """A driver for every kind in KINDS."""
    return {}


def checkup(clients: Clients, settings: AwsSettings) -> Iterator[Finding]:
    """What `doctor` says of balancers."""
    return iter(())
