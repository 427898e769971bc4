"""The resources that exist, by key: what the emulator remembers.

A record holds the fields a caller may set, and those the server fixed at creation. What follows
from other records (users of a disk, whether an address is in use) is worked out when it is asked
for, so it cannot go stale.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.testing.gce import errors
from cloudabstract.testing.gce.scopes import Key, Scope

Fields = dict[str, Any]


@dataclass
class Record:
    """One resource."""

    key: Key
    fields: Fields
    created: float = 0.0
    seeded: bool = False  # was there from the start: default network, subnetworks
    creating: bool = False  # its insert has not finished: it may not be used yet
    busy: bool = False  # an operation that excludes others is at work on it
    hidden_until: float = 0.0  # read lag: reads before this moment do not see it
    members: list[Fields] = field(default_factory=list)  # of a group: instances or endpoints

    @property
    def id(self) -> str:
        return str(self.fields["id"])


class Records:
    """All records of all projects. Every change moves `version`."""

    def __init__(self) -> None:
        self._records: dict[Key, Record] = {}
        self._numbers = itertools.count(1)
        self.version = 0

    def new_id(self) -> str:
        """A numeric id that was never given before, 19 digits as Compute Engine's are."""
        return str(1_000_000_000_000_000_000 + next(self._numbers) * 7_777_777_777_777)

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._records.values()))

    def put(self, record: Record) -> None:
        self._records[record.key] = record
        self.touch()

    def remove(self, key: Key) -> None:
        self._records.pop(key, None)
        self.touch()

    def touch(self) -> None:
        """Say that a record changed."""
        self.version += 1

    def find(self, key: Key) -> Record | None:
        """The record of that name, or of that numeric id; None when there is none."""
        found = self._records.get(key)
        if found is None and key.name.isdigit():
            beside = self.within(key.project, key.collection, key.scope)
            found = next((record for record in beside if record.id == key.name), None)
        return found

    def get(self, key: Key) -> Record:
        """The record. Raises ApiError 404."""
        found = self.find(key)
        if found is None:
            raise errors.not_found(key.path)
        return found

    def of(self, project: str, collection: str) -> list[Record]:
        """All records of a collection in a project, in whatever scope."""
        return [
            record
            for key, record in self._records.items()
            if key.collection == collection and key.project == project
        ]

    def within(self, project: str, collection: str, scope: Scope) -> list[Record]:
        return [record for record in self.of(project, collection) if record.key.scope == scope]
