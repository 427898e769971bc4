"""`aws.address`: an Elastic IP address that we allocate.

It has neither token nor name, so a call whose answer was lost is not repeated blindly: it is looked
for by its tags first, here and, as long as its kind lags, by the engine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.provider import Batch, Found, Wanted
from cloudabstract_aws import tags
from cloudabstract_aws.clients import Clients

from . import owned
from .elb import present
from .kinds import ADDRESS
from .marking import TaggedInEc2


class AddressDriver(TaggedInEc2):
    """The verbs of addresses."""

    def __init__(self, clients: Clients, extra: Mapping[str, str]) -> None:
        self._clients = clients
        self._extra = extra
        self._making = threading.Lock()  # two threads must not both look and then both allocate

    def observe(self, batch: Batch) -> Iterable[Found]:
        """By labels, on one page; by tag `Name` or id only what that does not show."""
        found = {one.id: one for one in self._listed(batch, tags.search(batch))}
        named = sorted(batch.names - {one.name for one in found.values()})
        found |= {one.id: one for one in self._listed(batch, _filter("tag:Name", named))}
        missing = sorted(batch.ids - found.keys())
        found |= {one.id: one for one in self._listed(batch, _filter("allocation-id", missing))}
        return list(found.values())

    def create(self, wanted: Wanted) -> Found:
        """Allocate one, unless an earlier attempt did."""
        with self._making:
            for found in self.observe(Batch(wanted.place, {}, frozenset({wanted.name}))):
                if owned.is_ours(found.labels, wanted):
                    return found
            known = tags.of(wanted, self._extra)
            raw = self._clients.write("ec2", wanted.place).allocate_address(
                Domain="vpc", TagSpecifications=tags.specifications("elastic-ip", known)
            )
            return self._found({**raw, "Tags": tags.to_list(known)}, wanted.place)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Only tags change."""
        if fields.get("tags"):
            ec2 = self._clients.write("ec2", found.place)
            ec2.create_tags(Resources=[found.id], Tags=tags.to_list(fields["tags"]))
        return Found(**{**vars(found), "fields": {**found.fields, **fields}})

    def delete(self, found: Found) -> None:
        """Refused as long as a balancer has it."""
        ec2 = self._clients.write("ec2", found.place)
        present(lambda: ec2.release_address(AllocationId=found.id))

    def _listed(self, batch: Batch, filters: list[dict[str, Any]] | None) -> list[Found]:
        """The addresses that fit these filters and are meant; none without filters."""
        if filters is None:
            return []
        raw = self._clients.read("ec2", batch.place).describe_addresses(Filters=filters)
        found = (self._found(each, batch.place) for each in raw.get("Addresses") or ())
        return [one for one in found if _meant(one, batch)]

    def _found(self, raw: Mapping[str, Any], place: str) -> Found:
        known = tags.from_list(raw.get("Tags"))
        fields = {
            "domain": raw.get("Domain", "vpc"),
            "ip": raw.get("PublicIp", ""),
            "tags": tags.extra(known, self._extra),
        }
        name, labels = known.get(tags.NAME, ""), tags.labels(known)
        return Found(ADDRESS.name, raw["AllocationId"], name, place, fields, labels)


def _filter(name: str, values: list[str]) -> list[dict[str, Any]] | None:
    return [{"Name": name, "Values": values}] if values else None


def _meant(found: Found, batch: Batch) -> bool:
    named = found.name in batch.names or found.id in batch.ids
    return named or batch.takes(found.labels)
