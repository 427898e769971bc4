"""Which process holds a lease, told so that others on the same machine know when it has died.

A pid alone does not say: numbers are used again, and mean something else in another container.
Where the system tells the boot, the namespace of pids and the time of birth, they go with it.
Elsewhere a process says nothing of itself, and its lease ends by expiry.
"""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_ENDED = ("Z", "X")  # states of a process that will never run again


def ours() -> str:
    """This process, in one text; "" where the system does not tell."""
    here = _machine()
    return f"{here}/{_birth(os.getpid())}" if here else ""


def has_died(process: str, pid: int) -> bool:
    """Whether the process `pid`, once told as `process`, surely lives no more."""
    here = _machine()
    if not process or not here or not process.startswith(f"{here}/"):
        return False  # it cannot be seen from here
    try:
        return f"{here}/{_birth(pid)}" != process
    except OSError:
        return not _exists(pid)  # the system may hide the processes of other users


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def _machine() -> str:
    """The boot and the namespace in which pids have a meaning."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{os.readlink(_PROC / 'self/ns/pid')}"
    except OSError:
        return ""


def _birth(pid: int) -> str:
    """When the process began, in the system's unit; "" when it has ended. Raises OSError."""
    status = (_PROC / str(pid) / "stat").read_text("ascii", "replace")
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] in _ENDED else fields[19]
