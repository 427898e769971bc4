"""Objects that are made but not READY yet, and when to look at them again: all at once.

The time between looks starts small for each new object and doubles up to five seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloudabstract.clock import Clock
from cloudabstract.provider import Found, Health

from .steps import Step

_SLOWEST = 5.0  # seconds


class Pending:
    """The waiting room of one walk."""

    def __init__(self, clock: Clock, first: float, patience: float) -> None:
        self._clock = clock
        self._first = first
        self._patience = patience
        self._every = first
        self._next = 0.0
        self._waiting: dict[int, tuple[Step, Found]] = {}
        self._since: dict[int, float] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, step: Step, found: Found) -> None:
        """Wait for `found`, on behalf of `step`."""
        now = self._clock.now()
        self._waiting[step.number] = (step, found)
        self._since.setdefault(step.number, now)
        self._every = self._first
        self._next = now + self._first

    def due(self) -> list[float]:
        """When to look next; empty when nothing waits."""
        return [self._next] if self._waiting else []

    def is_due(self) -> bool:
        """Whether it is time to look."""
        return bool(self._waiting) and self._clock.now() >= self._next

    def objects(self) -> list[Found]:
        """What to look at."""
        return [found for _, found in self._waiting.values()]

    def settled(self, fresh: Mapping[tuple[str, str, str], Found]) -> Iterator[tuple[Step, Found]]:
        """Steps whose object is no longer PENDING; they wait no more."""
        self._every = min(self._every * 2, _SLOWEST)
        self._next = self._clock.now() + self._every
        for number, (step, old) in list(self._waiting.items()):
            found = fresh.get((old.kind, old.place, old.id))
            if found is not None and found.health is not Health.PENDING:
                del self._waiting[number]
                yield step, found

    def overdue(self) -> Iterator[tuple[Step, str]]:
        """Steps that have waited too long, and what to say; they wait no more."""
        now = self._clock.now()
        for number, (step, found) in list(self._waiting.items()):
            if now - self._since[number] >= self._patience:
                del self._waiting[number]
                yield step, f"still {found.reason or 'PENDING'} after {self._patience:.0f} s"

    def drop(self) -> list[Step]:
        """Forget everybody; returns the steps that were waiting."""
        steps = [step for step, _ in self._waiting.values()]
        self._waiting.clear()
        return steps
