"""IP addresses: which are taken, and the next free one outside or in a subnetwork.

Outside addresses come from the ranges reserved for documentation (RFC 5737), so that nothing
that leaks from a test can reach a stranger.
"""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudabstract.testing.gce import errors, fieldpaths
from cloudabstract.testing.gce.records import Record
from cloudabstract.testing.gce.scopes import GLOBAL, Key, Scope

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Cloud

_OUTSIDE = ("203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24")
_HOLDERS = {
    "addresses": ("address",),
    "forwardingRules": ("IPAddress",),
    "instances": ("networkInterfaces.networkIP", "networkInterfaces.accessConfigs.natIP"),
}


def holders(cloud: Cloud, ip: str, project: str) -> Iterator[Record]:
    """The records that hold `ip`: everywhere when it is an outside one, else in the project."""
    for record in cloud.records:
        for path in _HOLDERS.get(record.key.collection, ()):
            near = record.key.project == project or not is_private(ip)
            if near and ip in fieldpaths.values(record.fields, path):
                yield record


def _taken(cloud: Cloud, project: str = "") -> set[str]:
    """Every address that is held, in one project or in all."""
    return {
        ip
        for record in cloud.records
        if project in ("", record.key.project)
        for path in _HOLDERS.get(record.key.collection, ())
        for ip in fieldpaths.values(record.fields, path)
    }


def is_private(ip: str) -> bool:
    """Whether `ip` is of a kind that subnetworks have; documentation ranges are not."""
    inside = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
    return any(ipaddress.ip_address(ip) in ipaddress.ip_network(block) for block in inside)


def next_outside(cloud: Cloud) -> str:
    """A free outside address. Raises ApiError 403 when none is left."""
    hosts, taken = (ipaddress.ip_network(block).hosts() for block in _OUTSIDE), _taken(cloud)
    for host in itertools.chain.from_iterable(hosts):
        if str(host) not in taken:
            return str(host)
    raise errors.quota_exceeded("STATIC_ADDRESSES", 762, "")


def next_inside(cloud: Cloud, subnetwork: Record) -> str:
    """A free address of a subnetwork, after its gateway. Raises ApiError 403 when none is left."""
    block = ipaddress.ip_network(subnetwork.fields["ipCidrRange"])
    taken = _taken(cloud, subnetwork.key.project)
    for host in itertools.islice(block.hosts(), 1, None):
        if str(host) not in taken:
            return str(host)
    raise errors.quota_exceeded("IN_USE_ADDRESSES", block.num_addresses, "")


def is_address(text: str) -> bool:
    """Whether `text` is an IP address or a range of them, not a name."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def lies_in(ip: str, block: str) -> bool:
    """Whether an address, or a range of them, lies in a range of the same version."""
    ours, theirs = ipaddress.ip_network(ip, strict=False), ipaddress.ip_network(block)
    if isinstance(ours, ipaddress.IPv4Network) and isinstance(theirs, ipaddress.IPv4Network):
        return ours.subnet_of(theirs)
    return False


def default_network(project: str) -> Key:
    """The network that is taken when none is given."""
    return Key(project, GLOBAL, "networks", "default")


def default_subnetwork(cloud: Cloud, project: str, region: str, network: str) -> Record | None:
    """The first subnetwork of `network` (a link) in a region, or None."""
    found = cloud.records.within(project, "subnetworks", Scope("region", region))
    return next((record for record in found if record.fields["network"] == network), None)
