"""Kind local.loop: the block device of an image, for volumeMode Block.

Fields: `source`, the image as {"kind", "id"}; `read_only`; `attached`, which is always wanted and
is false after a restart of the machine. Found besides: `path`, the device; its number may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record
from cloudabstract_local.root import Root
from cloudabstract_local.volumes import bodies, kinds, loops

from .linked import Linked


class LoopDriver(Linked):
    """Sets loop devices up and removes them."""

    def __init__(self, root: Root) -> None:
        super().__init__(root, kinds.LOOP, "devices")

    def _admit(self, wanted: Wanted) -> None:
        """Each has an object of its own; nothing can be in the way."""

    def _live(self, record: Record) -> Mapping[str, Any]:
        standing = self._standing(record)
        device = standing[0].device if standing else ""
        return {"attached": bool(standing), "path": device}

    def _connect(self, record: Record) -> None:
        if not self._standing(record):
            loops.attach(self._body(record).path, record.fields["read_only"])

    def _disconnect(self, record: Record) -> None:
        if self._standing(record):
            loops.detach(self._body(record).path)

    def _standing(self, record: Record) -> tuple[loops.Loop, ...]:
        try:
            return loops.of(self._body(record).path)
        except Refused:
            return ()

    def _body(self, record: Record) -> bodies.Body:
        source = record.fields["source"]
        return bodies.find(self._root, source["kind"], source["id"])
