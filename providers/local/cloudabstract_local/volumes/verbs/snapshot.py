"""Kind local.snapshot: a full copy of an image or a folder, which needs its origin no more.

Fields: `source`, what is copied, as {"kind", "id"}. Found besides: `size`, the bytes that a restore
needs; `format`; `copied`, how still the origin stood; `path`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudabstract.provider import Found, Wanted
from cloudabstract_local.root import Root
from cloudabstract_local.volumes import bodies, copies, faults, images, kinds
from cloudabstract_local.volumes.bodies import Body

from .precious import Precious


class SnapshotDriver(Precious):
    """Takes and removes snapshots."""

    def __init__(self, root: Root) -> None:
        super().__init__(root, kinds.SNAPSHOT)

    def create(self, wanted: Wanted) -> Found:
        """Copy the source as it is now. Raises Refused (INVALID) without a source."""
        standing = self._shelf.records.read(wanted.name)
        if standing is not None and self._shelf.stage.exists(wanted.name):
            return self._found(self._shelf.make(wanted, lambda _: {}))
        source = wanted.fields.get("source")
        if not source:
            raise faults.invalid(f"the source of {wanted.name} is not known any more")
        origin = bodies.find(self._root, source["kind"], source["id"])

        def fill(path: Path) -> Mapping[str, Any]:
            return self._fill(path, origin)

        return self._found(self._shelf.make(wanted, fill, folder=origin.is_folder))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Nothing of a snapshot can change. Raises Refused (INVALID)."""
        raise faults.invalid(f"{', '.join(sorted(fields))} of {found.id} cannot change")

    def _fill(self, path: Path, origin: Body) -> Mapping[str, Any]:
        record = bodies.shelf(self._root, origin.kind).records.read(bodies.record_name(origin.id))
        with (
            bodies.lock(self._root, origin),
            images.unchanging(origin.path, but_by_us=False),
            images.still(origin) as how,
        ):
            (copies.tree if origin.is_folder else copies.file)(origin.path, path)
        told = 0 if record is None else int(record.fields.get("size", 0))
        size = told if origin.is_folder else path.stat().st_size
        return {"size": size, "format": origin.format, "copied": how}
