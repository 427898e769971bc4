"""Kind local.mount: where the files of an image are, or a read-only view of a folder.

Fields: `source`, the volume as {"kind", "id"}; `type`, ext4, xfs or bind; `options`; `read_only`;
`mounted`, which is always wanted and is false after a restart of the machine. Found besides:
`path`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record
from cloudabstract_local.root import Root
from cloudabstract_local.volumes import bodies, images, kinds, loops, mounts

from .linked import Linked

_ALWAYS = ("nosuid", "nodev")  # an image may come from anywhere


class MountDriver(Linked):
    """Mounts and unmounts."""

    def __init__(self, root: Root) -> None:
        super().__init__(root, kinds.MOUNT, "mounts")

    def _admit(self, wanted: Wanted) -> None:
        """Each has an object of its own; nothing can be in the way."""

    def _live(self, record: Record) -> Mapping[str, Any]:
        return {"mounted": self._is_mounted(record), "path": str(self._path(record.name))}

    def _connect(self, record: Record) -> None:
        if self._is_mounted(record):
            return
        self._disconnect(record)  # something else, or mounted otherwise
        body = self._body(record)
        point = self._empty_point(record.name)
        options = ",".join(self._options(record, body.format))
        if record.fields["type"] == "bind":
            mounts.bind(body.path, point, options)
        else:
            with bodies.lock(self._root, body), images.unchanging(body.path):
                mounts.mount_image(body.path, point, body.format, options)

    def _disconnect(self, record: Record) -> None:
        point = self._path(record.name)
        while mounts.at(point) is not None:
            mounts.unmount(point)

    def _is_mounted(self, record: Record) -> bool:
        point = self._path(record.name)
        mount = mounts.at(point)
        if mount is None:
            return False
        try:
            body = self._body(record)
        except Refused:
            return False
        if body.is_folder:
            return os.path.samefile(point, body.path) and mount.read_only
        here = mount.device in {loop.number for loop in loops.of(body.path)}
        return here and mount.read_only == record.fields["read_only"]

    def _body(self, record: Record) -> bodies.Body:
        source = record.fields["source"]
        return bodies.find(self._root, source["kind"], source["id"])

    @staticmethod
    def _options(record: Record, form: str) -> list[str]:
        access = "ro" if record.fields["read_only"] else "rw"
        extra = ["nouuid"] if form == "xfs" else []  # a copy has the uuid of its origin
        return list(dict.fromkeys([access, *_ALWAYS, *extra, *record.fields["options"]]))
