"""Mounted filesystems: what there is, from the kernel's own table; mounting and unmounting.

Nothing is ever unmounted by force or lazily: what is in use stays, and the error names its users.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import faults, holders, loops, tools

_TABLE = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Mount:
    """One line of the table. `device` is as in `7:0`; `options` and `inner` as mount takes them."""

    device: str
    point: str
    options: str
    type: str
    inner: str  # the filesystem's own options

    @property
    def read_only(self) -> bool:
        return "ro" in self.options.split(",")


def table() -> tuple[Mount, ...]:
    """Everything that is mounted, in the order in which it was."""
    try:
        lines = _TABLE.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ()  # not Linux: nothing of ours can be mounted
    return tuple(map(_parsed, lines))


def at(point: Path) -> Mount | None:
    """What is mounted on `point`; of several the one on top."""
    found = [each for each in table() if each.point == str(point)]
    return found[-1] if found else None


def of_image(image: Path) -> tuple[Mount, ...]:
    """Where the filesystem in the file `image` is mounted."""
    numbers = {loop.number for loop in loops.of(image)}
    return tuple(each for each in table() if each.device in numbers) if numbers else ()


def below(folder: Path) -> tuple[Mount, ...]:
    """What is mounted somewhere inside `folder`."""
    return tuple(each for each in table() if each.point.startswith(f"{folder}{os.sep}"))


def mount_image(image: Path, point: Path, type_: str, options: str) -> None:
    """Mount the filesystem in the file `image` on `point`, over a loop device that goes with it."""
    with loops.quiet():
        tools.run("mount", "-t", type_, "-o", f"loop,{options}", image, point)


def bind(folder: Path, point: Path, options: str) -> None:
    """Show `folder` at `point` too, with options of its own."""
    tools.run("mount", "--bind", folder, point)
    try:
        tools.run("mount", "-o", f"remount,bind,{options}", point)
    except tools.ToolError:
        unmount(point)
        raise


def unmount(point: Path) -> None:
    """Unmount what is on `point`. Raises Refused (CONFLICT) with its users' names while in use."""
    try:
        with loops.quiet():
            tools.run("umount", point)
    except tools.ToolError as error:
        if at(point) is None:
            return  # somebody else was quicker
        if "busy" not in error.output:
            raise
        inside = [f"the mount {each.point}" for each in below(point)]
        raise faults.busy(str(point), (*holders.of_mount(point), *inside)) from error


@contextlib.contextmanager
def aside(image: Path) -> Iterator[None]:
    """Unmount `image` everywhere, and mount it again where it was, whatever happens meanwhile.

    Raises Refused (CONFLICT) with everything as it was when one of the mounts is in use, or when
    the image is in use in a way that this user cannot see.
    """
    taken: list[Mount] = []
    try:
        for each in reversed(of_image(image)):
            unmount(Path(each.point))
            taken.append(each)
        if loops.of(image):
            raise faults.busy(str(image))
        yield
    finally:
        _restore(image, taken[::-1])


def _restore(image: Path, taken: list[Mount]) -> None:
    """The first one is mounted from the image, the others show the same."""
    for each in taken:
        if each is taken[0]:
            options = ",".join(dict.fromkeys([*each.options.split(","), *each.inner.split(",")]))
            mount_image(image, Path(each.point), each.type, options)
        else:
            bind(Path(taken[0].point), Path(each.point), each.options)


def _parsed(line: str) -> Mount:
    left, _, right = line.partition(" - ")
    _, _, device, _, point, options, *_ = left.split(" ")
    type_, _, inner = right.split(" ", 2)
    return Mount(device, _plain(point), options, type_, inner)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 8)), text)
