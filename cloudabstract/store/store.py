"""The one door to everything remembered: opens the file, and hands out its four parts.

Reading needs nothing. Writing needs the fence of a held lease, and is refused with LeaseError when
that lease is no longer the current one of its stack.

A stack is a stack on one target: what is remembered of `shop` on a laptop says nothing of `shop` in
a cloud, and must never be taken for something that has vanished there. The file holds them all, as
`shop@laptop` and `shop@prod`; a Store is opened for one target, and speaks of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from cloudabstract.clock import Clock
from cloudabstract.store import history as histories
from cloudabstract.store import journal as journals
from cloudabstract.store import lease as leasing
from cloudabstract.store import settle as settling
from cloudabstract.store.database import Database
from cloudabstract.store.held import Held, Terms
from cloudabstract.store.history import History
from cloudabstract.store.journal import Journal, OpenIntent, PastCall
from cloudabstract.store.lease import Lease, Leases
from cloudabstract.store.memory import Memory, Trace, TraceKey

if TYPE_CHECKING:
    from sqlite3 import Connection

# What belongs to one stack and goes with it. Leases and births stay: fences and tokens that were
# used once must never be used again, not even by a new stack of the same name.
_FORGET = (
    "DELETE FROM stacks WHERE stack = ?",
    "DELETE FROM traces WHERE stack = ?",
    "DELETE FROM keyed WHERE stack = ?",
    "DELETE FROM intents WHERE stack = ?",
    "DELETE FROM revisions WHERE stack = ?",
)


class Store:
    """One open store; threads may share it, every process opens its own."""

    def __init__(self, database: Database, clock: Clock, target: str = "") -> None:
        self._database = database
        self._clock = clock
        self._target = target
        self.leases = Leases(database, clock)

    @classmethod
    def open(cls, path: Path, clock: Clock, target: str = "") -> Store:
        """Open the store at `path`, or create it, readable by its owner alone.

        Stacks are those of `target`; "" has stacks of its own. Raises StoreError when the file is
        damaged, written by a newer release, or cannot be written.
        """
        return cls(Database.open(path, clock), clock, target)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    @property
    def commits(self) -> int:
        """Write transactions made so far through this object."""
        return self._database.commits

    def memory(self, stack: str) -> Memory:
        """All that is remembered about `stack`; empty and `cold` for one never heard of."""
        return self._database.read(lambda db: settling.load(db, self._key(stack)))

    def settle(  # noqa: PLR0913  one turn teaches all of it, and it is one transaction
        self,
        stack: str,
        fence: int,
        *,
        forget: Iterable[TraceKey] = (),
        learn: Iterable[Trace] = (),
        bindings: Mapping[str, str] | None = None,
        salts: Mapping[str, int] | None = None,
        protected: Iterable[str] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> None:
        """Record what a turn has taught, in one durable step; the stack is no longer cold.

        `forget` are keys (kind, place, name) observed gone: each that had an id completes a life.
        `learn` are traces to add or update; their `births` can only raise the count. Of the four
        mappings, None leaves what is stored and a value replaces all of it.
        """
        taught = settling.Settlement(tuple(forget), tuple(learn), bindings, salts, protected, notes)

        key = self._key(stack)

        def write(db: Connection) -> None:
            leasing.require(db, key, fence)
            settling.settle(db, key, taught)
            journals.drop_old(db)
            settling.drop_old_lives(db)

        self._database.write(write)

    def journal(self, stack: str, fence: int) -> Journal:
        """The journal of `stack`, for the holder of `fence`."""
        return Journal(self._database, self._clock, self._key(stack), fence)

    def open_intents(self, stack: str) -> tuple[OpenIntent, ...]:
        """Calls that were begun and never ended, oldest first; needs no lease."""
        return self._database.read(lambda db: journals.load_open(db, self._key(stack)))

    def past_calls(self, stack: str, limit: int) -> tuple[PastCall, ...]:
        """The latest `limit` calls that were made for `stack`, oldest first; needs no lease."""
        return self._database.read(lambda db: journals.load_past(db, self._key(stack), limit))

    def history(self, stack: str, fence: int | None = None) -> History:
        """The revisions of `stack`; give the fence to write, leave it out to read."""
        return History(self._database, self._clock, self._key(stack), fence)

    def lease(
        self,
        stack: str,
        owner: str,
        ttl: float = leasing.TTL,
        wait: float = 0.0,
        beat: float | None = None,
    ) -> Held:
        """A context manager that holds `stack` and renews the lease every `beat` seconds.

        Entry raises LeaseError when another still holds it after `wait` seconds.
        """
        return Held(self.leases, self._clock, Terms(self._key(stack), owner, ttl, wait, beat))

    def holder(self, stack: str) -> Lease | None:
        """Who holds `stack` now, or None."""
        return self.leases.holder(self._key(stack))

    def break_lease(self, stack: str, fence: int) -> None:
        """Unlock by number. Raises LeaseError when the lease with that fence is not held."""
        self.leases.break_lease(self._key(stack), fence)

    def stacks(self) -> tuple[str, ...]:
        """The names of all stacks of which anything is recorded, on any target, sorted."""
        rows = self._database.read(lambda db: db.execute("SELECT stack FROM stacks").fetchall())
        return tuple(sorted({key.partition("@")[0] for (key,) in rows}))

    def forget_stack(self, stack: str, fence: int) -> None:
        """Drop memory, journal and history of `stack`; fences and birth counts stay."""

        key = self._key(stack)

        def write(db: Connection) -> None:
            leasing.require(db, key, fence)
            for statement in _FORGET:
                db.execute(statement, (key,))
            histories.drop_unused_texts(db)

        self._database.write(write)

    def _key(self, stack: str) -> str:
        """What `stack` on this target is called in the file. Names of stacks have no `@`."""
        return f"{stack}@{self._target}" if self._target else stack

    def close(self) -> None:
        """Write what is queued and close the file; a second call does nothing."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
