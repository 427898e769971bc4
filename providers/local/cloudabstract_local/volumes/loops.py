"""Loop devices: block devices whose content is a file. What exists is read from /sys."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import faults, holders, tools

CONTROL = "/dev/loop-control"
_LOOP_CLR_FD = 0x4C01
_BLOCK = Path("/sys/block")
_DELETED = " (deleted)"


@dataclass(frozen=True)
class Loop:
    """A loop device: `device` as in `/dev/loop0`, `number` as in `7:0`."""

    device: str
    number: str
    read_only: bool


def everything() -> list[tuple[Loop, str]]:
    """Every loop device in use, with the file that it shows."""
    found = []
    for folder in sorted(_BLOCK.glob("loop*")):
        try:
            file = (folder / "loop" / "backing_file").read_text("utf-8").rstrip("\n")
            number = (folder / "dev").read_text("utf-8").strip()
            read_only = (folder / "ro").read_text("utf-8").strip() == "1"
        except OSError:
            continue  # not in use, or gone since it was listed
        found.append((Loop(f"/dev/{folder.name}", number, read_only), file.removesuffix(_DELETED)))
    return found


def of(image: Path) -> tuple[Loop, ...]:
    """The loop devices whose content is the file `image`, in the order of their names."""
    return tuple(loop for loop, file in everything() if file == str(image))


def attach(image: Path, read_only: bool) -> Loop:
    """A loop device for `image`: the one that exists, or a new one."""
    standing = of(image)
    if standing:
        return standing[0]
    options = ["--read-only"] if read_only else []
    with quiet():
        device = tools.run("losetup", "--find", "--show", *options, image).strip()
    return next(loop for loop in of(image) if loop.device == device)


def enlarge(image: Path) -> None:
    """Tell the loop devices of `image` that the file is larger now."""
    for loop in of(image):
        with quiet():
            tools.run("losetup", "--set-capacity", loop.device)


def detach(image: Path) -> None:
    """Remove the loop devices of `image`. Raises Refused (CONFLICT) when one is open."""
    for loop in of(image):
        with quiet():
            _clear(loop, image)
    left = of(image)
    if left:
        raise faults.busy(left[0].device)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let nobody else of ours on this machine set up or remove a loop device meanwhile.

    A program that only looks at a device keeps it from going away, and mount looks at all of them.
    """
    try:
        control = os.open(CONTROL, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield  # who may not open it cannot set up devices either
        return
    try:
        fcntl.flock(control, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(control, fcntl.LOCK_UN)
        os.close(control)


def _clear(loop: Loop, image: Path) -> None:
    """Remove one device. While we have it open it cannot become somebody else's."""
    try:
        device = os.open(loop.device, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if loop not in of(image):
            return  # it went by itself, and its number may be in use again
        using = holders.of_device(loop.device, besides=device)
        if using:
            raise faults.busy(loop.device, using)
        fcntl.ioctl(device, _LOOP_CLR_FD)
    finally:
        os.close(device)
