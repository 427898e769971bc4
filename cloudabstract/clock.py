"""Time, in one place, so that a run can be repeated: nothing else here reads a clock or sleeps.

`Clock` is what the engine and the store are given. `SystemClock` is the real one; tests pass one
that stands still until told to move.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Protocol: where time comes from."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        """Wait `seconds`, or less when `wake` is set meanwhile."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        if wake is None:
            time.sleep(seconds)
            return
        wake.wait(seconds)


def iso(seconds: float) -> str:
    """`seconds` since the epoch as RFC 3339 in UTC, e.g. `2026-01-31T08:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
