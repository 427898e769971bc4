"""Desired + Memory -> Observed: what exists, found by kind and place in batches.

Every kind is asked for in every place in which something of ours is wanted, is remembered, or could
be: so a lost store is found again by labels, and what moved is still seen in its old place. Parents
are observed before their children, kinds that do not use each other at the same time.

What could not be read is *unread*, never absent: the plan leaves it alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.errors import CallError, ErrorCode, Failure
from cloudabstract.provider import (
    STACK,
    Batch,
    Driver,
    Found,
    Incomplete,
    Kind,
    Marks,
    Session,
    Whose,
)
from cloudabstract.store import Memory

from .batches import Batches, Scope, Spot, parents
from .leaving import Id, is_leaving

Used = Mapping[str, tuple[Found, ...]]  # found parents by kind


@dataclass(frozen=True)
class Look:
    """What one look saw; `unread` says why it may not have seen everything, "" if it did."""

    found: tuple[Found, ...]
    unread: str = ""


@dataclass(frozen=True)
class Observed:
    """What was found, and which kinds in which places could not be read, with the reason."""

    found: tuple[Found, ...] = ()
    unread: Mapping[Spot, str] = field(default_factory=dict)
    leaving: frozenset[Id] = frozenset()  # still shown, but deleted by us: not in `found`

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str, str], tuple[Found, ...]]:
        """(kind, place, name) -> everything of that name; targets may allow several."""
        groups: defaultdict[tuple[str, str, str], list[Found]] = defaultdict(list)
        for each in self.found:
            if each.name:
                groups[each.kind, each.place, each.name].append(each)
        return {key: tuple(found) for key, found in groups.items()}

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str, str], Found]:
        """(kind, place, id) -> Found."""
        return {(each.kind, each.place, each.id): each for each in self.found}

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Found, ...]]:
        """Kind -> everything found of it."""
        groups: defaultdict[str, list[Found]] = defaultdict(list)
        for each in self.found:
            groups[each.kind].append(each)
        return {kind: tuple(found) for kind, found in groups.items()}

    def refreshed(self, fresh: Iterable[Found], leaving: frozenset[Id] = frozenset()) -> Observed:
        """The same with what was seen later; each object once, as it was seen last.

        What is `leaving` is set apart.
        """
        known = {(each.kind, each.place, each.id): each for each in (*self.found, *fresh)}
        going = {key for key, each in known.items() if is_leaving(each, leaving)}
        there = tuple(each for key, each in known.items() if key not in going)
        return Observed(there, self.unread, self.leaving | going)


def levels(kinds: Iterable[Kind]) -> list[list[Kind]]:
    """Kinds in groups: each uses only kinds of earlier groups, or of its own in a circle."""
    waiting = {kind.name: kind for kind in kinds}
    ordered: list[list[Kind]] = []
    while waiting:
        below = {name: _reached(name, waiting) for name in waiting}
        ready = [
            kind for name, kind in waiting.items() if all(name in below[it] for it in below[name])
        ]
        for kind in ready:
            del waiting[kind.name]
        ordered.append(ready)
    return ordered


def _reached(name: str, kinds: Mapping[str, Kind]) -> set[str]:
    """The other kinds that `name` uses, and those that they use."""
    reached: set[str] = set()
    left = [name]
    while left:
        fresh = (set(kinds[left.pop()].uses) & kinds.keys()) - reached - {name}
        reached |= fresh
        left.extend(fresh)
    return reached


class Observer:
    """Looks at one stack through one session."""

    def __init__(self, stack: str, kinds: Iterable[Kind], session: Session, workers: int) -> None:
        self._stack = stack
        self._levels = levels(kinds)
        self._session = session
        self._drivers: Mapping[str, Driver] = session.drivers()
        self._workers = workers

    def observe(self, parts: Iterable[NamedPart], memory: Memory, scope: Scope) -> Observed:
        """Everything of this stack, and whatever stands where its parts want to stand.

        Every kind is asked for in all places of `scope`, and where something is known of it.
        """
        return self._asked(Batches(self._stack, parts, memory, scope).of)

    def sweep(self, whose: Whose, places: Iterable[str]) -> Observed:
        """Everything in `places` that is of any stack, or anybody's.

        Raises CallError where reading is not permitted.
        """
        wide = tuple(places)

        def batches(kind: Kind, found: Iterable[Found]) -> list[Batch]:
            used = parents(kind, found)
            return [Batch(place, {}, used=used, whose=whose) for place in wide]

        return self._asked(batches)

    def _asked(self, batches: Callable[[Kind, Iterable[Found]], list[Batch]]) -> Observed:
        """What all `batches` of all kinds show; they are given what was found so far."""
        found: list[Found] = []
        unread: dict[Spot, str] = {}
        with ThreadPoolExecutor(self._workers, "observe") as pool:
            for level in self._levels:
                asked = [(kind.name, batch) for kind in level for batch in batches(kind, found)]
                for (kind_name, batch), answer in zip(
                    asked, pool.map(lambda ask: self._ask(*ask), asked), strict=True
                ):
                    found.extend(answer[0])
                    if answer[1]:
                        unread[(kind_name, batch.place)] = answer[1]
        return Observed((), unread).refreshed(found)

    @property
    def markable(self) -> frozenset[str]:
        """The kinds whose owner's labels can change after birth."""
        return frozenset(
            kind for kind, driver in self._drivers.items() if isinstance(driver, Marks)
        )

    def uses(self, kind: str) -> tuple[str, ...]:
        """The kinds that objects of this kind hang on."""
        return next((it.uses for level in self._levels for it in level if it.name == kind), ())

    def look(self, kind: str, batch: Batch) -> Look:
        """One batch of one kind, in the middle of a turn: never raises."""
        try:
            return Look(*self._ask(kind, batch))
        except CallError as error:
            return Look((), str(error.failure))

    def spotted(
        self, kind: str, place: str, names: Iterable[str], ids: Iterable[str], used: Used
    ) -> Look:
        """Some objects of ours by name and id; what else the target tells is left out."""
        known, wanted = frozenset(filter(None, names)), frozenset(filter(None, ids))
        seen = self.look(kind, Batch(place, {STACK: self._stack}, known, wanted, used))
        chosen = (each for each in seen.found if each.name in known or each.id in wanted)
        return Look(tuple(chosen), seen.unread)

    def precious(self, kinds: Iterable[Kind], places: Iterable[str]) -> tuple[Found, ...]:
        """Everything of this stack that holds data, by labels alone: what a lost store held.

        Raises CallError when not all of it could be read: then nothing can be concluded.
        """
        held: list[Found] = []
        for kind in kinds:
            for place in places if kind.precious else ():
                found, unread = self._ask(kind.name, Batch(place, {STACK: self._stack}))
                if unread:
                    failure = Failure(ErrorCode.UNKNOWN, unread, remedy="run again")
                    raise CallError(failure, f"observe {kind.name} in {place}")
                held.extend(found)
        return tuple(held)

    def _ask(self, kind: str, batch: Batch) -> tuple[tuple[Found, ...], str]:
        try:
            return tuple(self._drivers[kind].observe(batch)), ""
        except Incomplete as partly:
            return partly.found, partly.reason
        except Exception as error:  # whatever the SDK raises; the session knows what it means
            failure = self._session.classify(error)
            if failure.code in (ErrorCode.DENIED, ErrorCode.INVALID):
                raise CallError(failure, f"observe {kind} in {batch.place}") from error
            return (), str(failure)
