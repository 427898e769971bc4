"""Objects that hold data: each a record with its owner's labels, and a body with the bytes.

What images, directories and snapshots share: making one that is whole or not there, finding them,
marking them, and ending them. What is *in* a body is the business of those who use this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloudabstract.provider import STACK, Batch, Wanted
from cloudabstract_local.records import Record, Records, Scan, select
from cloudabstract_local.root import Root

from . import faults
from .stage import Stage

Filled = Mapping[str, Any]  # fields to be recorded besides the wanted ones


class Shelf:
    """The objects of one kind in one folder."""

    def __init__(self, root: Root, kind: str, folder: str, suffix: str) -> None:
        self.records = Records(root, kind)
        self.stage = Stage(root, folder, suffix, self.records)

    def path(self, name: str) -> Path:
        """Where the body of the object is."""
        return self.stage.path(name)

    def make(
        self,
        wanted: Wanted,
        fill: Callable[[Path], Filled],
        room: AbstractContextManager[None] | None = None,
        folder: bool = False,
    ) -> Record:
        """The record of `wanted`; when it is new, `fill` puts the bytes into an empty body first.

        The body is a file or a folder. `room` is held while it comes into being, and may refuse.
        Raises Refused: TAKEN for a stranger's name, INVALID when the data has vanished.
        """
        with self.stage.lock(wanted.name):
            self.stage.settle(wanted.name)
            standing = self._standing(wanted)
            if standing is not None:
                return standing
            with self.stage.making(wanted.name, folder) as body:
                more = fill(body)
                with room or nullcontext():
                    return self._bring_in(wanted, more)

    def end(self, name: str) -> None:
        """Remove the object with its bytes; absence is success."""
        with self.stage.lock(name):
            self.stage.settle(name)
            self.stage.discard(name)

    def scan(self, batch: Batch) -> tuple[Scan, tuple[Record, ...]]:
        """All records, and those that `batch` asks for and that have a body or will have one."""
        self.stage.sweep()
        scan = self.records.scan()
        chosen = [
            each
            for each in select(batch, scan)
            if self.stage.exists(each.name) or self.stage.under_way(each.name)
        ]
        return scan, tuple(chosen)

    def mark(self, name: str, labels: Mapping[str, str]) -> Record:
        """Make `labels` the owner's labels. Raises Refused (NOT_FOUND)."""
        with self.stage.lock(name):
            standing = self.records.read(name)
            if standing is None:
                raise faults.missing(f"{self.records.kind} {name} does not exist")
            return self.records.write(replace(standing, labels=dict(labels)))

    def _standing(self, wanted: Wanted) -> Record | None:
        """The finished object of that name, if it is the one that is wanted."""
        record = self.records.read(wanted.name)
        if record is None:
            return None
        if record.labels.get(STACK) != wanted.labels.get(STACK):
            raise faults.taken(wanted.name)
        if self.stage.exists(wanted.name):
            return record
        if record.token == wanted.token:
            raise self._vanished(wanted.name)
        self.records.remove(wanted.name)  # a new token: it is known that the old one died
        return None

    def _bring_in(self, wanted: Wanted, more: Filled) -> Record:
        record = self.records.add(wanted, **more)
        try:
            self.stage.commit(wanted.name)
        except BaseException:
            self.records.remove(wanted.name)
            raise
        return record

    def _vanished(self, name: str) -> Exception:
        return faults.invalid(
            f"the data of {name} was at {self.path(name)} and has vanished (VO016)",
            f"put it back; or remove records/{self.records.kind}/{name}.json in the root, which "
            "gives the data up",
        )
