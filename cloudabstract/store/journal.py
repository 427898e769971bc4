"""The write-ahead record of every mutating call: what is about to be sent, before it is sent.

`begin` returns when the intent is on disk, so that after a crash at any instant the next run knows
which calls may have happened; for a create it also leaves the trace of what will exist. `end`
records the outcome. It need not be waited for: an end that is lost leaves an open intent, and an
open intent only makes the next run look before it acts.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from cloudabstract.clock import Clock
from cloudabstract.errors import StoreError
from cloudabstract.store import lease, settle
from cloudabstract.store.database import Database
from cloudabstract.store.memory import Trace, TraceKey
from cloudabstract.store.writer import Job

if TYPE_CHECKING:
    from sqlite3 import Connection

Verb = Literal["create", "update", "delete", "mark"]
Outcome = Literal["done", "failed", "unknown"]

_log = logging.getLogger("cloudabstract.store")

_INSERT = """
    INSERT INTO intents
        (stack, fence, at, verb, kind, place, name, part, resource, token, precious)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SELECT_OPEN = """
    SELECT number, at, fence, verb, kind, place, name, part, resource, token, precious
    FROM intents WHERE stack = ? AND ended IS NULL ORDER BY number"""
_SELECT_ONE = """
    SELECT verb, kind, place, name, part, resource, token, precious
    FROM intents WHERE stack = ? AND number = ? AND ended IS NULL"""
_SELECT_PAST = """
    SELECT number, at, ended, outcome, error,
        verb, kind, place, name, part, resource, token, precious
    FROM intents WHERE stack = ? ORDER BY number DESC LIMIT ?"""
_KEPT = 10_000  # ended intents, counted over all stacks, that stay for a person to read


@dataclass(frozen=True)
class Intent:
    """One mutating call that is about to be made."""

    verb: Verb
    kind: str
    place: str
    name: str
    part: str
    resource: str
    token: str = ""  # idempotency token sent with the call
    precious: bool = False

    @property
    def key(self) -> TraceKey:
        """The object the call is about."""
        return (self.kind, self.place, self.name)

    @property
    def trace(self) -> Trace:
        """What is left in memory when nothing more is ever heard of the call."""
        return Trace(*self.key, self.part, self.resource, precious=self.precious)


@dataclass(frozen=True)
class OpenIntent:
    """A call that was begun, and whose end was never recorded."""

    number: int
    at: float  # seconds since the epoch
    fence: int
    intent: Intent


@dataclass(frozen=True)
class PastCall:
    """A call as it was made, and what came of it."""

    number: int
    at: float  # seconds since the epoch
    ended: float | None  # None while it is under way, or was cut short
    outcome: str  # done, failed, unknown; "" while it is under way
    error: str
    intent: Intent


@dataclass(frozen=True)
class _End:
    outcome: Outcome
    id: str
    error: str


class Journal:
    """The journal of one stack, written under one lease. Threads may share it."""

    def __init__(self, database: Database, clock: Clock, stack: str, fence: int) -> None:
        self._database = database
        self._clock = clock
        self._stack = stack
        self._fence = fence
        self._lock = threading.Lock()
        self._ending: deque[tuple[int, Job[None]]] = deque()
        self._failure: Exception | None = None

    def begin(self, intent: Intent) -> int:
        """Record an intent, durably; returns its number.

        Raises StoreError when it could not be put on disk and LeaseError when the lease is gone:
        in both cases the call must not be made.
        """
        return self._database.write(lambda db: self._begin(db, intent))

    def end(
        self,
        number: int,
        outcome: Outcome,
        id: str = "",  # noqa: A002  the word Trace has for it
        error: str = "",
    ) -> None:
        """Record how a begun call ended; returns before that is durable (see `flush`).

        A create or update that is done sets the trace's id; a delete that is done removes the
        trace and counts the completed life. Anything else leaves the trace to be observed.
        """
        ended = _End(outcome, id, error)
        job = self._database.submit(lambda db: self._end(db, number, ended))
        with self._lock:
            self._ending.append((number, job))
            while self._ending and self._ending[0][1].answered:
                self._note_failure(*self._ending.popleft())

    def flush(self) -> None:
        """Return when all ends are durable. Raises the first error that any of them met."""
        self._database.drain()
        with self._lock:
            while self._ending:
                self._note_failure(*self._ending.popleft())
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def open_intents(self) -> tuple[OpenIntent, ...]:
        """Calls of this stack begun and never ended, oldest first; `end` closes them."""
        return self._database.read(lambda db: load_open(db, self._stack))

    def _begin(self, db: Connection, intent: Intent) -> int:
        lease.require(db, self._stack, self._fence)
        settle.know(db, self._stack)
        if intent.verb == "create":
            settle.upsert(db, self._stack, intent.trace)
        row = (self._stack, self._fence, self._clock.now(), *asdict(intent).values())
        return int(db.execute(_INSERT, row).lastrowid or 0)

    def _end(self, db: Connection, number: int, ended: _End) -> None:
        lease.require(db, self._stack, self._fence)
        row = db.execute(_SELECT_ONE, (self._stack, number)).fetchone()
        if row is None:
            raise StoreError(f"stack {self._stack!r}: intent {number} is not open; it cannot end")
        db.execute(
            "UPDATE intents SET ended = ?, outcome = ?, id = ?, error = ? WHERE number = ?",
            (self._clock.now(), ended.outcome, ended.id, ended.error, number),
        )
        if ended.outcome == "done":
            _remember(db, self._stack, _intent(row), ended.id)

    def _note_failure(self, number: int, job: Job[None]) -> None:
        """Keep the first error of an end for `flush`; called with the lock held."""
        job.wait()
        if job.error is None:
            return
        _log.warning("the end of intent %d was not recorded: %s", number, job.error)
        self._failure = self._failure or job.error


def load_open(db: Connection, stack: str) -> tuple[OpenIntent, ...]:
    """The open intents of `stack`, oldest first."""
    rows = db.execute(_SELECT_OPEN, (stack,))
    return tuple(OpenIntent(row[0], row[1], row[2], _intent(row[3:])) for row in rows)


def load_past(db: Connection, stack: str, limit: int) -> tuple[PastCall, ...]:
    """The latest `limit` calls of `stack`, oldest first."""
    rows = db.execute(_SELECT_PAST, (stack, limit)).fetchall()
    return tuple(
        PastCall(number, at, ended, outcome, error, _intent(tuple(rest)))
        for number, at, ended, outcome, error, *rest in reversed(rows)
    )


def drop_old(db: Connection) -> None:
    """Delete ended intents but the latest; open ones stay however old they are."""
    db.execute(
        "DELETE FROM intents WHERE ended IS NOT NULL"
        " AND number <= (SELECT max(number) FROM intents) - ?",
        (_KEPT,),
    )


def _remember(db: Connection, stack: str, intent: Intent, native_id: str) -> None:
    if intent.verb == "delete":
        settle.bury(db, stack, intent.key)
    elif intent.verb in ("create", "update"):
        settle.upsert(db, stack, replace(intent.trace, id=native_id))


def _intent(row: tuple[Any, ...]) -> Intent:
    verb, kind, place, name, part, resource, token, precious = row
    return Intent(verb, kind, place, name, part, resource, token, bool(precious))
