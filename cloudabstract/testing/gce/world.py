"""The world as it is, seen from outside the API: for tests to look at, and to meddle with.

`all()` says what exists. `put`, `change` and `remove` do what a stranger with access would do,
at once and without an operation; `set_health` says what health checks shall see.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.testing.gce import rendering
from cloudabstract.testing.gce.cloud import Cloud
from cloudabstract.testing.gce.dispatch import Dispatcher
from cloudabstract.testing.gce.records import Record
from cloudabstract.testing.gce.scopes import GLOBAL, Key, Scope, key_of, scope_link


@dataclass(frozen=True)
class Resource:
    """One resource that exists. `fields` is what `get` would answer; `members` are a group's."""

    collection: str  # disks
    project: str
    place: str  # zone, region, or "" for global
    name: str
    id: str
    link: str
    fields: Mapping[str, Any]
    members: tuple[Mapping[str, Any], ...] = ()

    @property
    def labels(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.fields.get("labels", {})
        return found


class World:
    """What exists in one emulator."""

    def __init__(self, cloud: Cloud, dispatcher: Dispatcher) -> None:
        self._cloud, self._lock = cloud, dispatcher.lock

    def all(self, collection: str = "", seeded: bool = False) -> list[Resource]:
        """Every resource, or those of one collection; default networks only with `seeded`."""
        with self._lock:
            self._settle()
            found = [
                self._shown(record)
                for record in self._cloud.records
                if (seeded or not record.seeded) and collection in ("", record.key.collection)
            ]
        return sorted(found, key=lambda resource: resource.link)

    def find(self, collection: str, name: str) -> Resource | None:
        """The first resource of that collection and name, wherever it is."""
        found = (r for r in self.all(collection, seeded=True) if r.name == name)
        return next(found, None)

    def operations(self) -> list[str]:
        """The names of the operations that have not ended."""
        with self._lock:
            self._settle()
            return [operation.name for operation in self._cloud.operations.unfinished]

    def put(
        self, collection: str, name: str, place: str = "", fields: Mapping[str, Any] | None = None
    ) -> Resource:
        """Make a resource out of nothing, as it is given and unchecked, in the first project."""
        key = Key(self._cloud.projects[0], _scope(place), collection, name)
        return self.seed(key, fields or {}, seeded=False)

    def seed(self, key: Key, fields: Mapping[str, Any], seeded: bool = True) -> Resource:
        """The same for any project; `seeded` resources do not count as made."""
        family = self._cloud.family(key.collection)
        with self._lock:
            identity = rendering.identity(self._cloud, key, family.schema)
            status = {"status": family.statuses[1]} if family.statuses[1] else {}
            made = {**status, **copy.deepcopy(dict(fields)), **identity}
            record = Record(key, made, self._cloud.time.now(), seeded=seeded)
            self._cloud.records.put(record)
            return self._shown(record)

    def change(self, link: str, fields: Mapping[str, Any]) -> None:
        """Overwrite fields of a resource, whatever the API would say to it."""
        with self._lock:
            self._record(link).fields.update(copy.deepcopy(dict(fields)))
            self._cloud.records.touch()

    def remove(self, link: str) -> None:
        """Make a resource vanish, whoever uses it."""
        with self._lock:
            record = self._record(link)
            self._cloud.records.remove(record.key)
            self._cloud.family(record.key.collection).removed(self._cloud, record)

    def set_health(self, backend: str, state: str) -> None:
        """What checks see of a backend (instance name, `ip` or `ip:port`): HEALTHY, UNHEALTHY."""
        self._cloud.health[backend] = state

    def _record(self, link: str) -> Record:
        key = key_of(link)
        if key is None:
            raise LookupError(f"{link} is not the full link of a resource")
        return self._cloud.records.get(key)

    def _settle(self) -> None:
        self._cloud.operations.settle(self._cloud.time.now())

    def _shown(self, record: Record) -> Resource:
        key = record.key
        return Resource(
            collection=key.collection,
            project=key.project,
            place=key.scope.place,
            name=key.name,
            id=record.id,
            link=key.link,
            fields=copy.deepcopy(rendering.rendered(self._cloud, record)),
            members=tuple(copy.deepcopy(record.members)),
        )


def furnish(world: World, cloud: Cloud) -> None:
    """Give every project what a new one has: a default network, a subnetwork in each region."""
    for project in cloud.projects:
        network = Key(project, GLOBAL, "networks", "default")
        world.seed(
            network,
            {
                "autoCreateSubnetworks": True,
                "description": "Default network for the project",
                "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
                "routingConfig": {"routingMode": "REGIONAL"},
            },
        )
        for region in cloud.catalogue.regions:
            block = cloud.catalogue.subnet_range(region)
            scope = Scope("region", region)
            world.seed(
                Key(project, scope, "subnetworks", "default"),
                {
                    "network": network.link,
                    "ipCidrRange": block,
                    "gatewayAddress": block.replace(".0/20", ".1"),
                    "purpose": "PRIVATE",
                    "stackType": "IPV4_ONLY",
                    "privateIpGoogleAccess": False,
                    "region": scope_link(project, scope),
                },
            )


def _scope(place: str) -> Scope:
    if not place:
        return GLOBAL
    return Scope("zone" if place.count("-") > 1 else "region", place)
