"""Kind local.image: a sparse file of the volume's size, with a filesystem in it or without.

Fields: `size` in bytes; `format`, ext4, xfs or raw; `source`, what it begins as a copy of, as
{"kind", "id"}. Found besides: `path`. `made` is the size that the filesystem got when `size` was
asked for: as long as it has that, the size is the asked one, else what it really has.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudabstract.provider import Found, Wanted
from cloudabstract_local.records import Record
from cloudabstract_local.root import Root
from cloudabstract_local.volumes import bodies, faults, images, kinds, limits, superblock
from cloudabstract_local.volumes.bodies import Body
from cloudabstract_local.volumes.pool import Pool
from cloudabstract_local.volumes.probe import Abilities

from .precious import Precious


class ImageDriver(Precious):
    """Makes, grows and removes images."""

    def __init__(self, root: Root, pool: Pool, able: Abilities) -> None:
        super().__init__(root, kinds.IMAGE)
        self._pool = pool
        self._able = able

    def create(self, wanted: Wanted) -> Found:
        """Make it, empty or as a copy. Raises Refused; nothing of it is left then."""
        room = self._pool.room(wanted.name, wanted.fields["size"])
        return self._found(self._shelf.make(wanted, lambda path: self._fill(path, wanted), room))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Grow it to `size`. Raises Refused (INVALID) for anything else, shrinking included."""
        other = sorted(fields.keys() - {"size"})
        if other:
            raise faults.invalid(f"{', '.join(other)} of {found.id} cannot change")
        name = bodies.record_name(found.id)
        with self._shelf.stage.lock(name):
            body = bodies.find(self._root, kinds.IMAGE, found.id)
            size = fields.get("size", 0)
            if size < images.size_inside(body.path, body.format):
                raise faults.invalid(f"{found.id} cannot shrink to {size} bytes (VO001)")
            with self._pool.room(name, size):
                images.grow(body.path, body.format, size, self._able)
                self._shelf.records.change(name, self._sizes(body.path, body.format, size))
        record = self._shelf.records.read(name)
        return self._found(record or Record(found.kind, name, found.id, found.place, {}, {}))

    def _fill(self, path: Path, wanted: Wanted) -> Mapping[str, Any]:
        form, size, source = (wanted.fields.get(each) for each in ("format", "size", "source"))
        if not isinstance(form, str) or not isinstance(size, int):
            raise faults.invalid(f"{wanted.name} needs a format and a size")
        if not source:
            images.make(path, form, size)
            return self._sizes(path, form, size)
        origin = bodies.find(self._root, source["kind"], source["id"])
        if origin.format != form:
            raise faults.invalid(
                f"{origin.id} is {origin.format} and cannot become {form}",
                "ask for a volume of the same medium, mode and fsType as its source",
            )
        with bodies.lock(self._root, origin):
            how = images.make_copy(path, origin, size)
        return {**self._sizes(path, form, size), "copied": how}

    def _noted(self, found: Found) -> Mapping[str, Any]:
        """The size that one asks for to get just what it has."""
        has = found.fields["size"]
        return {"size": limits.of(found.fields["format"]).rounded(has), "made": has}

    def _live(self, body: Body, record: Record) -> tuple[Mapping[str, Any], str]:
        form = str(record.fields.get("format", body.format))
        if form not in ("raw", superblock.read(body.path).format):
            return {"format": form}, f"there is no {form} in {body.path} any more"
        size = images.size_inside(body.path, form)
        if size == record.fields.get("made"):
            size = record.fields["size"]
        return {"size": size, "format": form}, ""

    @staticmethod
    def _sizes(path: Path, form: str, size: int) -> Mapping[str, Any]:
        return {"size": size, "made": images.size_inside(path, form)}
