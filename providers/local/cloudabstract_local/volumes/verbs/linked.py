"""What the drivers of mounts, loop devices and attachments share: a record, and a live connection.

The record comes first and goes last, so that nothing lives that nobody owns. The connection is
looked at anew each time: after a restart of the machine it is gone, the record says that it is
wanted, and `update` makes it again.
"""

from __future__ import annotations

import abc
import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloudabstract.provider import STACK, Batch, Found, Wanted
from cloudabstract_local import records as recording
from cloudabstract_local.records import Record, Records
from cloudabstract_local.root import Root, checked
from cloudabstract_local.volumes import faults, mounts, trees


class Linked(abc.ABC):
    """A kind whose objects have a name in `folder`, where they can be found by people."""

    def __init__(self, root: Root, kind: str, folder: str) -> None:
        self._root = root
        self._records = Records(root, kind)
        self._folder = root.folder(folder)

    def observe(self, batch: Batch) -> Iterable[Found]:
        """Ours, each with its live state."""
        scan = self._records.scan()
        found = [each.found(**self._live(each)) for each in recording.select(batch, scan)]
        return recording.observed(batch, scan, found)

    def create(self, wanted: Wanted) -> Found:
        """Record and connect it; what an earlier attempt recorded is connected. Raises Refused."""
        with self._locked(wanted.name):
            standing = self._records.read(wanted.name)
            if standing is not None and standing.labels.get(STACK) != wanted.labels.get(STACK):
                raise faults.taken(wanted.name)
            if standing is None:
                self._admit(wanted)
            record = standing or self._records.add(wanted)
            self._connect(record)
            return record.found(**self._live(record))

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Set fields and connect it again, if it is not or not so. Raises Refused."""
        with self._locked(found.name):
            before = self._records.read(found.name)
            if before is None:
                raise faults.missing(f"{found.kind} {found.name} does not exist")
            record = self._records.change(found.name, fields) or before
            if record.fields != before.fields:
                self._disconnect(before)
            self._connect(record)
            return record.found(**self._live(record))

    def delete(self, found: Found) -> None:
        """Disconnect it and remove every trace. Raises Refused (CONFLICT) while it is in use."""
        with self._locked(found.name):
            record = self._records.read(found.name)
            if record is None:
                return
            self._disconnect(record)
            self._clear(found.name)
            self._records.remove(found.name)

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Make `labels` the owner's labels; the connection stays as it is. Raises Refused."""
        with self._locked(found.name):
            standing = self._records.read(found.name)
            if standing is None:
                raise faults.missing(f"{found.kind} {found.name} does not exist")
            record = self._records.write(replace(standing, labels=dict(labels)))
            return record.found(**self._live(record))

    @abc.abstractmethod
    def _admit(self, wanted: Wanted) -> None:
        """Raise Refused when `wanted` cannot stand beside what there is."""

    @abc.abstractmethod
    def _live(self, record: Record) -> Mapping[str, Any]:
        """Fields as they are now."""

    @abc.abstractmethod
    def _connect(self, record: Record) -> None:
        """Make the connection; one that stands is success."""

    @abc.abstractmethod
    def _disconnect(self, record: Record) -> None:
        """Undo the connection; absence is success."""

    def _locked(self, name: str) -> AbstractContextManager[None]:
        return self._root.lock(f"{self._folder.path.name}.{checked(name)}")

    def _path(self, name: str) -> Path:
        return self._folder.path / checked(name)

    def _empty_point(self, name: str) -> Path:
        """An empty folder to mount on. Raises Refused (INVALID) rather than hide files in it."""
        with self._folder.folder(name).opened(create=True) as point:
            left = os.listdir(point)
        path = self._path(name)
        if left and mounts.at(path) is None:
            raise faults.invalid(
                f"{path} holds {left[0]!r}, written while nothing was mounted there",
                "move it away, then run again",
            )
        return path

    def _clear(self, name: str) -> None:
        """Remove the folder or link by which people find it."""
        path = self._path(name)
        if not path.is_symlink() and path.is_dir() and any(path.iterdir()):
            self._empty_point(name)
        try:
            with self._folder.opened() as folder:
                trees.remove(name, folder)
        except FileNotFoundError:
            return
