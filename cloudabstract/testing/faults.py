"""Faults to test with: what clouds, networks and other people do to a run, on schedule.

    died       StopBefore, StopAfter        the process ends; nothing after it runs
    unheard    LoseAnswer                   it happened, but the answer was lost, or was a 5xx
    refused    Throttle, Deny, Busy, Full   it did not happen
    seen wrong Blind, Late, Stale, HalfRead observe does not tell the (whole) truth
    others     Meddle                       a third party changes the world in between

Writes count from 1 in the order in which they are made. With several threads that order may differ
between two runs; every crash point is visited all the same.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from cloudabstract.clock import Clock
from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Found, Health, Incomplete

from .calls import Call, Crash, Fault, Injected


class StopBefore(Fault):
    """The process dies just before the n-th write is sent."""

    def __init__(self, write: int) -> None:
        self._write = write

    def before(self, call: Call) -> None:
        if call.writes and call.number == self._write:
            raise Crash(f"before {call}")


class StopAfter(Fault):
    """The process dies when the n-th write has happened, before anybody hears of it."""

    def __init__(self, write: int) -> None:
        self._write = write

    def after(self, call: Call) -> None:
        if call.writes and call.number == self._write:
            raise Crash(f"after {call}")


class LoseAnswer(Fault):
    """These writes happen, but are answered by nothing or by a 5xx; without `writes`, every first.

    Without a list, the first attempt at each object and verb loses its answer, and the next does
    not: a run that loses them all would never end.
    """

    def __init__(self, writes: Iterable[int] | None = None) -> None:
        self._writes = None if writes is None else frozenset(writes)
        self._lost: set[tuple[str, str, str]] = set()

    def after(self, call: Call) -> None:
        if call.writes and self._loses(call):
            raise Injected(ErrorCode.UNKNOWN, f"the answer was lost: {call}")

    def _loses(self, call: Call) -> bool:
        if self._writes is not None:
            return call.number in self._writes
        attempt = (call.verb, call.kind, call.name)
        known = attempt in self._lost
        self._lost.add(attempt)
        return not known


class Throttle(Fault):
    """Each write is refused with probability `chance`, before it has an effect."""

    def __init__(self, chance: float, seed: int = 0) -> None:
        self._chance = chance
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def before(self, call: Call) -> None:
        with self._lock:
            refused = call.writes and self._random.random() < self._chance
        if refused:
            raise Injected(ErrorCode.THROTTLED, f"slow down: {call}", retry_after=1.0)


class Deny(Fault):
    """From the k-th write on nothing is permitted any more."""

    def __init__(self, from_write: int = 1) -> None:
        self._from = from_write

    def before(self, call: Call) -> None:
        if call.writes and call.number >= self._from:
            raise Injected(ErrorCode.DENIED, f"not permitted: {call}")


class Full(Fault):
    """Quota: creates of `kind` are refused from the k-th of them on."""

    def __init__(self, kind: str, room: int = 0) -> None:
        self._kind = kind
        self._room = room
        self._made: set[str] = set()

    def before(self, call: Call) -> None:
        if call.verb != "create" or call.kind != self._kind or call.name in self._made:
            return
        if len(self._made) >= self._room:
            raise Injected(ErrorCode.EXHAUSTED, f"the quota of {self._kind} is used up")
        self._made.add(call.name)


class Busy(Fault):
    """Each object refuses the first `times` calls of `verb`: something still depends on it."""

    def __init__(self, times: int, verb: str = "delete") -> None:
        self._times = times
        self._verb = verb
        self._refused: Counter[tuple[str, str]] = Counter()

    def before(self, call: Call) -> None:
        subject = (call.kind, call.name)
        if call.verb == self._verb and self._refused[subject] < self._times:
            self._refused[subject] += 1
            raise Injected(ErrorCode.CONFLICT, f"in use: {call}")


class Blind(Fault):
    """What comes into being is missing from the next `lag` observes of its kind and place.

    What exists when the fault first looks is old, and stays visible; `known` adds to that.
    """

    def __init__(self, lag: int, known: Iterable[str] = ()) -> None:
        self._lag = lag
        self._old = set(known)
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    def seen(self, call: Call, found: tuple[Found, ...]) -> tuple[Found, ...]:
        with self._lock:
            return tuple(each for each in found if self._shows(each))

    def _shows(self, found: Found) -> bool:
        if found.id in self._old:
            return True
        left = self._left.setdefault(found.id, self._lag)
        self._left[found.id] = left - 1
        return left <= 0


class Late(Fault):
    """What comes into being is not listed until its kind's time has passed (`Kind.lag`).

    `lags` has the seconds by kind; kinds without are listed at once.
    """

    def __init__(self, clock: Clock, lags: Mapping[str, float]) -> None:
        self._clock = clock
        self._lags = lags
        self._born: dict[tuple[str, str, str], float] = {}

    def after(self, call: Call) -> None:
        if call.verb == "create":
            self._born.setdefault((call.kind, call.place, call.name), self._clock.now())

    def seen(self, call: Call, found: tuple[Found, ...]) -> tuple[Found, ...]:
        return tuple(each for each in found if self._listed(each))

    def _listed(self, found: Found) -> bool:
        born = self._born.get((found.kind, found.place, found.name))
        return born is None or self._clock.now() - born >= self._lags.get(found.kind, 0.0)


class Stale(Fault):
    """An object that changed is shown as it was, in the next `times` observes."""

    def __init__(self, times: int = 1) -> None:
        self._times = times
        self._last: dict[str, Found] = {}
        self._shown: Counter[tuple[str, str]] = Counter()

    def seen(self, call: Call, found: tuple[Found, ...]) -> tuple[Found, ...]:
        return tuple(self._as_it_was(each) for each in found)

    def _as_it_was(self, found: Found) -> Found:
        last = self._last.get(found.id)
        edition = (found.id, found.version)
        if last is None or last == found or last.health is not Health.READY:
            self._last[found.id] = found
            return found
        if self._shown[edition] < self._times:
            self._shown[edition] += 1
            return last
        self._last[found.id] = found
        return found


class HalfRead(Fault):
    """Observes of `kind` (of all kinds when empty) find half, then a page fails; `times` times."""

    def __init__(self, kind: str = "", times: int = 1) -> None:
        self._kind = kind
        self._left = times

    def seen(self, call: Call, found: tuple[Found, ...]) -> tuple[Found, ...]:
        if self._left > 0 and self._kind in ("", call.kind):
            self._left -= 1
            raise Incomplete(found[: len(found) // 2], f"a page of {call.kind} could not be read")
        return found


class Meddle(Fault):
    """A third party acts just before the n-th write."""

    def __init__(self, write: int, act: Callable[[], object]) -> None:
        self._write = write
        self._act = act

    def before(self, call: Call) -> None:
        if call.writes and call.number == self._write:
            self._act()
