"""The limit for the sum of all volumes of a root, where its settings have one.

Images are sparse: without a limit more can be promised than the disk holds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from cloudabstract.model import format_quantity
from cloudabstract_local.records import Records
from cloudabstract_local.root import Root

from . import faults, kinds


class Pool:
    """At most `limit` bytes of volumes below `root`; any number when it is None."""

    def __init__(self, root: Root, limit: int | None) -> None:
        self._root = root
        self._limit = limit

    @contextlib.contextmanager
    def room(self, name: str, size: int) -> Iterator[None]:
        """Keep room for volume `name` of `size` bytes until it is recorded.

        Raises Refused (EXHAUSTED) when the sum of all volumes would go over the limit.
        """
        if self._limit is None:
            yield
            return
        with self._root.lock("pool"):
            used = self._used_besides(name)
            if used + size > self._limit:
                raise faults.full(
                    f"{format_quantity(size)} for {name} would make {format_quantity(used + size)}"
                    f" of volumes; the limit is {format_quantity(self._limit)}",
                    "raise `capacity` of the target, or delete volumes",
                )
            yield

    def _used_besides(self, name: str) -> int:
        return sum(
            int(record.fields.get("size", 0))
            for kind in (kinds.IMAGE, kinds.DIRECTORY)
            for record in Records(self._root, kind).list()
            if record.name != name
        )
