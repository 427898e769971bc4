"""Loop devices: block devices whose content is a file. What exists is read from /sys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import faults, holders, tools

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
    device = tools.run("losetup", "--find", "--show", *options, image).strip()
    return next(loop for loop in of(image) if loop.device == device)


def enlarge(image: Path) -> None:
    """Tell the loop devices of `image` that the file is larger now."""
    for loop in of(image):
        tools.run("losetup", "--set-capacity", loop.device)


def detach(image: Path) -> None:
    """Remove the loop devices of `image`. Raises Refused (CONFLICT) when one is open."""
    for loop in of(image):
        using = holders.of_device(loop.device)
        if using:
            raise faults.busy(loop.device, using)
        tools.run("losetup", "--detach", loop.device)
    left = of(image)
    if left:
        raise faults.busy(left[0].device)
