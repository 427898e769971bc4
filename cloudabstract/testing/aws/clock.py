"""Simulated time: it stands still until told to move, and then everything due happens in order.

`creating` becomes `available` because somebody advanced the clock, never because a test was slow.
It is a `cloudabstract.clock.Clock`, so the code under test can be given the same clock and sleeps
for free.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime

Action = Callable[[], None]


class SimulatedClock:
    """A clock with a list of things to come. Safe to use from several threads."""

    def __init__(self, start: float, lock: threading.RLock | None = None) -> None:
        self._now = start
        self._due: list[tuple[float, int, Action]] = []
        self._order = itertools.count()  # what is due at the same time happens in order of asking
        self._lock = lock or threading.RLock()

    def now(self) -> float:
        """Seconds since the epoch, UTC, simulated."""
        return self._now

    def today(self) -> datetime:
        """The same as `now`, as an aware datetime."""
        return datetime.fromtimestamp(self._now, UTC)

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`, doing all that falls due; ValueError when negative."""
        if seconds < 0:
            raise ValueError(f"time cannot go back by {-seconds} s; advance by zero or more")
        with self._lock:
            until = self._now + seconds
            while self._due and self._due[0][0] <= until:
                when, _, action = heapq.heappop(self._due)
                self._now = max(self._now, when)
                action()
            self._now = until

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        """Return at once, `seconds` later; not later at all when `wake` is already set."""
        if wake is None or not wake.is_set():
            self.advance(max(seconds, 0.0))

    def later(self, seconds: float, action: Action) -> None:
        """Do `action` when `seconds` have passed; now, when that is zero."""
        if seconds <= 0:
            action()
            return
        with self._lock:
            heapq.heappush(self._due, (self._now + seconds, next(self._order), action))

    def turn(self, owner: object, attribute: str, stages: list[tuple[str | None, float]]) -> None:
        """Take `owner.attribute` through `stages`: each value, and for how long it stays.

        The first value is set now; the last one's time is ignored.
        """
        value, seconds = stages[0]
        setattr(owner, attribute, value)
        if len(stages) > 1:
            self.later(seconds, lambda: self.turn(owner, attribute, stages[1:]))
