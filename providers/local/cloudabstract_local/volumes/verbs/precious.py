"""What the drivers of objects with data share: finding, adopting, marking and ending them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.provider import Batch, Found, Health, Whose
from cloudabstract_local import records as recording
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record
from cloudabstract_local.root import Root
from cloudabstract_local.volumes import bodies, usage
from cloudabstract_local.volumes.bodies import Body
from cloudabstract_local.volumes.shelf import Shelf


class Precious:
    """A kind of objects with data; those who extend it know what is in them."""

    def __init__(self, root: Root, kind: str) -> None:
        self._root = root
        self._kind = kind
        self._shelf: Shelf = bodies.shelf(root, kind)

    def observe(self, batch: Batch) -> Iterable[Found]:
        """Ours, and what stands in `imports` under an id of `batch`."""
        scan, standing = self._shelf.scan(batch)
        imported = [each for each in recording.select(batch, scan) if bodies.is_import(each.id)]
        found = [*self._all_found([*standing, *imported])]
        unknown = (batch.ids | self._strangers(batch)) - {each.id for each in scan.records}
        for id_ in sorted(filter(bodies.is_import, unknown)):
            stranger = Record(self._kind, bodies.record_name(id_), id_, batch.place, {}, {})
            found.extend(self._all_found([stranger]))
        return recording.observed(batch, scan, found)

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Set the owner's labels. What was adopted is forgotten with its last label."""
        if not bodies.is_import(found.id):
            return self._found(self._shelf.mark(found.name, labels))
        name = bodies.record_name(found.id)
        with self._shelf.stage.lock(name):
            kept = {**self._noted(found), **self._kept(name)}
            record = Record(self._kind, name, found.id, found.place, kept, dict(labels))
            if labels:
                self._shelf.records.write(record)
            else:
                self._shelf.records.remove(name)
        return self._found(record)

    def delete(self, found: Found) -> None:
        """Remove the bytes and the record. Raises Refused (CONFLICT) while it is in use."""
        if bodies.is_import(found.id):
            self._shelf.records.remove(bodies.record_name(found.id))  # it was there before us
            return
        usage.let_go(self._root.path, self._shelf.path(found.name))
        self._shelf.end(found.name)

    def _strangers(self, batch: Batch) -> frozenset[str]:
        """What stands in `imports`, for a batch that asks for anybody's."""
        if batch.whose is not Whose.ANYBODY:
            return frozenset()
        return frozenset(bodies.imported(self._root, self._kind))

    def _noted(self, found: Found) -> Mapping[str, Any]:
        """What is to be remembered of an import from the moment when it becomes ours."""
        return {}

    def _live(self, body: Body, record: Record) -> tuple[Mapping[str, Any], str]:
        """Fields as they are now, and why the object cannot be used, "" if it can."""
        return {}, ""

    def _found(self, record: Record) -> Found:
        body = bodies.find(self._root, self._kind, record.id)
        live, broken = self._live(body, record)
        health = Health.FAILED if broken else Health.READY
        return record.found(health, broken, path=str(body.path), **live)

    def _all_found(self, records: Iterable[Record]) -> Iterator[Found]:
        for record in records:
            own = not bodies.is_import(record.id)
            if own and not self._shelf.stage.exists(record.name):
                yield record.found(Health.PENDING, "it is being made")
                continue
            try:
                yield self._found(record)
            except (Refused, FileNotFoundError):
                continue  # gone since it was listed

    def _kept(self, name: str) -> Mapping[str, Any]:
        standing = self._shelf.records.read(name)
        return {} if standing is None else standing.fields
