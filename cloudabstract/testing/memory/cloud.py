"""The memory cloud: what stands in it, its clock and rules, and a view for tests.

A driver uses `calls` (calls.py). A test looks at `objects()` and may do what a third party, or
fate, does to a cloud behind its owner's back: `edit`, `remove`, `relabel`, `plant`, `fail`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cloudabstract.clock import Clock, SystemClock
from cloudabstract.provider import Host

from . import laws
from .rules import Rules
from .shelf import Shelf
from .state import State
from .things import Thing, new_id


class Cloud:
    """One world. Safe to share between threads; with `path`, between processes too."""

    def __init__(
        self,
        clock: Clock | None = None,
        rules: Rules | None = None,
        places: tuple[str, ...] = ("here", "here-a", "here-b"),
        path: Path | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.rules = rules or Rules()
        self.places = places  # the region, then its zones
        self.hosts: tuple[Host, ...] = ()
        self.sick: set[str] = set()  # addresses of backends that fail their health checks
        self.watchers: list[Callable[[], object]] = []  # called after each change of the world
        self._shelf = Shelf(path) if path is not None else None
        self._state = State()
        self._lock = threading.RLock()
        self._deep = False  # a turn within a turn, as when a watcher looks

    @contextmanager
    def turn(self) -> Iterator[State]:
        """The state for one call, undisturbed by others; what falls due by now has happened."""
        with self._lock, self._shelved():
            before = self._state.edition
            self._pass_time()
            yield self._state
            if self._state.edition == before:
                return
            if self._shelf is not None:
                self._shelf.save()
            for watcher in self.watchers:
                watcher()

    @contextmanager
    def _shelved(self) -> Iterator[None]:
        """Meanwhile the state is what the file says, and nobody else's turn."""
        if self._shelf is None or self._deep:
            yield
            return
        with self._shelf.locked():
            self._state = self._shelf.load()
            self._deep = True
            try:
                yield
            except BaseException:
                self._shelf.forget()
                raise
            finally:
                self._deep = False

    def _pass_time(self) -> None:
        now = self.clock.now()
        for each in tuple(self._state.leaving):
            if (self._state.things[each].gone_at or 0.0) <= now:
                self._state.take(each)

    # What a test sees.

    def objects(self, kind: str = "") -> tuple[Thing, ...]:
        """Everything that stands, strangers' objects and those being deleted too."""
        with self.turn() as state:
            found = state.of(kind) if kind else state.things.values()
            return tuple(sorted(found, key=lambda each: each.id))

    def one(self, kind: str) -> Thing:
        """The only object of that kind. Raises LookupError when there is none, or more than one."""
        found = self.objects(kind)
        if len(found) != 1:
            raise LookupError(f"there are {len(found)} objects of kind {kind}, not one")
        return found[0]

    # What a third party does.

    def edit(self, thing: Thing | str, **fields: Any) -> Thing:
        """Change fields, against any rule. Raises KeyError when it is gone."""
        with self.turn() as state:
            old = state.things[_id(thing)]
            return state.put(replace(old, fields={**old.fields, **fields}, version=old.version + 1))

    def relabel(self, thing: Thing | str, labels: Mapping[str, str]) -> Thing:
        """Make `labels` all the labels there are; the owner's begin with `cloudabstract:`."""
        with self.turn() as state:
            old = state.things[_id(thing)]
            return state.put(replace(old, labels=dict(labels), version=old.version + 1))

    def remove(self, thing: Thing | str) -> None:
        """Make an object vanish at once, even one in use. What it has registered goes too."""
        with self.turn() as state:
            for each in laws.registrations(state, _id(thing)):
                state.take(each.id)
            state.take(_id(thing))

    def fail(self, thing: Thing | str, reason: str) -> Thing:
        """Break an object: it is FAILED from now on."""
        with self.turn() as state:
            old = state.things[_id(thing)]
            return state.put(replace(old, failure=reason, version=old.version + 1))

    def plant(
        self,
        kind: str,
        name: str,
        fields: Mapping[str, Any] | None = None,
        place: str = "",
        labels: Mapping[str, str] | None = None,
    ) -> Thing:
        """Put a stranger's object into the world, as the console would, without any check."""
        with self.turn() as state:
            where = place or self.places[0]
            made = new_id(kind, where, name)
            return state.put(Thing(kind, made, name, where, dict(fields or {}), dict(labels or {})))

    def add_hosts(self, hosts: Iterable[Host]) -> None:
        """Machines that pools can select by label or name."""
        self.hosts = (*self.hosts, *hosts)


def _id(thing: Thing | str) -> str:
    return thing if isinstance(thing, str) else thing.id
