"""The four verbs for objects that are a record and nothing else; other drivers build on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.clock import iso
from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Wanted
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record, observed, select
from cloudabstract_local.root import checked

from .plane import Plane
from .snapshot import Snapshot, title


class RecordedDriver:
    """The verbs for `kind`. What a record changes in the data plane, the plane brings about."""

    def __init__(self, kind: str, plane: Plane) -> None:
        self.kind = kind
        self._plane = plane

    def observe(self, batch: Batch) -> Iterable[Found]:
        """What the batch asks for, in one reading of the kind's folder."""
        scan = self._plane.records[self.kind].scan()
        return observed(batch, scan, self._found(select(batch, scan)))

    def create(self, wanted: Wanted) -> Found:
        """Write the record; the one that an earlier attempt wrote is taken as it is."""
        checked(wanted.name)

        def edit(snapshot: Snapshot) -> Mapping[str, Record | None]:
            standing = snapshot.of(self.kind).get(wanted.name)
            if standing is None:
                return self._creation(wanted, snapshot)
            if standing.labels != wanted.labels:
                message = f"{self.kind} {wanted.name} belongs to {title(standing)}"
                raise Refused(ErrorCode.TAKEN, message)
            return {}

        return self._after(wanted.name, self._alter(wanted.name, edit))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Set these fields in the record."""

        def edit(snapshot: Snapshot) -> Mapping[str, Record | None]:
            standing = self._standing(snapshot, found.name)
            return {found.name: self._changed(standing, fields)}

        return self._after(found.name, self._alter(found.name, edit))

    def delete(self, found: Found) -> None:
        """Remove the record. Raises Refused (CONFLICT) while a frontend needs it to serve."""

        def edit(snapshot: Snapshot) -> Mapping[str, Record | None]:
            standing = snapshot.of(self.kind).get(found.name)
            users = snapshot.users(standing) if standing is not None else ()
            if users:
                message = f"{self.kind} {found.name} is in use by {', '.join(users)}"
                raise Refused(ErrorCode.CONFLICT, message)
            return {found.name: None}

        self._plane.alter(self.kind, edit)

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Give the record these owner's labels instead of those it has."""

        def edit(snapshot: Snapshot) -> Mapping[str, Record | None]:
            standing = self._standing(snapshot, found.name)
            return {found.name: replace(standing, labels=dict(labels))}

        return self._after(found.name, self._plane.alter(self.kind, edit))

    def _creation(self, wanted: Wanted, snapshot: Snapshot) -> Mapping[str, Record | None]:
        """What to write for a new object, given all others."""
        return {wanted.name: self._record(wanted, wanted.fields)}

    def _changed(self, standing: Record, fields: Mapping[str, Any]) -> Record:
        return replace(standing, fields={**standing.fields, **fields})

    def _found(self, records: Iterable[Record]) -> Iterable[Found]:
        """Records as the engine sees them."""
        return [self._told(each) for each in records]

    def _told(self, record: Record, reason: str = "", **live: Any) -> Found:
        """One record, with what is read from the machine."""
        return replace(record.found(reason=reason, **live), version=record.version)

    def _alter(self, name: str, edit: Any) -> Snapshot:
        return self._plane.alter(self.kind, edit)

    def _after(self, name: str, snapshot: Snapshot) -> Found:
        """The object of that name as it is now."""
        return next(iter(self._found([self._standing(snapshot, name)])))

    def _record(self, wanted: Wanted, fields: Mapping[str, Any]) -> Record:
        now = iso(self._plane.clock.now())
        return Record(
            self.kind,
            wanted.name,
            wanted.name,
            wanted.place,
            dict(fields),
            dict(wanted.labels),
            now,
            wanted.token,
        )

    def _standing(self, snapshot: Snapshot, name: str) -> Record:
        standing = snapshot.of(self.kind).get(name)
        if standing is None:
            raise Refused(ErrorCode.NOT_FOUND, f"{self.kind} {name} is gone")
        return standing
