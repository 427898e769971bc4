"""The tables, and how an older file becomes a current one: in one transaction, or not at all.

`MIGRATIONS[n]` are the statements that lead from version n to version n + 1. A released migration
is never edited; a change of the tables is a new entry at the end. The version stands in a table of
its own, whose name also tells our files from other programs' databases.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cloudabstract.errors import StoreError

if TYPE_CHECKING:
    from sqlite3 import Connection

_FIRST = (
    # A stack is known from its first write on, and settled once a whole turn was recorded.
    "CREATE TABLE stacks (stack TEXT PRIMARY KEY, settled INTEGER NOT NULL) WITHOUT ROWID",
    # The row outlives the lease, so that `fence` only ever grows.
    "CREATE TABLE leases (stack TEXT PRIMARY KEY, fence INTEGER NOT NULL, held INTEGER NOT NULL,"
    " owner TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,"
    " since REAL NOT NULL, expires REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE traces (stack TEXT NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL,"
    " name TEXT NOT NULL, part TEXT NOT NULL, resource TEXT NOT NULL, id TEXT NOT NULL,"
    " precious INTEGER NOT NULL, PRIMARY KEY (stack, kind, place, name)) WITHOUT ROWID",
    # Apart from traces, because a count of lives must outlive each of them.
    "CREATE TABLE births (stack TEXT NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL,"
    " name TEXT NOT NULL, births INTEGER NOT NULL,"
    " PRIMARY KEY (stack, kind, place, name)) WITHOUT ROWID",
    # Bindings, salts, protected and notes are all keyed values; `topic` says which.
    "CREATE TABLE keyed (stack TEXT NOT NULL, topic TEXT NOT NULL, key TEXT NOT NULL, value,"
    " PRIMARY KEY (stack, topic, key)) WITHOUT ROWID",
    "CREATE TABLE intents (number INTEGER PRIMARY KEY AUTOINCREMENT, stack TEXT NOT NULL,"
    " fence INTEGER NOT NULL, at REAL NOT NULL, verb TEXT NOT NULL, kind TEXT NOT NULL,"
    " place TEXT NOT NULL, name TEXT NOT NULL, part TEXT NOT NULL, resource TEXT NOT NULL,"
    " token TEXT NOT NULL, precious INTEGER NOT NULL,"
    " ended REAL, outcome TEXT NOT NULL DEFAULT '', id TEXT NOT NULL DEFAULT '',"
    " error TEXT NOT NULL DEFAULT '')",
    "CREATE INDEX open_intents ON intents (stack) WHERE ended IS NULL",
    "CREATE TABLE blobs (digest TEXT PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE revisions (stack TEXT NOT NULL, number INTEGER NOT NULL, at REAL NOT NULL,"
    " who TEXT NOT NULL, host TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,"
    " summary TEXT NOT NULL, spec TEXT NOT NULL, plan TEXT NOT NULL, report TEXT NOT NULL,"
    " PRIMARY KEY (stack, number)) WITHOUT ROWID",
)

_LIVES_END = (
    # The number of the latest intent when the last life of a name was over: lives grow old.
    "ALTER TABLE births ADD COLUMN ended INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX old_lives ON births (ended)",
)

_HOLDERS = (
    # Which process holds a lease, so that one that has died keeps nobody waiting.
    "ALTER TABLE leases ADD COLUMN process TEXT NOT NULL DEFAULT ''",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _LIVES_END, _HOLDERS)


def version(db: Connection, path: Path) -> int:
    """The schema version of an open file; 0 when it is new and empty.

    Raises StoreError when the file is a database of some other program.
    """
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return 0
    if "cloudabstract_schema" not in tables:
        raise StoreError(
            f"store {path} is a database of another program; choose another path for the store"
        )
    (found,) = db.execute("SELECT max(version) FROM cloudabstract_schema").fetchone()
    return int(found or 0)


def refuse_newer(found: int, path: Path, steps: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Raise StoreError when the file has a schema this release does not know."""
    if found <= len(steps):
        return
    raise StoreError(
        f"store {path} was written by a newer cloudabstract (schema {found}, this one knows up to "
        f"{len(steps)}); upgrade cloudabstract, or choose another path for the store"
    )


def migrate(db: Connection, path: Path, steps: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring an open file to the version after the last of `steps`, in one transaction.

    Raises StoreError when the file is newer than `steps`, and whatever SQLite raises.
    """
    if version(db, path) == len(steps):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        found = version(db, path)  # again, now that nobody else can be migrating
        refuse_newer(found, path, steps)
        db.execute("CREATE TABLE IF NOT EXISTS cloudabstract_schema (version INTEGER NOT NULL)")
        for statements in steps[found:]:
            for statement in statements:
                db.execute(statement)
        db.execute("DELETE FROM cloudabstract_schema")
        db.execute("INSERT INTO cloudabstract_schema VALUES (?)", (len(steps),))
        db.execute("COMMIT")
    finally:
        db.rollback()  # does nothing after the COMMIT
