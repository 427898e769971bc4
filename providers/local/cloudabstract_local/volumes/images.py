"""The file behind a volume: made empty, made as a copy, and grown; whatever is in it.

An ext4 grows while it is mounted where the kernel lets this user do that. Elsewhere it is unmounted
for the time it takes; when somebody uses it, nothing happens and the error names who.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from . import copies, ext4, faults, freeze, loops, mounts, superblock, tools, xfs
from .bodies import Body
from .probe import Abilities


def make(path: Path, form: str, size: int) -> None:
    """Make the empty file at `path` an image of `size` bytes."""
    os.truncate(path, size)
    if form == "ext4":
        ext4.make(path)
    if form == "xfs":
        xfs.make(path)


def make_copy(path: Path, origin: Body, size: int) -> str:
    """Make the empty file at `path` a copy of `origin` of at least `size` bytes.

    Returns how still `origin` stood. Raises Refused (INVALID) when it is larger than `size`.
    """
    needed = origin.path.stat().st_size
    if needed > size:
        raise faults.invalid(f"{origin.id} needs {needed} bytes, asked are {size} (VO013)")
    with unchanging(origin.path, but_by_us=False), still(origin) as how:
        copies.file(origin.path, path)
    if origin.format == "ext4":
        ext4.check(path)
    if size > needed:
        _grow_unmounted(path, origin.format, size)
    return how


@contextlib.contextmanager
def unchanging(path: Path, but_by_us: bool = True) -> Iterator[int]:
    """Let nobody change the image at `path` meanwhile; the open file that has its lock.

    A program that changes it for us gets that too: should we be killed, it ends its work and holds
    the lock until then. Raises Refused (CONFLICT) while such a program is at work.
    """
    image = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _lock(image, path, fcntl.LOCK_EX if but_by_us else fcntl.LOCK_SH)
        yield image
        fcntl.flock(image, fcntl.LOCK_UN)  # a program just being started has it open too
    finally:
        os.close(image)


@contextlib.contextmanager
def still(origin: Body) -> Iterator[str]:
    """Keep `origin` from changing meanwhile: `frozen` or `unmounted`; `in use` if that failed."""
    standing = () if origin.is_folder else mounts.of_image(origin.path)
    if standing:
        with freeze.frozen(Path(standing[0].point)) as held:
            yield "frozen" if held else "in use"
        return
    devices = () if origin.is_folder else loops.of(origin.path)
    for loop in devices:
        _flush(loop.device)
    yield "in use" if devices or origin.is_folder else "unmounted"


def grow(path: Path, form: str, size: int, able: Abilities) -> None:
    """Make the image at `path` and what is in it `size` bytes large; more than that is success.

    Safe to repeat after any interruption. Raises Refused: CONFLICT when it must be unmounted and
    is in use, INVALID when the filesystem has errors.
    """
    standing = mounts.of_image(path)
    if form == "raw":
        _lengthen(path, size)
    elif standing and _online(form, able) and not any(each.read_only for each in standing):
        _grow_mounted(path, form, size, standing)
    else:
        with mounts.aside(path), unchanging(path) as lock:
            _grow_unmounted(path, form, size, lock)


def size_inside(path: Path, form: str) -> int:
    """What the filesystem in the image has, or for raw ones the image itself; bytes."""
    return path.stat().st_size if form == "raw" else superblock.read(path).size


def _online(form: str, able: Abilities) -> bool:
    return form == "xfs" or able.online_growth


def _grow_mounted(path: Path, form: str, size: int, standing: tuple[mounts.Mount, ...]) -> None:
    _lengthen(path, size)
    if form == "xfs":
        xfs.grow_mounted(standing[0].point)
        return
    try:
        ext4.grow_mounted(loops.of(path)[0].device)
    except tools.ToolError:
        with mounts.aside(path), unchanging(path) as lock:  # the kernel broke its promise
            ext4.grow(path, lock)


def _grow_unmounted(path: Path, form: str, size: int, lock: int | None = None) -> None:
    _lengthen(path, size)
    if form == "ext4":
        ext4.grow(path, lock)
    if form == "xfs":
        xfs.grow(path, lock)


def _lengthen(path: Path, size: int) -> None:
    if path.stat().st_size < size:
        os.truncate(path, size)
    loops.enlarge(path)


def _lock(image: int, path: Path, how: int) -> None:
    try:
        fcntl.flock(image, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise faults.busy(str(path), ["a program that changes it"]) from error


def _flush(device: str) -> None:
    descriptor = os.open(device, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
