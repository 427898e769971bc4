"""Objects that are made but not READY yet, and when to look at them again: all at once.

The time between looks starts small for each new object and doubles up to five seconds. An object
that was seen once and then is absent from two looks in a row has vanished: nobody waits for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cloudabstract.clock import Clock
from cloudabstract.provider import Found, Health

from .steps import Step

_SLOWEST = 5.0  # seconds
_ABSENT = 2  # looks in a row

Id = tuple[str, str, str]  # (kind, place, id)


@dataclass(frozen=True)
class Seen:
    """What one look at all waiting objects saw; `unread` kinds and places tell nothing."""

    found: Mapping[Id, Found]
    unread: frozenset[tuple[str, str]] = frozenset()


@dataclass
class _Guest:
    """One step that waits."""

    step: Step
    found: Found
    since: float
    seen: bool  # by a look; what a call has just made may not be listed yet
    absent: int = 0  # looks in a row


class Pending:
    """The waiting room of one walk."""

    def __init__(self, clock: Clock, first: float, patience: float) -> None:
        self._clock = clock
        self._first = first
        self._patience = patience
        self._every = first
        self._next = 0.0
        self._waiting: dict[int, _Guest] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, step: Step, found: Found) -> None:
        """Wait for `found`, on behalf of `step`; one without a verb was there before."""
        now = self._clock.now()
        self._waiting[step.number] = _Guest(step, found, now, seen=step.verb is None)
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
        return [guest.found for guest in self._waiting.values()]

    def settled(
        self, seen: Seen, ready: Callable[[Step, Found], bool]
    ) -> Iterator[tuple[Step, Found]]:
        """Steps whose object is FAILED, or is READY and `ready`; they wait no more."""
        self._every = min(self._every * 2, _SLOWEST)
        self._next = self._clock.now() + self._every
        for number, guest in list(self._waiting.items()):
            old = guest.found
            found = seen.found.get((old.kind, old.place, old.id))
            if found is None:
                guest.absent += guest.seen and (old.kind, old.place) not in seen.unread
                continue
            guest.seen, guest.absent = True, 0
            over = found.health is Health.FAILED or ready(guest.step, found)
            if over and found.health is not Health.PENDING:
                del self._waiting[number]
                yield guest.step, found

    def vanished(self) -> Iterator[tuple[Step, Found, str]]:
        """Steps whose object is gone, as it was, and what to say; they wait no more."""
        for number, guest in list(self._waiting.items()):
            if guest.absent >= _ABSENT:
                del self._waiting[number]
                name = guest.found.name or guest.found.id
                text = f"{name} was {guest.found.reason or 'PENDING'} and is gone"
                yield guest.step, guest.found, text

    def overdue(self) -> Iterator[tuple[Step, str]]:
        """Steps that have waited too long, and what to say; they wait no more."""
        now = self._clock.now()
        for number, guest in list(self._waiting.items()):
            if now - guest.since >= self._patience:
                del self._waiting[number]
                reason = guest.found.reason or "PENDING"
                yield guest.step, f"still {reason} after {self._patience:.0f} s"

    def drop(self) -> list[Step]:
        """Forget everybody; returns the steps that were waiting."""
        steps = [guest.step for guest in self._waiting.values()]
        self._waiting.clear()
        return steps
