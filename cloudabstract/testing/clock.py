"""Time that stands still until somebody sleeps: a run that waits for hours takes milliseconds.

`sleep` moves the clock and returns at once, so code under test never really waits. Daemon threads
are the exception: what keeps a lease alive in the background must not drive time, so its sleep
lasts until others have moved the clock far enough. Whatever is due at one
moment sees the same `now`.
"""

from __future__ import annotations

import threading

START = 1_767_225_600.0  # 2026-01-01T00:00:00Z
_POLL = 0.01  # real seconds between two looks at an event that cannot notify us


class FakeClock:
    """A Clock that only its users move. Safe to share between threads."""

    def __init__(self, start: float = START) -> None:
        self._now = start
        self._moved = threading.Condition()
        self.slept = 0.0  # seconds slept away so far, for tests that ask how patient a run was

    def now(self) -> float:
        """Seconds since the epoch, UTC, simulated."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`. Raises ValueError when they are negative."""
        if seconds < 0:
            raise ValueError(f"time cannot go back by {-seconds} s")
        with self._moved:
            self._now += seconds
            self._moved.notify_all()

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        """Be `seconds` later at once; in a daemon thread, wait until others have made it so."""
        if wake is not None and wake.is_set():
            return
        if threading.current_thread().daemon:
            self._wait(seconds, wake)
            return
        with self._moved:
            self.slept += max(seconds, 0.0)
        self.advance(max(seconds, 0.0))

    def _wait(self, seconds: float, wake: threading.Event | None) -> None:
        with self._moved:
            until = self._now + seconds
            while self._now < until and not (wake is not None and wake.is_set()):
                self._moved.wait(_POLL)
