"""`aws.snapshot`: the verbs for EBS snapshots.

CreateSnapshot takes no token and snapshots have no names, so a second call would make a second
copy. Before each one somebody looks: here for what this process can see, and in the engine, which
waits as long as EC2 may take to list what is new (`Kind.lag`).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import RESOURCE, Batch, Found, Health, Wanted
from cloudabstract_aws import tags
from cloudabstract_aws.clients import Clients

from . import asking, kinds, marking
from .limits import GIB

_HEALTH = {
    "pending": Health.PENDING,
    "completed": Health.READY,
    "error": Health.FAILED,
}


class SnapshotDriver:
    """Snapshots are told apart by their tag `Name`."""

    def __init__(self, clients: Clients, extra: Mapping[str, str]) -> None:
        self._clients = clients
        self._extra = extra
        self._guard = threading.Lock()
        self._creating: defaultdict[tuple[str, str], threading.Lock]
        self._creating = defaultdict(threading.Lock)

    def observe(self, batch: Batch) -> Iterable[Found]:
        """One list by labels, of this account's snapshots."""

        def listed(filters: asking.Filters) -> Iterable[Found]:
            raw = asking.read(
                self._clients,
                batch.place,
                "describe_snapshots",
                "Snapshots",
                OwnerIds=["self"],
                Filters=filters,
            )
            found = (self._found(each, batch.place) for each in raw)
            return [each for each in found if each is not None]

        return asking.meant(batch, listed, "snapshot-id")

    def create(self, wanted: Wanted) -> Found:
        """Make it, unless there is one of ours with that name. Not in two threads at once."""
        with self._guard:
            creating = self._creating[wanted.place, wanted.name]
        with creating:
            earlier = self._earlier(wanted)
            if earlier is not None:
                return earlier
            known = tags.of(wanted, self._extra)
            raw = self._clients.write("ec2", wanted.place).create_snapshot(
                VolumeId=wanted.fields["source"],
                Description=f"cloudabstract {wanted.labels.get(RESOURCE, wanted.name)}"[:255],
                TagSpecifications=tags.specifications("snapshot", known),
            )
        found = self._found({"State": "pending", **raw}, wanted.place)
        if found is None:
            raise ValueError(f"EC2 made a snapshot that is {raw.get('State')}")
        return replace(found, name=wanted.name, labels=dict(wanted.labels))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """A snapshot has nothing that changes but tags."""
        if fields.get("tags"):
            marking.add(self._clients, found, fields["tags"])
        return replace(found, fields={**found.fields, **fields})

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """The new owner's tags first, then the old ones go."""
        return marking.mark(self._clients, found, labels)

    def delete(self, found: Found) -> None:
        """Volumes made from it do not need it any more."""
        ec2 = self._clients.write("ec2", found.place)
        marking.present(lambda: ec2.delete_snapshot(SnapshotId=found.id))

    def _earlier(self, wanted: Wanted) -> Found | None:
        batch = Batch(wanted.place, {}, frozenset({wanted.name}))
        for found in self.observe(batch):
            if found.name == wanted.name and asking.is_for(found.labels, wanted):
                return found
        return None

    def _found(self, raw: Mapping[str, Any], place: str) -> Found | None:
        """None for a snapshot that lies in the recycle bin."""
        health = _HEALTH.get(raw.get("State", ""))
        if health is None:
            return None
        known = tags.from_list(raw.get("Tags"))
        return Found(
            kinds.SNAPSHOT,
            raw["SnapshotId"],
            known.get(tags.NAME, ""),
            place,
            {
                "size": raw.get("VolumeSize", 0) * GIB,
                "source": raw.get("VolumeId", ""),
                "tags": tags.extra(known, self._extra),
            },
            tags.labels(known),
            health,
            "" if health is Health.READY else str(raw.get("StateMessage") or raw["State"]),
        )
