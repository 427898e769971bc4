"""EC2 instances as hosts: what pools select by name, id or tag, and what volumes attach to.

Asked for only when a resource of the turn needs hosts. A host's name is its tag `Name`, its labels
are its tags; stopped and terminated instances are no backends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import LoadBalancer, Resource, VolumeAttachment
from cloudabstract.provider import Host

from . import pages, tags
from .clients import Clients

_STATES = ("pending", "running", "stopping", "stopped")
_PAGE = 1000


def hosts(
    resources: Iterable[Resource], clients: Clients, regions: Iterable[str]
) -> tuple[Host, ...]:
    """Every instance of these regions, or none when no resource asks for hosts."""
    wanted = tuple(resources)
    if not any(_asks(each) for each in wanted):
        return ()
    return tuple(host for region in regions for host in _of_region(clients, region))


def _asks(resource: Resource) -> bool:
    if isinstance(resource, LoadBalancer):
        return any(
            pool.instances is not None or pool.selector is not None
            for pool in resource.spec.backends
        )
    return isinstance(resource, VolumeAttachment)


def _of_region(clients: Clients, region: str) -> Iterator[Host]:
    found = pages.of(
        clients.read("ec2", region),
        "describe_instances",
        "Reservations",
        Filters=[{"Name": "instance-state-name", "Values": list(_STATES)}],
        PaginationConfig={"PageSize": _PAGE},
    )
    for reservation in found:
        yield from (_host(each) for each in reservation["Instances"])


def _host(instance: Mapping[str, Any]) -> Host:
    labels = tags.from_list(instance.get("Tags"))
    return Host(
        name=labels.get(tags.NAME, instance["InstanceId"]),
        address=instance.get("PrivateIpAddress", ""),
        labels=labels,
        id=instance["InstanceId"],
        zone=instance.get("Placement", {}).get("AvailabilityZone", ""),
    )
