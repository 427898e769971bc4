"""From the id of a volume or snapshot to the file or folder that has its bytes.

The id of our own is its name. One that was there before us lies in the folder `imports` of the
root, and its id is `imports/<name>`: nothing outside of the root is ever touched, and a symbolic
link is not followed.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cloudabstract_local.root import Root, UnsafeError, checked

from . import faults, kinds, superblock
from .shelf import Shelf

IMPORTS = "imports"


@dataclass(frozen=True)
class Body:
    """Where the bytes of object `id` are; `format` is ext4, xfs, raw or directory."""

    kind: str
    id: str
    path: Path
    format: str

    @property
    def is_folder(self) -> bool:
        return self.format == "directory"


_FOLDERS = {
    kinds.IMAGE: ("images", ".img"),
    kinds.DIRECTORY: ("directories", ""),
    kinds.SNAPSHOT: ("snapshots", ""),
}


def shelf(root: Root, kind: str) -> Shelf:
    """Where the objects of `kind` stand."""
    return Shelf(root, kind, *_FOLDERS[kind])


def is_import(id_: str) -> bool:
    """Whether `id_` is of the form `imports/<name>`."""
    folder, _, name = id_.partition("/")
    if folder != IMPORTS:
        return False
    try:
        checked(name)
    except UnsafeError:
        return False
    return True


def imported(root: Root, kind: str) -> Iterator[str]:
    """The ids of everything in `imports` that is of this kind."""
    for name in root.folder(IMPORTS).names():
        id_ = f"{IMPORTS}/{name}"
        if is_import(id_) and kind in (kinds.IMAGE, kinds.DIRECTORY) and _import(root, kind, id_):
            yield id_


def record_name(id_: str) -> str:
    """The name under which the object is recorded."""
    if not is_import(id_):
        return id_
    return f"import-{hashlib.sha256(id_.encode()).hexdigest()[:20]}"


def find(root: Root, kind: str, id_: str) -> Body:
    """The body of object `id_` of `kind`. Raises Refused (NOT_FOUND) when there is none."""
    found = _import(root, kind, id_) if is_import(id_) else _own(root, kind, id_)
    if found is None:
        raise faults.missing(f"{kind} {id_} does not exist")
    return found


def lock(root: Root, body: Body) -> contextlib.AbstractContextManager[None]:
    """Held by whoever changes, mounts or copies the body, so that these wait for each other."""
    return shelf(root, body.kind).stage.lock(record_name(body.id))


def _import(root: Root, kind: str, id_: str) -> Body | None:
    path = root.folder(IMPORTS).path / id_.partition("/")[2]
    if path.is_symlink() or path.parent.is_symlink():
        return None
    if kind == kinds.DIRECTORY:
        return Body(kind, id_, path, "directory") if path.is_dir() else None
    return Body(kind, id_, path, superblock.read(path).format) if path.is_file() else None


def _own(root: Root, kind: str, id_: str) -> Body | None:
    standing = shelf(root, kind)
    record = standing.records.read(id_)
    if record is None:
        return None
    form = str(record.fields.get("format", "directory"))
    return Body(kind, id_, standing.path(id_), form) if standing.stage.exists(id_) else None
