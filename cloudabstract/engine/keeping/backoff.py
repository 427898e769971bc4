"""How long what keeps failing is left alone: 5 seconds, doubled up to 300, for each key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wait:
    """One key that has failed `times` in a row, and is left alone until `until` (epoch seconds)."""

    times: int
    until: float


class Backoff:
    """Remembers only what fails now."""

    def __init__(self, first: float = 5.0, longest: float = 300.0) -> None:
        self._first = first
        self._longest = longest
        self._waits: dict[str, Wait] = {}

    def failed(self, key: str, now: float) -> Wait:
        """Note one more failure; returns how long to wait now."""
        known = self._waits.get(key)
        times = known.times + 1 if known is not None else 1
        delay = min(self._first * 2.0 ** min(times - 1, 30), self._longest)
        self._waits[key] = Wait(times, now + delay)
        return self._waits[key]

    def succeeded(self, key: str) -> None:
        """It works again."""
        self._waits.pop(key, None)

    def clear(self) -> None:
        """Something has changed that may help: everything may be tried at once."""
        self._waits.clear()

    def keep(self, keys: Collection[str]) -> None:
        """Forget all but `keys`."""
        for key in self._waits.keys() - set(keys):
            del self._waits[key]

    def waiting(self, now: float) -> Mapping[str, Wait]:
        """What is to be left alone now."""
        return {key: wait for key, wait in self._waits.items() if wait.until > now}

    @property
    def failing(self) -> Mapping[str, Wait]:
        """Everything that failed when it was tried last."""
        return dict(self._waits)

    def due(self) -> float | None:
        """When the first of them may be tried again; None when nothing waits."""
        return min((wait.until for wait in self._waits.values()), default=None)
