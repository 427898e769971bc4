"""Time inside the emulator: its own, which moves only when told, or the caller's.

Left alone, the emulator owns its time, and every call costs a little of it, so that a caller that
polls gets on. Given a clock, it follows that clock and leaves it alone, with one exception: `wait`
on an operation takes as long as the operation, which on a simulated clock means moving it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from cloudabstract import clock
from cloudabstract.testing.clock import FakeClock


@runtime_checkable
class _Movable(Protocol):
    """Protocol: a clock that is moved by hand."""

    def advance(self, seconds: float) -> None: ...


class Time:
    """What the emulator reads its time from: a clock, plus what `advance` added to it."""

    def __init__(self, given: clock.Clock | None = None) -> None:
        self._owned = given is None
        self._clock: clock.Clock = given or FakeClock()
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return self._clock.now() + self._ahead

    def sleep(self, seconds: float) -> None:
        """Be `seconds` later: by moving a clock that can be moved, else by waiting."""
        if isinstance(self._clock, _Movable):
            self._clock.advance(seconds)
        else:
            self._clock.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Be ahead of the clock by so much more."""
        self._ahead += seconds

    def pass_by(self, seconds: float) -> None:
        """Let time pass for a call, if the time is ours."""
        if self._owned:
            self._ahead += seconds


def stamp(seconds: float) -> str:
    """`seconds` since the epoch as Compute Engine prints it: RFC 3339 with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
