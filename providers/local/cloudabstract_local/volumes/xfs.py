"""Filesystems of format xfs in files, where xfsprogs is installed. They only grow while mounted."""

from __future__ import annotations

from pathlib import Path

from . import tools


def make(path: Path) -> None:
    """Make an empty filesystem that fills the file at `path`."""
    tools.run("mkfs.xfs", "-q", "-f", "-m", "crc=1,reflink=1", path)


def grow_mounted(point: str) -> None:
    """Grow the filesystem mounted at `point` to fill its device."""
    tools.run("xfs_growfs", "-d", point)


def grow(path: Path, keep: int | None = None) -> None:
    """Grow the filesystem to fill its file, mounted where nobody else can see it meanwhile.

    The mount is in a namespace of its own and goes with it, even if we are killed. `keep` has the
    file's lock.
    """
    tools.run("unshare", "--mount", "/bin/sh", "-ec", _GROW, "sh", path, path.parent, keep=keep)


_GROW = 'mount -t xfs -o loop,nouuid "$1" "$2"; xfs_growfs -d "$2"; umount "$2"'
