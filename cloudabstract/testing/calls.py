"""What goes between an engine and a target: the calls of drivers, as a fault sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.errors import ErrorCode, Failure
from cloudabstract.provider import Found


@dataclass(frozen=True)
class Call:
    """One call of a driver. `number` counts from 1, writes and reads apart."""

    number: int
    verb: str  # observe, create, update, delete or mark
    kind: str
    place: str
    name: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)  # create and update
    token: str = ""  # create

    @property
    def writes(self) -> bool:
        """Whether it may change the target."""
        return self.verb != "observe"

    def __str__(self) -> str:
        return f"{self.number}: {self.verb} {self.kind} {self.name or self.place}"


class Crash(BaseException):
    """The process died here. Not an Exception, so that no `except Exception` survives it."""


class Injected(Exception):
    """A failure that a fault answers with instead of the target."""

    def __init__(self, code: ErrorCode, message: str, retry_after: float = 0.0) -> None:
        self.failure = Failure(code, message, native="Injected", retry_after=retry_after)
        super().__init__(message)


class Fault:
    """What can go wrong with a call; this one lets everything pass. Shared by threads.

    `before` runs before the call has an effect, `after` when it has had it and nobody has heard
    of it yet; either may raise Crash or Injected. `seen` may change what an observe answers.
    """

    def before(self, call: Call) -> None:
        """Called before the call reaches the target."""

    def after(self, call: Call) -> None:
        """Called after the call had its effect, before it is answered."""

    def seen(self, call: Call, found: tuple[Found, ...]) -> tuple[Found, ...]:
        """What is answered to an observe that found `found`."""
        return found
