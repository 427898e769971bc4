"""Where objects that hold data are made and unmade, so that nobody ever sees half of one.

    scratch/      half-made: finished there, then moved in one step to its folder
    <folder>/     finished
    trash/        half-deleted: moved there in one step, then emptied

The record (records.py) is what makes an object exist. It is written after the body is complete in
scratch and before it is moved; it is removed after the body went to trash and before that is
emptied. So what a crash left tells what to do:

    scratch, and a record without a body     it was complete: move it to its folder
    scratch, otherwise                       it was not: remove it
    trash, and a record without a body       it was to go: remove the record, empty the trash
    trash, otherwise                         empty the trash
    a record with neither                    its body has vanished

Whoever makes an object holds a lock on its body in scratch; the kernel lets go of it when he dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from cloudabstract_local.records import Records
from cloudabstract_local.root import Root, checked

from . import trees

_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class Stage:
    """The bodies in one folder: files or folders, whose names end in `suffix`."""

    def __init__(self, root: Root, folder: str, suffix: str, records: Records) -> None:
        self._root = root
        self._folder = folder
        self._suffix = suffix
        self._records = records
        self._finished = root.folder(folder)
        self._scratch = root.folder("scratch")
        self._trash = root.folder("trash")

    def lock(self, name: str) -> contextlib.AbstractContextManager[None]:
        """Held by whoever makes, changes or removes the object `name`."""
        return self._root.lock(f"{self._folder}.{checked(name)}")

    def path(self, name: str) -> Path:
        """Where the finished body is, or would be."""
        return self._finished.path / f"{checked(name)}{self._suffix}"

    def exists(self, name: str) -> bool:
        """Whether the finished body is there; a symbolic link is none."""
        path = self.path(name)
        return not path.is_symlink() and (path.is_file() or path.is_dir())

    def under_way(self, name: str) -> bool:
        """Whether somebody alive is making the body now."""
        try:
            with self._scratch.opened() as scratch:
                return not _abandoned(self._entry(name), scratch)
        except FileNotFoundError:
            return False

    @contextlib.contextmanager
    def making(self, name: str, folder: bool) -> Iterator[Path]:
        """An empty file or folder in scratch, to be filled and committed; removed on failure."""
        entry = self._entry(name)
        with self._scratch.opened(create=True) as scratch:
            trees.remove(entry, scratch)
            body = _empty(entry, scratch, folder)
            try:
                fcntl.flock(body, fcntl.LOCK_EX)
                yield self._scratch.path / entry
            except BaseException:
                trees.remove(entry, scratch)
                raise
            finally:
                fcntl.flock(body, fcntl.LOCK_UN)  # a program just being started has it open too
                os.close(body)

    def commit(self, name: str) -> None:
        """Move the body from scratch to its folder. Raises OSError."""
        with self._scratch.opened() as scratch, self._finished.opened(create=True) as finished:
            final = self.path(name).name
            os.rename(self._entry(name), final, src_dir_fd=scratch, dst_dir_fd=finished)
            os.fsync(finished)

    def discard(self, name: str) -> None:
        """Remove body and record; absence of either is success. The caller holds the lock."""
        entry, final = self._entry(name), self.path(name).name
        with self._trash.opened(create=True) as trash:
            trees.remove(entry, trash)
            with contextlib.suppress(FileNotFoundError), self._finished.opened() as finished:
                os.rename(final, entry, src_dir_fd=finished, dst_dir_fd=trash)
                os.fsync(trash)
            self._records.remove(name)
            trees.remove(entry, trash)

    def settle(self, name: str) -> None:
        """Finish what was interrupted with `name`. The caller holds the lock."""
        entry = self._entry(name)
        orphaned = not self.exists(name) and self._records.read(name) is not None
        with contextlib.suppress(FileNotFoundError), self._trash.opened() as trash:
            if orphaned and _there(entry, trash):
                self._records.remove(name)
                orphaned = False
            trees.remove(entry, trash)
        with contextlib.suppress(FileNotFoundError), self._scratch.opened() as scratch:
            if _there(entry, scratch) and _abandoned(entry, scratch):
                if orphaned:
                    self.commit(name)
                else:
                    trees.remove(entry, scratch)

    def sweep(self) -> None:
        """Finish everything that was interrupted and that nobody works on any more."""
        for name in self._left_behind():
            with contextlib.suppress(ValueError), self.lock(name):  # no name, or a torn record
                self.settle(name)

    def _left_behind(self) -> list[str]:
        """Names of objects with something abandoned in scratch or trash."""
        found: set[str] = set()
        for place in (self._scratch, self._trash):
            with contextlib.suppress(FileNotFoundError), place.opened() as folder:
                for entry in filter(self._mine, os.listdir(folder)):
                    if trees.origin(entry) != entry:
                        trees.remove(entry, folder)
                    elif place is self._trash or _abandoned(entry, folder):
                        found.add(self._name(entry))
        return sorted(found)

    def _entry(self, name: str) -> str:
        return f"{self._folder}.{checked(name)}{self._suffix}"

    def _mine(self, entry: str) -> bool:
        return entry.startswith(f"{self._folder}.")

    def _name(self, entry: str) -> str:
        return entry.removeprefix(f"{self._folder}.").removesuffix(self._suffix)


def _empty(entry: str, scratch: int, folder: bool) -> int:
    if not folder:
        return os.open(entry, _FILE, 0o600, dir_fd=scratch)
    os.mkdir(entry, 0o700, dir_fd=scratch)
    return os.open(entry, _OPEN, dir_fd=scratch)


def _there(entry: str, folder: int) -> bool:
    try:
        os.stat(entry, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _abandoned(entry: str, folder: int) -> bool:
    """Whether nobody alive holds the lock on `entry`; also when it is gone."""
    try:
        body = os.open(entry, _OPEN, dir_fd=folder)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(body, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(body)
    return True
