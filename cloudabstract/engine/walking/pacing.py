"""Pace, don't bounce: writes wait for their token here instead of being refused by the target.

One bucket for each published limit, shared by the threads of a run.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from cloudabstract.clock import Clock
from cloudabstract.provider import Rate, Verb


class Bucket:
    """Holds up to `burst` tokens and gains `per_second`; taking one may mean waiting for it."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens = rate.burst
        self._at = clock.now()

    def take(self, wake: threading.Event) -> None:
        """Take one token, waiting for it if there is none; `wake` cuts the wait short."""
        wait = self._reserve()
        if wait > 0:
            self._clock.sleep(wait, wake)

    def empty(self) -> None:
        """The target throttled us: it counts differently, so start again from nothing."""
        with self._lock:
            self._tokens = min(self._tokens, 0.0)

    def _reserve(self) -> float:
        """Seconds to wait for the token that was just taken, perhaps in advance."""
        with self._lock:
            now = self._clock.now()
            gained = (now - self._at) * self._rate.per_second
            self._tokens = min(self._rate.burst, self._tokens + gained) - 1
            self._at = now
            return max(0.0, -self._tokens / self._rate.per_second)


class Pacer:
    """The buckets of one session."""

    def __init__(self, rates: Mapping[tuple[str, Verb], Rate], clock: Clock) -> None:
        buckets: dict[str, Bucket] = {}
        self._by_call: dict[tuple[str, Verb], Bucket] = {}
        for call, rate in rates.items():
            self._by_call[call] = buckets.setdefault(rate.bucket, Bucket(rate, clock))

    def take(self, kind: str, verb: Verb, wake: threading.Event) -> None:
        """Wait until a call of this sort may be made."""
        bucket = self._by_call.get((kind, verb))
        if bucket is not None:
            bucket.take(wake)

    def throttled(self, kind: str, verb: Verb) -> None:
        """Tell that such a call was refused for coming too fast."""
        bucket = self._by_call.get((kind, verb))
        if bucket is not None:
            bucket.empty()
