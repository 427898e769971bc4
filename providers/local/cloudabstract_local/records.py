"""The provider's database: one JSON file for each native object, in a folder of its kind.

The owner's labels are in the same file, hence in the same write that makes the object: no object is
ever without an owner. Nothing else remembers anything, so losing every cache loses no object.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from cloudabstract.clock import Clock, SystemClock, iso
from cloudabstract.provider import Batch, Found, Health, Incomplete, Wanted

from .root import Root, UnsafeError

_SUFFIX = ".json"


@dataclass(frozen=True)
class Record:
    """One object as it is on disk. `fields` uses the words of `Part.want`."""

    kind: str
    name: str
    id: str
    place: str
    fields: Mapping[str, Any]
    labels: Mapping[str, str]
    created: str = ""  # RFC 3339, UTC
    token: str = ""  # of the attempt that made it

    @property
    def version(self) -> str:
        """Changes whenever the fields or labels do, and only then."""
        text = json.dumps([self.fields, self.labels], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def found(self, health: Health = Health.READY, reason: str = "", **live: Any) -> Found:
        """This record as the engine sees it, with `live` fields read from the machine."""
        fields = {**self.fields, **live}
        return Found(self.kind, self.id, self.name, self.place, fields, self.labels, health, reason)


@dataclass(frozen=True)
class Scan:
    """All records of a kind, and the files that are none, as messages for people."""

    records: tuple[Record, ...]
    torn: tuple[str, ...] = field(default=())


class TornError(ValueError):
    """A record's file that cannot be read as one; the message names it."""


class Records:
    """The records of one kind below `root`."""

    def __init__(self, root: Root, kind: str, clock: Clock | None = None) -> None:
        self.kind = kind
        self._all = root.folder("records")
        self._folder = self._all.folder(kind)
        self._clock = clock or SystemClock()

    def scan(self) -> Scan:
        """Every record, sorted by name, and what stands there that is none."""
        records, torn = [], []
        for file in self._folder.names():
            try:
                record = self._read(file)
            except (TornError, UnsafeError, OSError) as error:
                torn.append(str(error))
                continue
            if record is not None:
                records.append(record)
        return Scan(tuple(records), tuple(torn))

    def list(self) -> tuple[Record, ...]:
        """Every record that can be read, sorted by name."""
        return self.scan().records

    def read(self, name: str) -> Record | None:
        """The record of that name; None when there is none. Raises TornError, UnsafeError."""
        return self._read(name + _SUFFIX)

    def add(self, wanted: Wanted, **more: Any) -> Record:
        """Make the record of `wanted`, or return the one that stands: a name has one record."""
        standing = self.read(wanted.name)
        if standing is not None:
            return standing
        fields = {**wanted.fields, **more}
        place, labels, created = wanted.place, dict(wanted.labels), iso(self._clock.now())
        record = Record(
            self.kind, wanted.name, wanted.name, place, fields, labels, created, wanted.token
        )
        return self.write(record)

    def write(self, record: Record) -> Record:
        """Replace the record of that name as a whole."""
        text = json.dumps(asdict(record), indent=1, sort_keys=True)
        self._folder.write(record.name + _SUFFIX, text.encode() + b"\n")
        return record

    def change(self, name: str, fields: Mapping[str, Any]) -> Record | None:
        """Set `fields` in the record of that name; None when it is gone."""
        standing = self.read(name)
        if standing is None:
            return None
        return self.write(replace(standing, fields={**standing.fields, **fields}))

    def remove(self, name: str) -> bool:
        """Remove the record of that name, and folders that are empty then; False if absent."""
        removed = self._folder.remove(name + _SUFFIX)
        if self._folder.dissolve():
            self._all.dissolve()
        return removed

    def _read(self, file: str) -> Record | None:
        try:
            content = self._folder.read(file)
        except FileNotFoundError:
            return None  # removed between listing and reading
        where = self._folder.path / file
        try:
            record = Record(**json.loads(content))
        except (ValueError, TypeError, RecursionError) as error:
            raise TornError(f"{where} is not a record: {error}; restore or remove it") from error
        if record.kind != self.kind or record.name + _SUFFIX != file or not _sound(record):
            raise TornError(f"{where} is not a record of {self.kind}: restore or remove it")
        return record


def select(batch: Batch, scan: Scan) -> tuple[Record, ...]:
    """The records that `batch` asks for: by labels, and besides by name or id."""
    return tuple(each for each in scan.records if _asked_for(batch, each))


def observed(batch: Batch, scan: Scan, found: Iterable[Found]) -> tuple[Found, ...]:
    """`found`, if everything could be read. Raises Incomplete: absence proves nothing then."""
    seen = tuple(found)
    if scan.torn:
        raise Incomplete(seen, "; ".join(scan.torn))
    return seen


def _asked_for(batch: Batch, record: Record) -> bool:
    if record.place != batch.place:
        return False
    if record.name in batch.names or record.id in batch.ids:
        return True
    return batch.takes(record.labels)


def _sound(record: Record) -> bool:
    texts = (record.id, record.place, record.created, record.token, *record.labels.values())
    return isinstance(record.fields, dict) and all(isinstance(each, str) for each in texts)
