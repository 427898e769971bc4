"""Kind local.attachment: a path of its own by which a consumer uses a volume.

Reading and writing: a symbolic link to where the volume is. Reading only: a mount of its own that
refuses writes. Fields: `volume`, its id; `via`, the mount, device or body it leads to, as {"kind",
"id"}; `read_only`; `alone`, that no other attachment may stand beside it (ReadWriteOncePod);
`attached`, which is always wanted. Found besides: `path`, and `target`, where it leads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import Record, Records
from cloudabstract_local.root import Root
from cloudabstract_local.volumes import bodies, faults, kinds, loops, mounts

from .linked import Linked


class AttachmentDriver(Linked):
    """Attaches and detaches."""

    def __init__(self, root: Root) -> None:
        super().__init__(root, kinds.ATTACHMENT, "attachments")

    def _admit(self, wanted: Wanted) -> None:
        for other in self._records.list():
            same = other.fields["volume"] == wanted.fields["volume"]
            if same and (other.fields["alone"] or wanted.fields["alone"]):
                raise faults.busy(str(wanted.fields["volume"]), [f"attachment {other.name}"])

    def _live(self, record: Record) -> Mapping[str, Any]:
        path, target = self._path(record.name), self._target(record)
        attached = target != "" and self._leads_to(record, target)
        return {"attached": attached, "path": str(path), "target": target}

    def _connect(self, record: Record) -> None:
        target = self._target(record)
        if not target:
            raise faults.missing(f"{record.fields['via']['id']} is not there to attach")
        if self._leads_to(record, target):
            return
        self._disconnect(record)
        if record.fields["read_only"]:
            self._show(record.name, Path(target))
        else:
            self._link(record.name, target)

    def _disconnect(self, record: Record) -> None:
        path = self._path(record.name)
        while mounts.at(path) is not None:
            mounts.unmount(path)
        if path.is_symlink():
            self._clear(record.name)

    def _leads_to(self, record: Record, target: str) -> bool:
        path = self._path(record.name)
        if not record.fields["read_only"]:
            return path.is_symlink() and os.readlink(path) == target
        mount = mounts.at(path)
        return mount is not None and mount.read_only and os.path.samefile(path, target)

    def _target(self, record: Record) -> str:
        """Where the volume is now; "" when it is not there."""
        kind, id_ = record.fields["via"]["kind"], record.fields["via"]["id"]
        if kind == kinds.MOUNT:
            point = self._root.folder("mounts").path / id_
            return str(point) if mounts.at(point) else ""
        try:
            return self._device(id_) if kind == kinds.LOOP else self._body(kind, id_)
        except Refused:
            return ""

    def _device(self, name: str) -> str:
        loop = Records(self._root, kinds.LOOP).read(name)
        if loop is None:
            return ""
        source = loop.fields["source"]
        standing = loops.of(bodies.find(self._root, source["kind"], source["id"]).path)
        return standing[0].device if standing else ""

    def _body(self, kind: str, id_: str) -> str:
        return str(bodies.find(self._root, kind, id_).path)

    def _link(self, name: str, target: str) -> None:
        with self._folder.opened(create=True) as folder:
            os.symlink(target, name, dir_fd=folder)

    def _show(self, name: str, target: Path) -> None:
        if not target.is_dir():
            raise faults.invalid(
                f"{target} cannot be attached for reading only",
                "give the volume accessModes [ReadOnlyMany], or leave readOnly out",
            )
        mounts.bind(target, self._empty_point(name), "ro,nosuid,nodev")
