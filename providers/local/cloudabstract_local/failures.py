"""What went wrong on this machine, in the terms the engine acts on.

Drivers raise `Refused` where they know more than the operating system says; everything else is read
from the error itself.
"""

from __future__ import annotations

import errno

from cloudabstract.errors import ErrorCode, Failure

from .records import TornError
from .root import UnsafeError

_BY_NUMBER = {
    errno.EACCES: ErrorCode.DENIED,
    errno.EPERM: ErrorCode.DENIED,
    errno.EROFS: ErrorCode.DENIED,
    errno.ENOSPC: ErrorCode.EXHAUSTED,
    errno.EDQUOT: ErrorCode.EXHAUSTED,
    errno.EMFILE: ErrorCode.EXHAUSTED,
    errno.ENFILE: ErrorCode.EXHAUSTED,
    errno.EBUSY: ErrorCode.CONFLICT,
    errno.ENOENT: ErrorCode.INVALID,  # a program or file of the user's; ours are looked for first
}


class Refused(Exception):
    """A verb that failed for a known reason."""

    def __init__(self, code: ErrorCode, message: str, remedy: str = "", native: str = "") -> None:
        self.failure = Failure(code, message, native=native, remedy=remedy)
        super().__init__(str(self.failure))


def classify(error: Exception) -> Failure:
    """What `error`, raised by a driver of this provider, means."""
    if isinstance(error, Refused):
        return error.failure
    if isinstance(error, (TornError, UnsafeError)):
        return Failure(ErrorCode.INVALID, str(error))
    if isinstance(error, OSError):
        return _of_system(error)
    return Failure(ErrorCode.UNKNOWN, f"{type(error).__name__}: {error}")


def _of_system(error: OSError) -> Failure:
    code = _BY_NUMBER.get(error.errno or 0, ErrorCode.UNKNOWN)
    remedy = ""
    if code is ErrorCode.DENIED:
        remedy = "run as a user who may, or choose another `root`"
    if code is ErrorCode.EXHAUSTED:
        remedy = "make room on the disk of `root`"
    return Failure(
        code, str(error), native=errno.errorcode.get(error.errno or 0, ""), remedy=remedy
    )
