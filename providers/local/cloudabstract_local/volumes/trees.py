"""Removing files and whole trees below a folder's descriptor, without ever leaving it.

Symbolic links are removed, not followed. Subfolders are moved up before they are emptied, so that
depth needs neither recursion nor open files, and an interrupted removal can go on anywhere.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOVED = "~"  # no name given by others has it


def remove(name: str, parent: int) -> None:
    """Remove file or folder `name` in the folder open as `parent`; absence is success.

    The caller has made sure that nothing is mounted inside. Raises OSError.
    """
    waiting, number, once = [name], itertools.count(), secrets.token_hex(4)
    while waiting:
        current = waiting.pop()
        with contextlib.suppress(FileNotFoundError):  # somebody else removes it too
            if _unlink(current, parent):
                continue
            with _opened(current, parent) as folder:
                for child in os.listdir(folder):
                    moved = f"{name}{_MOVED}{once}-{next(number)}"
                    if _moved_up(child, folder, moved, parent):
                        waiting.append(moved)
            os.rmdir(current, dir_fd=parent)


def size(path: Path) -> int:
    """Bytes of all files below a folder; links are not followed, what vanishes is not counted."""
    total = 0
    for folder, _, files in os.walk(path):
        for each in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(folder, each)).st_size
    return total


def origin(name: str) -> str:
    """The name that was being removed when `name` was left behind."""
    return name.partition(_MOVED)[0]


def _unlink(name: str, parent: int) -> bool:
    """Remove what is no folder; False for a folder."""
    try:
        os.unlink(name, dir_fd=parent)
    except FileNotFoundError:
        return True
    except OSError:
        if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            return False
        raise
    return True


@contextlib.contextmanager
def _opened(name: str, parent: int) -> Iterator[int]:
    _movable(name, parent)
    folder = os.open(name, _FOLDER, dir_fd=parent)
    try:
        yield folder
    finally:
        os.close(folder)


def _moved_up(child: str, folder: int, name: str, parent: int) -> bool:
    """Remove `child`, or move it to `name` if it is a folder: True."""
    with contextlib.suppress(FileNotFoundError):
        if _unlink(child, folder):
            return False
        _movable(child, folder)
        os.rename(child, name, src_dir_fd=folder, dst_dir_fd=parent)
        return True
    return False


def _movable(name: str, parent: int) -> None:
    """Let us read and change our own folder `name`; its owner may have forbidden it."""
    found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if found.st_mode & 0o700 == 0o700 or found.st_uid != os.geteuid():
        return
    place = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        os.chmod(f"/proc/self/fd/{place}", 0o700)
    finally:
        os.close(place)
