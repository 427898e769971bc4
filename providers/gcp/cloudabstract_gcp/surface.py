"""The part of Compute Engine's API that is used: its collections, and Google's client of each.

`Collection` says what the API calls a family of objects, and at which levels it exists. Client and
request names follow Google's conventions, so that one gateway (calls.py) serves all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import places
from .places import Level, Scope

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Collection:
    """One family of objects. To use another, add it below: nothing else knows the API's names."""

    name: str  # as in links: "backendServices"
    message: str  # the type of one object: "BackendService"
    clients: Mapping[Level, str] = field(hash=False)  # level -> Google's client, less "Client"
    aggregated: str = (
        ""  # the client that lists all places at once; "" where Google has no such list
    )

    @property
    def argument(self) -> str:
        """What requests call the name of one object: `backend_service`."""
        return snake(self.message)


@dataclass(frozen=True)
class Location:
    """Where one object is, or is to be: its collection, its scope and its name."""

    collection: Collection
    scope: Scope
    name: str = ""  # "" when the name stands in a body

    @classmethod
    def of(cls, collection: Collection, link: str) -> Location:
        """From a link of any form."""
        return cls(collection, places.scope_of(link), places.name_of(link))

    @property
    def service(self) -> str:
        """The client that serves it."""
        return self.collection.clients[self.scope.level]

    @property
    def arguments(self) -> dict[str, str]:
        """As it stands in requests, but for the project."""
        named = {self.collection.argument: self.name} if self.name else {}
        return {**self.scope.arguments, **named}

    def link(self, project: str) -> str:
        """Its relative link."""
        return places.link(project, self.scope, self.collection.name, self.name)


def snake(name: str) -> str:
    """`RegionBackendServices` as `region_backend_services`."""
    return _HUMP.sub("_", name).lower()


def camel(name: str) -> str:
    """`aggregated_list` as `aggregatedList`, `RegionDisks` as `regionDisks`."""
    first, *rest = name.split("_")
    return f"{first[:1].lower()}{first[1:]}{''.join(each.capitalize() for each in rest)}"


def _both(message: str, plural: str) -> Collection:
    """A collection that exists in the project and in regions, with a client for each."""
    name = f"{plural[:1].lower()}{plural[1:]}"
    clients: dict[Level, str] = {"global": plural, "region": f"Region{plural}"}
    return Collection(name, message, clients, plural)


def _either(message: str, plural: str) -> Collection:
    """The same for the older collections, where it is the global client that has a prefix."""
    name = f"{plural[:1].lower()}{plural[1:]}"
    clients: dict[Level, str] = {"global": f"Global{plural}", "region": plural}
    return Collection(name, message, clients, plural)


ADDRESSES = _either("Address", "Addresses")
FORWARDING_RULES = _either("ForwardingRule", "ForwardingRules")
BACKEND_SERVICES = _both("BackendService", "BackendServices")
HEALTH_CHECKS = _both("HealthCheck", "HealthChecks")
URL_MAPS = _both("UrlMap", "UrlMaps")
HTTP_PROXIES = _both("TargetHttpProxy", "TargetHttpProxies")
HTTPS_PROXIES = _both("TargetHttpsProxy", "TargetHttpsProxies")
FIREWALLS = Collection("firewalls", "Firewall", {"global": "Firewalls"})
ENDPOINT_GROUPS = Collection(
    "networkEndpointGroups",
    "NetworkEndpointGroup",
    {"zone": "NetworkEndpointGroups"},
    "NetworkEndpointGroups",
)
INSTANCES = Collection("instances", "Instance", {"zone": "Instances"}, "Instances")
NETWORKS = Collection("networks", "Network", {"global": "Networks"})
SUBNETWORKS = Collection("subnetworks", "Subnetwork", {"region": "Subnetworks"}, "Subnetworks")
DISKS = Collection("disks", "Disk", {"zone": "Disks", "region": "RegionDisks"}, "Disks")
ZONE_DISKS = Collection("disks", "Disk", {"zone": "Disks"}, "Disks")
REGION_DISKS = Collection("disks", "Disk", {"region": "RegionDisks"}, "Disks")
SNAPSHOTS = Collection("snapshots", "Snapshot", {"global": "Snapshots"})
REGIONS = Collection("regions", "Region", {"global": "Regions"})
PROJECTS = Collection("projects", "Project", {"global": "Projects"})
OPERATIONS = Collection(
    "operations",
    "Operation",
    {"zone": "ZoneOperations", "region": "RegionOperations", "global": "GlobalOperations"},
    "GlobalOperations",
)
