"""The file: opened privately, brought to the current schema, then read and written safely.

Write-ahead log and synchronous=FULL: a commit that has returned survives a power cut. Writes go
through one `Writer`; reads have a connection of their own, see one snapshot, and see all that this
`Database` wrote before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cloudabstract.clock import Clock
from cloudabstract.errors import StoreError
from cloudabstract.store import faults, private, schema
from cloudabstract.store.writer import Job, Writer

if TYPE_CHECKING:
    from sqlite3 import Connection

T = TypeVar("T")

_BUSY_SECONDS = 30.0  # how long one statement waits for other processes
_WAL_ATTEMPTS = 100
_WAL_PAUSE = 0.05  # seconds
_SETTINGS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS: through the drive's own cache; elsewhere without effect
    "PRAGMA journal_size_limit = 16777216",
)


class Database:
    """One open store file. Threads may share it; another process opens its own."""

    def __init__(self, path: Path, db: Connection) -> None:
        self.path = path
        self._pid = os.getpid()
        self._writer = Writer(db, self._explain)
        self._reading = threading.Lock()
        self._reader: Connection | None = None

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Database:
        """Open or create the file at `path` and migrate it.

        Raises StoreError when it is damaged, newer, another program's, or cannot be written.
        """
        path = path.resolve()  # a dangling link would else be created by SQLite, open to all
        try:
            private.prepare(path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError(
                f"store {path} cannot be created: {reason}; make its folder writable,"
                " free some space, or choose another path"
            ) from error
        try:
            return cls(path, _open_current(path, clock))
        except Exception as error:  # noqa: BLE001  explain() lets all but SQLite's errors pass
            raise faults.explain(error, path) from error.__cause__

    @property
    def commits(self) -> int:
        """Write transactions committed through this object."""
        return self._writer.commits

    def submit(self, action: Callable[[Connection], T]) -> Job[T]:
        """Queue a write; its `result()` waits until it is durable."""
        self._refuse_fork()
        return self._writer.submit(action)

    def write(self, action: Callable[[Connection], T]) -> T:
        """Run a write; returns when it is durable. Raises StoreError, or what `action` raises."""
        return self.submit(action).result()

    def drain(self) -> None:
        """Return when every write submitted so far is answered."""
        self._writer.drain()

    def read(self, question: Callable[[Connection], T]) -> T:
        """Run a read on one snapshot that holds everything written here before."""
        self._refuse_fork()
        self.drain()
        with self._reading:
            try:
                return self._ask(question)
            except Exception as error:  # noqa: BLE001  as above
                raise self._explain(error) from error.__cause__

    def close(self) -> None:
        """Write what is queued and close; a second call does nothing."""
        if os.getpid() != self._pid:  # the connections belong to the parent
            return
        with self._reading:
            if self._reader is not None:
                self._reader.close()
                self._reader = None
        self._writer.close()

    def _ask(self, question: Callable[[Connection], T]) -> T:
        if self._writer.closed:
            raise StoreError(f"store {self.path} is closed; open it again to read from it")
        if self._reader is None:
            self._reader = _connect(self.path)
        self._reader.execute("BEGIN")
        try:
            return question(self._reader)
        finally:
            self._reader.rollback()

    def _refuse_fork(self) -> None:
        if os.getpid() != self._pid:
            raise StoreError(
                f"store {self.path} was opened before this process was forked; open it again here"
            )

    def _explain(self, error: Exception) -> Exception:
        return faults.explain(error, self.path)


def _open_current(path: Path, clock: Clock) -> Connection:
    """A connection to a sound file of the current schema; nothing is written before the checks."""
    db = _connect(path)
    try:
        schema.refuse_newer(schema.version(db, path), path)
        _check_sound(db, path)
        _use_write_ahead_log(db, clock)
        schema.migrate(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _connect(path: Path) -> Connection:
    import sqlite3

    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    for setting in _SETTINGS:
        db.execute(setting)
    return db


def _check_sound(db: Connection, path: Path) -> None:
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise faults.damaged(path, verdict)


def _use_write_ahead_log(db: Connection, clock: Clock) -> None:
    """Several processes may do this to a new file at once; SQLite then does not wait by itself."""
    import sqlite3

    for attempt in range(_WAL_ATTEMPTS):
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or attempt == _WAL_ATTEMPTS - 1:
                raise
        clock.sleep(_WAL_PAUSE)
