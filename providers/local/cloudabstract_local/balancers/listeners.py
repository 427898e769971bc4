"""Frontends of balancers. What is found says whether Envoy really serves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Found, Wanted
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record

from .kinds import LISTENER
from .plane import Edit, Plane
from .recorded import RecordedDriver
from .snapshot import LEAVING, Snapshot, owner, title

_SEAT = ("address", "port", "protocol")


class ListenerDriver(RecordedDriver):
    """The verbs for `local.listener`.

    `serving` is wanted to be true, and found false whenever Envoy is dead, was told something else
    by others, or cannot have the port: so the next turn sees it, and an update repairs it.
    """

    def __init__(self, plane: Plane) -> None:
        super().__init__(LISTENER.name, plane)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Set these fields; that Envoy then serves the frontend, or this raises."""
        updated = super().update(found, fields)
        if "drain" in fields:
            self._plane.retire()  # it moved to another Envoy; its old one may be without listeners
        return updated

    def delete(self, found: Found) -> None:
        """Take no more traffic, let open connections end, then forget it.

        The record goes last: if we are killed while connections end, it is found and deleted again.
        """

        def leave(snapshot: Snapshot) -> Mapping[str, Record | None]:
            standing = snapshot.of(self.kind).get(found.name)
            return {} if standing is None else {found.name: _leaving(standing)}

        self._plane.alter(self.kind, leave)
        self._plane.retire()
        super().delete(found)

    def _creation(self, wanted: Wanted, snapshot: Snapshot) -> Mapping[str, Record | None]:
        record = self._record(wanted, wanted.fields)
        followed: dict[str, Record | None] = {}
        for name, each in snapshot.of(self.kind).items():
            if each.fields.get(LEAVING) or _seat(each) != _seat(record):
                continue
            if owner(each) != owner(record):
                where = "{}:{}/{}".format(*_seat(record))
                message = f"{where} is taken by {title(each)}"
                raise Refused(ErrorCode.EXHAUSTED, message, "choose another port or address")
            followed[name] = _leaving(each)  # the same balancer's, under its former name
        return {**followed, wanted.name: record}

    def _changed(self, standing: Record, fields: Mapping[str, Any]) -> Record:
        return super()._changed(standing, {**fields, LEAVING: False})

    def _found(self, records: Iterable[Record]) -> Iterable[Found]:
        taken = list(records)
        troubles = self._plane.troubles() if taken else {}
        for record in taken:
            gone = record.fields.get(LEAVING, False)
            trouble = troubles.get(record.name, "it is being removed" if gone else "")
            yield self._told(record, trouble, serving=not trouble)

    def _after(self, name: str, snapshot: Snapshot) -> Found:
        """It serves, or the change would have been refused."""
        return self._told(self._standing(snapshot, name), serving=True)

    def _alter(self, name: str, edit: Edit) -> Snapshot:
        return self._plane.alter(self.kind, edit, subject=name)


def _leaving(record: Record) -> Record:
    return replace(record, fields={**record.fields, LEAVING: True})


def _seat(record: Record) -> tuple[Any, ...]:
    return tuple(record.fields[each] for each in _SEAT)
