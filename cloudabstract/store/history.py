"""What was done, when, by whom and with which outcome: one revision for each turn that wrote.

The spec, plan and report of a revision are texts stored once under their digest, compressed, so a
hundred turns with the same spec keep one copy. A revision is begun before the first call and
finished after the last; one that was cut short stays `unfinished`, which is itself worth knowing.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloudabstract.clock import Clock
from cloudabstract.errors import StoreError
from cloudabstract.store import faults, lease, settle
from cloudabstract.store.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection

UNFINISHED = "unfinished"

_INSERT = """
    INSERT INTO revisions
        (stack, number, at, who, host, action, outcome, summary, spec, plan, report)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SELECT_HEADS = """
    SELECT number, at, who, host, action, outcome, summary
    FROM revisions WHERE stack = ? ORDER BY number"""
_SELECT_ONE = """
    SELECT number, at, who, host, action, outcome, summary, spec, plan, report
    FROM revisions WHERE stack = ? AND number = ?"""
_DELETE_UNUSED = """
    DELETE FROM blobs WHERE digest NOT IN (
        SELECT spec FROM revisions UNION SELECT plan FROM revisions
        UNION SELECT report FROM revisions)"""


@dataclass(frozen=True)
class Revision:
    """One turn, without its texts."""

    number: int  # 1, 2, ... within its stack
    at: float  # when it began, seconds since the epoch
    who: str
    host: str
    action: str  # "apply", "delete", "rollback", ...
    outcome: str = UNFINISHED  # "done", "partial" or "failed" once finished
    summary: str = ""


@dataclass(frozen=True)
class RecordedRevision(Revision):
    """One turn with its texts (JSON); "" where there was none."""

    spec: str = ""
    plan: str = ""
    report: str = ""


class History:
    """The revisions of one stack; writing needs the fence of its lease."""

    def __init__(
        self, database: Database, clock: Clock, stack: str, fence: int | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._stack = stack
        self._fence = fence

    def begin_revision(
        self, action: str, *, who: str, host: str, spec: str = "", plan: str = ""
    ) -> int:
        """Record that a turn begins; returns its number. Raises LeaseError, StoreError."""

        def insert(db: Connection) -> int:
            self._require(db)
            settle.know(db, self._stack)
            (last,) = db.execute(
                "SELECT max(number) FROM revisions WHERE stack = ?", (self._stack,)
            ).fetchone()
            number = int(last or 0) + 1
            head = (number, self._clock.now(), who, host, action, UNFINISHED, "")
            texts = (_put(db, spec), _put(db, plan), "")
            db.execute(_INSERT, (self._stack, *head, *texts))
            return number

        return self._database.write(insert)

    def finish_revision(
        self, number: int, outcome: str, summary: str = "", report: str = ""
    ) -> None:
        """Record how the turn ended. Raises LeaseError, and StoreError for an unknown number."""

        def update(db: Connection) -> None:
            self._require(db)
            changed = db.execute(
                "UPDATE revisions SET outcome = ?, summary = ?, report = ?"
                " WHERE stack = ? AND number = ?",
                (outcome, summary, _put(db, report), self._stack, number),
            )
            if changed.rowcount == 0:
                raise self._unknown(number)

        self._database.write(update)

    def list(self) -> tuple[Revision, ...]:
        """All revisions without their texts, oldest first."""
        rows = self._database.read(lambda db: db.execute(_SELECT_HEADS, (self._stack,)).fetchall())
        return tuple(Revision(*row) for row in rows)

    def get(self, number: int) -> RecordedRevision:
        """One revision with its texts. Raises StoreError when it is unknown or damaged."""

        return self._database.read(lambda db: self._select(db, number))

    def last(self) -> RecordedRevision | None:
        """The latest revision with its texts; None when there is none."""

        def select(db: Connection) -> RecordedRevision | None:
            (number,) = db.execute(
                "SELECT max(number) FROM revisions WHERE stack = ?", (self._stack,)
            ).fetchone()
            return self._select(db, number) if number else None

        return self._database.read(select)

    def trim(self, keep: int) -> None:
        """Keep the latest `keep` revisions (at least one) and the texts some revision needs."""

        def delete(db: Connection) -> None:
            self._require(db)
            db.execute(
                "DELETE FROM revisions WHERE stack = ?1 AND number <="
                " (SELECT max(number) FROM revisions WHERE stack = ?1) - ?2",
                (self._stack, max(keep, 1)),
            )
            drop_unused_texts(db)

        self._database.write(delete)

    def _select(self, db: Connection, number: int) -> RecordedRevision:
        row = db.execute(_SELECT_ONE, (self._stack, number)).fetchone()
        if row is None:
            raise self._unknown(number)
        texts = [self._text(db, digest) for digest in row[7:]]
        return RecordedRevision(*row[:7], *texts)

    def _require(self, db: Connection) -> None:
        # No lease has the fence 0, so a history opened for reading cannot write.
        lease.require(db, self._stack, self._fence or 0)

    def _unknown(self, number: int) -> StoreError:
        return StoreError(
            f"stack {self._stack!r} has no revision {number}; `history` lists those there are"
        )

    def _text(self, db: Connection, digest: str) -> str:
        if not digest:
            return ""
        row = db.execute("SELECT body FROM blobs WHERE digest = ?", (digest,)).fetchone()
        try:
            text = zlib.decompress(row[0]) if row else b""
        except zlib.error:
            text = b""
        if hashlib.sha256(text).hexdigest() != digest:
            raise faults.damaged(self._database.path, f"text {digest[:12]} of a revision")
        return text.decode()


def drop_unused_texts(db: Connection) -> None:
    """Delete every text that no revision of any stack refers to."""
    db.execute(_DELETE_UNUSED)


def _put(db: Connection, text: str) -> str:
    """Store a text once; returns its digest, or "" for an empty text."""
    if not text:
        return ""
    raw = text.encode()
    digest = hashlib.sha256(raw).hexdigest()
    known = db.execute("SELECT 1 FROM blobs WHERE digest = ?", (digest,)).fetchone()
    if known is None:
        db.execute("INSERT INTO blobs (digest, body) VALUES (?, ?)", (digest, zlib.compress(raw)))
    return digest
