"""Who keeps a mounted filesystem or a block device in use: programs, as `name (pid N)`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

_PROC = Path("/proc")
_MANY = 5  # names are for people; more would not help


def of_mount(point: str | os.PathLike[str]) -> tuple[str, ...]:
    """Programs with a file open, or their working folder, in the filesystem mounted at `point`."""
    device = os.stat(point).st_dev
    return _programs(lambda found: found.st_dev == device)


def of_device(device: str, besides: int) -> tuple[str, ...]:
    """Programs that have the block device open, not counting our own descriptor `besides`."""
    number = os.stat(device).st_rdev
    own = _PROC / str(os.getpid()) / "fd" / str(besides)
    return _programs(lambda found: found.st_rdev == number, own)


def _programs(
    holds: Callable[[os.stat_result], bool], besides: Path | None = None
) -> tuple[str, ...]:
    found: list[str] = []
    for folder in _PROC.glob("[0-9]*"):
        if len(found) < _MANY and any(map(holds, _used_by(folder, besides))):
            found.append(f"{_name(folder)} (pid {folder.name})")
    return tuple(found)


def _used_by(folder: Path, besides: Path | None) -> Iterator[os.stat_result]:
    """What the program uses. Other users' programs cannot be looked into, and may end meanwhile."""
    links = [folder / name for name in ("cwd", "root", "exe")]
    with contextlib.suppress(OSError):
        links.extend((folder / "fd").iterdir())
    for link in links:
        if link == besides:
            continue
        try:
            yield os.stat(link)
        except OSError:
            continue


def _name(folder: Path) -> str:
    try:
        return (folder / "comm").read_text("utf-8", "replace").strip()
    except OSError:
        return "a program"
