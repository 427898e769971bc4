"""What balancers of both classes are read from: address, checks, members, the network. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cloudabstract.model import (
    BackendPool,
    HealthCheck,
    Instance,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Placement,
)
from cloudabstract.provider import Found, Kind
from cloudabstract_gcp import places
from cloudabstract_gcp.balancers import kinds, networks, words
from cloudabstract_gcp.settings import GcpSettings

from .world import World, link_of

_OTHER = re.compile(r"[^a-z0-9]+")
_GROUPS = "/instanceGroups/"
_AFFINITY: Mapping[str, Literal["None", "ClientIP"]] = {"NONE": "None", "CLIENT_IP": "ClientIP"}


@dataclass
class Candidate:
    """A balancer as far as it was read: what is said of it so far, and from which objects."""

    name: str
    spec: dict[str, Any]
    parts: dict[tuple[str, str], Found] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)  # KIND/FIELD
    unsaid: list[str] = field(default_factory=list)

    def add(self, kind: Kind, role: str, found: Found | None) -> None:
        """One object that is a part; nothing if there is none."""
        if found is not None:
            self.parts[kind.name, role] = found

    def resource(self) -> LoadBalancer:
        """What is said of it."""
        return LoadBalancer(
            Metadata(self.name, annotations=dict(self.annotations)), LoadBalancerSpec(**self.spec)
        )


def name_of(text: str, length: int = 50) -> str:
    """A name for a resource or a pool: that of an object, as far as it can be one."""
    plain = _OTHER.sub("-", text.lower()).strip("-")[:length].strip("-")
    return plain if plain[:1].isalpha() else f"lb-{plain}"


def pool_names(services: Iterable[str]) -> dict[str, str]:
    """Link -> name of the pool behind it; a single one is just `backends`."""
    links = list(dict.fromkeys(services))
    if len(links) == 1:
        return {links[0]: "backends"}
    named: dict[str, str] = {}
    for link in links:
        plain, number = name_of(places.name_of(link), 40), 1
        while (plain if number == 1 else f"{plain}-{number}") in named.values():
            number += 1
        named[link] = plain if number == 1 else f"{plain}-{number}"
    return named


def standing(candidate: Candidate, world: World, rule: Found) -> None:
    """The address: a reserved one becomes a part; another is said to be Google's choice."""
    address = world.address(rule)
    if address is not None:
        candidate.add(kinds.ADDRESS, "address", address)
        return
    candidate.annotations[words.ADDRESS] = words.KNOWN[words.ADDRESS]
    number = rule.fields["IPAddress"]
    candidate.unsaid.append(
        f"its address {number} is not reserved, and a replaced rule gets another; to keep it, "
        "reserve it and name it in addressRefs"
    )


def placed(rule: Found, groups: Iterable[Found], settings: GcpSettings) -> Placement:
    """Region, network and subnetwork, as far as they are not the target's own."""
    inside = [each.fields for each in (*groups, rule) if each.fields.get("network")]
    region = None if rule.place == settings.region else rule.place
    if not inside:
        return Placement(region=region)
    network, subnetwork = inside[0]["network"], inside[0].get("subnetwork", "")
    usual = networks.network_of(_empty(Placement(region=region)), settings)
    named = None if network == usual else _plain(network, settings)
    place = Placement(region=region, network=named)
    if subnetwork in ("", networks.subnetwork_of(_empty(place), settings)):
        return place
    return Placement(region=region, network=named, subnets=(_plain(subnetwork, settings),))


def health_check(check: Found | None, port: int | None) -> HealthCheck:
    """What is asked of the backends, and on which port if it is to be said."""
    if check is None:
        return HealthCheck()
    told = check.fields
    path = told["requestPath"] if told["requestPath"] not in ("", "/") else None
    implied = "HTTP" if path else "TCP"
    return HealthCheck(
        protocol=None if told["type"] == implied else told["type"],
        path=path,
        port=port,
        interval=told["checkIntervalSec"],
        timeout=told["timeoutSec"],
        healthy_threshold=told["healthyThreshold"],
        unhealthy_threshold=told["unhealthyThreshold"],
    )


def shared_check(
    candidate: Candidate, world: World, check: Found | None, services: Iterable[Found]
) -> bool:
    """Whether a check serves other balancers as well: then it is named, and left to others."""
    mine = {link_of(each) for each in services}
    if check is None or not world.services_of(link_of(check)) - mine:
        return False
    candidate.annotations[words.HEALTH_CHECK] = link_of(check)
    return True


def affinity(candidate: Candidate, service: Found) -> None:
    """Which client sticks to which backend; what has no portable word is left as it is."""
    told = service.fields["sessionAffinity"]
    candidate.spec["session_affinity"] = _AFFINITY.get(told, "None")
    if told not in _AFFINITY:
        candidate.ignored.add(f"{kinds.BACKEND_SERVICE.name}/sessionAffinity")
        candidate.unsaid.append(f"session affinity {told} stays as it is")


def groups_of(world: World, service: Found) -> list[Found]:
    """The endpoint groups of a service."""
    known = (world.one(kinds.ENDPOINT_GROUP, link) for link in service.fields["backends"])
    return [each for each in known if each is not None]


def members_of(world: World, services: Iterable[Found]) -> list[Mapping[str, Any]]:
    """Everybody who is in a group of these services."""
    groups = (group for each in services for group in groups_of(world, each))
    registered = (world.one(kinds.ENDPOINTS, link_of(each)) for each in groups)
    return [member for each in registered if each is not None for member in each.fields["members"]]


def pool(world: World, name: str, service: Found, port: int | None) -> BackendPool:
    """A pool of the members by address, or of the instance groups by name."""
    named = [link for link in service.fields["backends"] if _GROUPS in link]
    if named:
        return BackendPool(name, instances=tuple(Instance(link) for link in named))
    found = members_of(world, [service])
    members = {
        (each["ipAddress"], each["port"]): Member(
            each["ipAddress"], None if each["port"] in (0, port) else each["port"]
        )
        for each in found
    }
    return BackendPool(name, addresses=tuple(members[key] for key in sorted(members)))


def register(candidate: Candidate, world: World, role: str, service: Found) -> None:
    """The groups of a service and who is in them, as parts."""
    for group in groups_of(world, service):
        kind = group.fields["networkEndpointType"]
        ending = "-hybrid" if kind == "NON_GCP_PRIVATE_IP_PORT" else ""
        part = f"{role}-{group.fields['zone']}{ending}"
        candidate.add(kinds.ENDPOINT_GROUP, part, group)
        candidate.add(kinds.ENDPOINTS, part, world.one(kinds.ENDPOINTS, link_of(group)))


def check_of(world: World, service: Found) -> Found | None:
    """The one health check of a service."""
    links = service.fields["healthChecks"]
    return world.one(kinds.HEALTH_CHECK, links[0]) if len(links) == 1 else None


def _plain(link: str, settings: GcpSettings) -> str:
    """The bare name of what is in the target's own project."""
    return places.name_of(link) if link.startswith(f"projects/{settings.project}/") else link


def _empty(placement: Placement) -> LoadBalancerSpec:
    return LoadBalancerSpec((), placement=placement)
