"""Copies of images and folders: blocks are shared where the filesystem can do that.

A reflink takes no time and no space until one side changes (btrfs, xfs). Elsewhere only what holds
bytes is copied, and holes stay holes.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from . import tools

_FICLONE = 0x40049409
_NO_REFLINK = {errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS}
_CHUNK = 8 * 2**20


def file(source: Path, target: Path) -> None:
    """Make the existing file `target` equal to the file `source`, durably."""
    flags = os.O_NOFOLLOW | os.O_CLOEXEC
    with _open(source, os.O_RDONLY | flags) as reading, _open(target, os.O_RDWR | flags) as writing:
        if not _reflink(reading, writing):
            size = os.fstat(reading).st_size
            os.ftruncate(writing, 0)
            os.ftruncate(writing, size)
            for start, end in _extents(reading, size):
                _copy(reading, writing, start, end)
        os.fsync(writing)


def tree(source: Path, target: Path) -> None:
    """Make the empty folder `target` like the folder `source`: links, owners, times, holes.

    Other filesystems mounted inside `source` are left out.
    """
    options = ["--archive", "--reflink=auto", "--sparse=auto", "--one-file-system"]
    copying = ["cp", *options, "--", f"{source}/.", f"{target}/"]
    if tools.find("setpriv"):
        copying = ["setpriv", "--pdeathsig", "KILL", *copying]  # it must not go on without us
    tools.run(*copying)
    tools.run("sync", "--file-system", target)


@contextlib.contextmanager
def _open(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _reflink(reading: int, writing: int) -> bool:
    try:
        fcntl.ioctl(writing, _FICLONE, reading)
    except OSError as error:
        if error.errno not in _NO_REFLINK:
            raise
        return False
    return True


def _extents(descriptor: int, size: int) -> Iterator[tuple[int, int]]:
    """(start, end) of every stretch that holds bytes."""
    end = 0
    while end < size:
        try:
            start = os.lseek(descriptor, end, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:
                return  # nothing but a hole is left
            raise
        end = os.lseek(descriptor, start, os.SEEK_HOLE)
        yield start, end


def _copy(reading: int, writing: int, start: int, end: int) -> None:
    while start < end:
        content = os.pread(reading, min(_CHUNK, end - start), start)
        if not content:
            return  # the file was cut meanwhile
        start += _write(writing, content, start)


def _write(writing: int, content: bytes, start: int) -> int:
    view = memoryview(content)
    written = 0
    while written < len(view):
        written += os.pwrite(writing, view[written:], start + written)
    return written
