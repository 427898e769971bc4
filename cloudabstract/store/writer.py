"""One thread that makes all writes, a group at a time: many callers share one disk flush.

A caller hands in an action; the writer runs everything that has queued up since its last commit in
one transaction, and answers each caller after the COMMIT has returned. Under load a flush is thus
paid once for all callers that waited meanwhile; without load a write costs one transaction. Order
of submission is order of execution. Each action has a savepoint of its own, so that one that is
refused does not take its neighbours along.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cloudabstract.errors import StoreError

if TYPE_CHECKING:
    from sqlite3 import Connection

T = TypeVar("T")


class Job(Generic[T]):
    """One submitted action, and later its answer."""

    __slots__ = ("_action", "_answer", "_answered", "error")

    def __init__(self, action: Callable[[Connection], T]) -> None:
        self._action = action
        self._answer: T | None = None
        self._answered = threading.Event()
        self.error: Exception | None = None

    @property
    def answered(self) -> bool:
        """Whether the transaction of this job is over, either way."""
        return self._answered.is_set()

    def wait(self) -> None:
        """Return when the transaction is over."""
        self._answered.wait()

    def result(self) -> T:
        """Wait for the commit; then what the action returned, or raise what went wrong."""
        self.wait()
        if self.error is not None:
            raise self.error
        return self._answer  # type: ignore[return-value]  # set by run() whenever error is None

    def run(self, db: Connection) -> None:
        self._answer = self._action(db)

    def answer(self) -> None:
        self._answered.set()


class Writer:
    """The queue and its thread, which starts with the first write."""

    def __init__(self, db: Connection, explain: Callable[[Exception], Exception]) -> None:
        self._db = db
        self._explain = explain
        self._lock = threading.Lock()
        self._queued = threading.Condition(self._lock)
        self._queue: deque[Job[Any]] = deque()
        self._last: Job[Any] | None = None
        self._thread: threading.Thread | None = None
        self.closed = False
        self.commits = 0  # transactions committed so far

    def submit(self, action: Callable[[Connection], T]) -> Job[T]:
        """Queue `action` and return at once. Raises StoreError once the writer is closed."""
        job = Job(action)
        with self._lock:
            if self.closed:
                raise StoreError("the store is closed; open it again to write to it")
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="store", daemon=True)
                self._thread.start()
            self._queue.append(job)
            self._last = job
            self._queued.notify()
        return job

    def drain(self) -> None:
        """Return when everything submitted before this call has been answered."""
        last = self._last
        if last is not None:
            last.wait()

    def close(self) -> None:
        """Write what is queued, stop the thread and close the connection."""
        with self._lock:
            self.closed = True
            self._queued.notify()
        if self._thread is not None:
            self._thread.join()
        self._db.close()

    def _work(self) -> None:
        while jobs := self._next_group():
            self._commit(jobs)
            for job in jobs:
                job.answer()

    def _next_group(self) -> list[Job[Any]]:
        """Everything queued, waiting for at least one; empty when closed and nothing is left."""
        with self._lock:
            while not self._queue and not self.closed:
                self._queued.wait()
            jobs = list(self._queue)
            self._queue.clear()
            return jobs

    def _commit(self, jobs: list[Job[Any]]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for job in jobs:
                self._attempt(job)
            self._db.execute("COMMIT")
            self.commits += 1
        except Exception as error:  # noqa: BLE001  nothing of the group is on disk: all must know
            with contextlib.suppress(Exception):
                self._db.rollback()
            for job in jobs:
                job.error = job.error or self._explain(error)

    def _attempt(self, job: Job[Any]) -> None:
        self._db.execute("SAVEPOINT job")
        try:
            job.run(self._db)
        except Exception as error:  # it becomes the answer of this job
            if not self._db.in_transaction:  # SQLite gave up the whole group, e.g. on a full disk
                raise
            self._db.execute("ROLLBACK TO job")
            job.error = self._explain(error)
        self._db.execute("RELEASE job")
