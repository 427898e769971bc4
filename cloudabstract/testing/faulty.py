"""A session in which calls go wrong: wraps every driver of a real one, and counts.

    session = FaultySession(provider.connect(), StopAfter(3))

Once a fault has raised Crash the session is dead: whichever thread calls it next dies too, as all
threads of a process do. `on_crash` runs at that moment, e.g. to save a store as a kill leaves it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cloudabstract.errors import Failure
from cloudabstract.model import Resource
from cloudabstract.provider import (
    Batch,
    Driver,
    Facts,
    Finding,
    Found,
    Marks,
    Rate,
    Session,
    Verb,
    Wanted,
)

from .calls import Call, Crash, Fault, Injected

T = TypeVar("T")


@dataclass
class Record:
    """The calls that were made, in order; those that a fault stopped are in it too."""

    writes: list[Call] = field(default_factory=list)
    reads: list[Call] = field(default_factory=list)

    @property
    def boundaries(self) -> tuple[tuple[int, str], ...]:
        """Every point at which the run could have died: before and after each write."""
        return tuple((call.number, side) for call in self.writes for side in ("before", "after"))


class FaultySession:
    """A Session whose drivers suffer `faults`, in the order given. Shared by threads."""

    def __init__(self, session: Session, *faults: Fault) -> None:
        self._session = session
        self.faults = faults
        self.record = Record()
        self.on_crash: Callable[[], object] = lambda: None
        self.on_write: Callable[[Call], object] = lambda call: None  # after each, whatever came
        self._dead = False
        self._lock = threading.RLock()
        self._drivers: dict[str, Driver] = {
            kind: _wrapper(driver)(kind, driver, self) for kind, driver in session.drivers().items()
        }

    @property
    def rates(self) -> Mapping[tuple[str, Verb], Rate]:
        """As the session says."""
        return self._session.rates

    @property
    def calls(self) -> Mapping[str, int]:
        """As the session says: calls that faults stopped are not among them."""
        return self._session.calls

    def survey(self, resources: Iterable[Resource]) -> Facts:
        """As the session does."""
        self._check_alive()
        return self._session.survey(resources)

    def drivers(self) -> Mapping[str, Driver]:
        """The wrapped drivers."""
        return self._drivers

    def classify(self, error: Exception) -> Failure:
        """The failure that a fault answered with, else what the session says."""
        return error.failure if isinstance(error, Injected) else self._session.classify(error)

    def checkup(self) -> Iterable[Finding]:
        """As the session does."""
        return self._session.checkup()

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def read(self, kind: str, batch: Batch, driver: Driver) -> tuple[Found, ...]:
        """One observe, with faults."""
        self._check_alive()
        with self._lock:
            call = Call(len(self.record.reads) + 1, "observe", kind, batch.place)
            self.record.reads.append(call)
        self._suffer(lambda fault: fault.before(call))
        found = tuple(driver.observe(batch))
        for fault in self.faults:
            found = fault.seen(call, found)
        return found

    def write(self, call: Call, make: Callable[[], T]) -> T:
        """One mutating call, with faults; `call` gets its number here."""
        self._check_alive()
        with self._lock:
            call = Call(**{**vars(call), "number": len(self.record.writes) + 1})
            self.record.writes.append(call)
        self._suffer(lambda fault: fault.before(call))
        try:
            answer = make()
            self._suffer(lambda fault: fault.after(call))
            return answer
        finally:
            self.on_write(call)

    def _suffer(self, strike: Callable[[Fault], None]) -> None:
        for fault in self.faults:
            try:
                strike(fault)
            except Crash:
                self._die()
                raise

    def _die(self) -> None:
        with self._lock:
            if not self._dead:
                self._dead = True
                self.on_crash()

    def _check_alive(self) -> None:
        if self._dead:
            raise Crash("the process is dead")


class _FaultyDriver:
    """A driver whose calls go through a FaultySession."""

    def __init__(self, kind: str, driver: Any, session: FaultySession) -> None:
        self._kind = kind
        self._driver = driver
        self._session = session

    def observe(self, batch: Batch) -> Iterable[Found]:
        return self._session.read(self._kind, batch, self._driver)

    def create(self, wanted: Wanted) -> Found:
        fields, token = wanted.fields, wanted.token
        call = Call(0, "create", wanted.kind, wanted.place, wanted.name, fields, token)
        made: Found = self._session.write(call, lambda: self._driver.create(wanted))
        return made

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        call = _call("update", found, fields)
        updated: Found = self._session.write(call, lambda: self._driver.update(found, fields))
        return updated

    def delete(self, found: Found) -> None:
        self._session.write(_call("delete", found), lambda: self._driver.delete(found))


class _MarkingDriver(_FaultyDriver):
    """One whose inner driver can mark."""

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        call = _call("mark", found)
        marked: Found = self._session.write(call, lambda: self._driver.mark(found, labels))
        return marked


def _wrapper(driver: Driver) -> type[_FaultyDriver]:
    return _MarkingDriver if isinstance(driver, Marks) else _FaultyDriver


def _call(verb: str, found: Found, fields: Mapping[str, Any] | None = None) -> Call:
    return Call(0, verb, found.kind, found.place, found.name or found.id, fields or {})


def boundaries(session: FaultySession, run: Callable[[], object]) -> tuple[tuple[int, str], ...]:
    """Every (write, side) at which `run`, which is run once here, could have died."""
    run()
    return session.record.boundaries
