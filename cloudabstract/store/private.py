"""Files that only their owner can read, whatever the umask says.

SQLite gives its -wal and -shm files the mode of the database, so making the database private first
makes all three private.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_OWNER_ONLY = 0o600
_OTHERS = 0o077


def prepare(path: Path) -> None:
    """Make sure that `path` is a file of mode 0600; folders made on the way get 0700.

    Folders that exist already are left as they are. Raises OSError.
    """
    _make_folder(path.parent)
    if not path.exists():
        _create_empty(path)
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        _close_to_others(file)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):  # another process was faster
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # a umask can also take away what the owner needs


def _create_empty(path: Path) -> None:
    """Create the file without ever closing a descriptor on its final name.

    POSIX drops all locks of a program on a file when it closes *any* descriptor of that file, so an
    open-and-close here could unlock a database that another thread has just opened.
    """
    import tempfile  # not needed again once the file exists

    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 always
    try:
        os.fchmod(descriptor, _OWNER_ONLY)
        os.close(descriptor)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Put the new name itself on disk: a journal in a file without a name is no journal."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _close_to_others(file: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if file.stat().st_mode & _OTHERS:
            file.chmod(_OWNER_ONLY)
