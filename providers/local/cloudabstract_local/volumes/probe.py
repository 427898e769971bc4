"""What this user may do on this machine; found out by looking, without trying anything.

Mounting an image needs a capability that counts in the first user namespace only, and loop devices.
Growing a mounted ext4 needs one more, which some containers withhold even from root.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from . import loops, tools

_SYS_ADMIN, _SYS_RESOURCE = 21, 24  # bit numbers, from linux/capability.h


@dataclass(frozen=True)
class Abilities:
    """What is possible here. `why_not` says why mounting is not, "" when it is."""

    mount: bool = False
    online_growth: bool = False  # of a mounted ext4
    xfs: bool = False
    why_not: str = ""


def here() -> Abilities:
    """The abilities of this user on this machine."""
    capabilities, why_not = _capabilities(), ""
    if not capabilities >> _SYS_ADMIN & 1 or not _first_namespace():
        why_not = "only root may mount images"
    elif not os.access(loops.CONTROL, os.R_OK | os.W_OK):
        why_not = "there are no loop devices here"
    elif tools.find("mount") is None or tools.find("losetup") is None:
        why_not = "the programs mount and losetup are not installed"
    online = bool(capabilities >> _SYS_RESOURCE & 1)
    xfs = tools.find("mkfs.xfs") is not None
    return Abilities(not why_not, not why_not and online, xfs, why_not)


def _capabilities() -> int:
    for line in _lines("/proc/self/status"):
        name, _, value = line.partition(":")
        if name == "CapEff":
            return int(value, 16)
    return 0


def _first_namespace() -> bool:
    """Whether user ids are those of the machine, all of them."""
    return [line.split() for line in _lines("/proc/self/uid_map")] == [["0", "0", "4294967295"]]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []
