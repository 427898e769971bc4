"""Failures of volume drivers, in the engine's terms."""

from __future__ import annotations

from collections.abc import Iterable

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused


def invalid(message: str, remedy: str = "") -> Refused:
    """The request can never succeed as it is."""
    return Refused(ErrorCode.INVALID, message, remedy)


def missing(message: str, remedy: str = "") -> Refused:
    """Something that the request needs does not exist."""
    return Refused(ErrorCode.NOT_FOUND, message, remedy)


def taken(name: str) -> Refused:
    """The name stands on an object of somebody else."""
    return Refused(ErrorCode.TAKEN, f"{name} belongs to another owner")


def full(message: str, remedy: str = "") -> Refused:
    """There is no room."""
    return Refused(ErrorCode.EXHAUSTED, message, remedy)


def denied(message: str, remedy: str = "") -> Refused:
    """This user may not do that here."""
    return Refused(ErrorCode.DENIED, message, remedy)


def busy(what: str, holders: Iterable[str] = ()) -> Refused:
    """`what` is in use; `holders` say by whom, as far as that can be seen."""
    by = ", ".join(holders) or "something this user cannot see"
    remedy = "end what holds it, then run again; it was left as it was"
    return Refused(ErrorCode.CONFLICT, f"{what} is in use by {by}", remedy)
