"""Holding a mounted filesystem still while it is copied.

A frozen filesystem has everything on disk and lets nobody write. Should we be killed meanwhile, its
writers would hang for ever; so a guard is started first, which thaws it as soon as we are gone.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import faults, tools

_FIFREEZE = 0xC0045877
_CANNOT = {errno.EOPNOTSUPP, errno.ENOTTY, errno.EPERM}
_GUARD = 'echo; cat >/dev/null; exec "$1" --unfreeze "$2"'


@contextlib.contextmanager
def frozen(point: Path) -> Iterator[bool]:
    """Freeze the filesystem mounted at `point` meanwhile; False where that is not possible."""
    thaw = tools.find("fsfreeze")
    if thaw is None:
        yield False
        return
    guard = _guard(thaw, point)
    try:
        yield _freeze(point, guard)
    finally:
        _release(guard)


def _guard(thaw: str, point: Path) -> subprocess.Popen[bytes]:
    """A program that waits for the end of its input, then thaws `point`. It is waiting already."""
    guard = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "sh", thaw, str(point)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    if guard.stdout is not None:
        guard.stdout.readline()
    return guard


def _freeze(point: Path, guard: subprocess.Popen[bytes]) -> bool:
    descriptor = os.open(point, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(descriptor, _FIFREEZE, 0)
    except OSError as error:
        guard.kill()  # it must not thaw what somebody else has frozen
        if error.errno == errno.EBUSY:
            raise faults.busy(f"{point} (frozen)") from error
        if error.errno not in _CANNOT:
            raise
        return False
    finally:
        os.close(descriptor)
    return True


def _release(guard: subprocess.Popen[bytes]) -> None:
    for stream in (guard.stdin, guard.stdout):
        if stream is not None:
            stream.close()
    guard.wait()
