"""Taking our own mounts and devices off a volume before it is deleted; others' are left alone."""

from __future__ import annotations

import os
from pathlib import Path

from . import faults, images, loops, mounts


def let_go(root: Path, body: Path) -> None:
    """Unmount `body` below `root`, and remove its loop devices; absence is success.

    Raises Refused (CONFLICT) when it is in use, or mounted by somebody else.
    """
    if body.is_symlink():
        return  # not what we made
    if body.is_dir():
        _let_go_folder(root, body)
    elif body.exists():
        _let_go_image(root, body)


def _let_go_folder(root: Path, body: Path) -> None:
    inside = mounts.below(body)
    if inside:
        raise faults.busy(str(body), [f"the mount {each.point}" for each in inside])
    for each in reversed(mounts.below(root)):
        if os.path.samefile(each.point, body):
            mounts.unmount(Path(each.point))


def _let_go_image(root: Path, body: Path) -> None:
    standing = mounts.of_image(body)
    ours = {each.point for each in mounts.below(root)}
    foreign = [f"the mount {each.point}" for each in standing if each.point not in ours]
    if foreign:
        raise faults.busy(str(body), foreign)
    for each in reversed(standing):
        mounts.unmount(Path(each.point))
    loops.detach(body)
    with images.unchanging(body):
        return  # nor does a program work on it
