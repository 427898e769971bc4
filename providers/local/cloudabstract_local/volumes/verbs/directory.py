"""Kind local.directory: a folder. Many may write to it; nothing enforces its size.

Fields: `size`, as asked for; `source`, what it begins as a copy of. Found besides: `path`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudabstract.provider import Found, Wanted
from cloudabstract_local.records import Record
from cloudabstract_local.root import Root
from cloudabstract_local.volumes import bodies, copies, faults, kinds, trees
from cloudabstract_local.volumes.bodies import Body
from cloudabstract_local.volumes.pool import Pool

from .precious import Precious

_UNIT = 2**20  # bytes


class DirectoryDriver(Precious):
    """Makes and removes folders."""

    def __init__(self, root: Root, pool: Pool) -> None:
        super().__init__(root, kinds.DIRECTORY)
        self._pool = pool

    def create(self, wanted: Wanted) -> Found:
        """Make it, empty or as a copy. Raises Refused; nothing of it is left then."""
        room = self._pool.room(wanted.name, int(wanted.fields.get("size", 0)))

        def fill(path: Path) -> Mapping[str, Any]:
            return self._fill(path, wanted)

        return self._found(self._shelf.make(wanted, fill, room, folder=True))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Note the new size. Raises Refused (INVALID) for anything else, shrinking included."""
        other = sorted(fields.keys() - {"size"})
        if other:
            raise faults.invalid(f"{', '.join(other)} of {found.id} cannot change")
        name = bodies.record_name(found.id)
        with self._shelf.stage.lock(name):
            standing = self._shelf.records.read(name)
            size = int(fields.get("size", 0))
            if standing is not None and size < standing.fields.get("size", 0):
                raise faults.invalid(f"{found.id} cannot shrink to {size} bytes (VO001)")
            with self._pool.room(name, size):
                record = self._shelf.records.change(name, fields)
        return self._found(record or Record(found.kind, name, found.id, found.place, {}, {}))

    def _noted(self, found: Found) -> Mapping[str, Any]:
        """The size that it was told to have when it was found."""
        return {"size": found.fields["size"]} if "size" in found.fields else {}

    def _live(self, body: Body, record: Record) -> tuple[Mapping[str, Any], str]:
        """A stranger's folder has what is in it, rounded up; nothing is counted of our own."""
        if record.labels or "size" in record.fields or not bodies.is_import(record.id):
            return {}, ""
        return {"size": -(-max(trees.size(body.path), 1) // _UNIT) * _UNIT}, ""

    def _fill(self, path: Path, wanted: Wanted) -> Mapping[str, Any]:
        source = wanted.fields.get("source")
        if source:
            origin = bodies.find(self._root, source["kind"], source["id"])
            if not origin.is_folder:
                remedy = "ask for a volume of the same medium as its source"
                raise faults.invalid(f"{origin.id} is an image and cannot become a folder", remedy)
            copies.tree(origin.path, path)
        return {}
