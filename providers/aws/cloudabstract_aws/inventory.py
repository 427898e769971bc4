"""EC2 instances as hosts: what pools select by name, id or tag, and what volumes attach to.

Asked for only when a resource of the turn needs hosts. A host's name is its tag `Name`, its labels
are its tags, and one more that says what state it is in: only a running instance can be a backend,
but a volume can be attached to one that is stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.model import LoadBalancer, Resource, VolumeAttachment
from cloudabstract.provider import Host

from . import pages, tags
from .clients import Clients

_STATES = ("pending", "running", "stopping", "stopped")
STATE = "aws:instance-state"  # no tag can have this key
_PAGE = 1000


def hosts(
    resources: Iterable[Resource], clients: Clients, regions: Iterable[str]
) -> tuple[Host, ...]:
    """Every instance of these regions, or none when no resource asks for hosts."""
    wanted = tuple(resources)
    if not any(_asks(each) for each in wanted):
        return ()
    return tuple(host for region in regions for host in _of_region(clients, region))


def running(known: Iterable[Host]) -> tuple[Host, ...]:
    """Those that can be backends now."""
    return tuple(each for each in known if each.labels.get(STATE) == "running")


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
        yield from (_host(each) for each in reservation.get("Instances") or ())


def _host(instance: Mapping[str, Any]) -> Host:
    labels = tags.from_list(instance.get("Tags"))
    labels = {**labels, STATE: instance.get("State", {}).get("Name", "")}
    return Host(
        name=labels.get(tags.NAME, instance["InstanceId"]),
        address=instance.get("PrivateIpAddress", ""),
        labels=labels,
        id=instance["InstanceId"],
        zone=instance.get("Placement", {}).get("AvailabilityZone", ""),
    )
