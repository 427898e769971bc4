"""A file is at one version or the next, never between; and many may open a new file at once."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path

import pytest

from cloudabstract.errors import StoreError
from cloudabstract.store import Store, Trace, schema


def columns(path: Path) -> set[str]:
    db = sqlite3.connect(path)
    try:
        return {row[1] for row in db.execute("PRAGMA table_info(traces)")}
    finally:
        db.close()


@pytest.mark.parametrize("victim", range(5))
def test_a_kill_within_a_migration_leaves_the_old_version(path, clock, child, victim) -> None:
    """Killed at any statement, the file is what it was before, and opens with all it held."""
    trace = Trace("k", "eu", "v", "part/v", "Volume/v", "id-1")
    with Store.open(path, clock) as store, store.lease("shop", "ann", beat=0) as held:
        store.settle("shop", held.fence, learn=[trace])
    before = columns(path)
    migration = child("migrate", path, victim)
    assert migration.communicate()[0] == ""
    assert migration.returncode == -signal.SIGKILL
    assert columns(path) == before
    with Store.open(path, clock) as store:
        assert store.memory("shop").traces == (trace,)


def test_a_migration_that_ends_leaves_the_new_version(path, clock, child) -> None:
    """The same migration unharmed goes all the way, and this release then refuses the file."""
    Store.open(path, clock).close()
    with sqlite3.connect(path, isolation_level=None) as db:
        steps = (*schema.MIGRATIONS, ("ALTER TABLE traces ADD COLUMN later TEXT",))
        schema.migrate(db, path, steps)
        assert schema.version(db, path) == len(steps)
    db.close()
    assert "later" in columns(path)
    with pytest.raises(StoreError, match="newer"):
        Store.open(path, clock)


def test_a_failing_migration_leaves_the_old_version(path, clock) -> None:
    """A statement that SQLite refuses undoes the whole step."""
    Store.open(path, clock).close()
    with sqlite3.connect(path, isolation_level=None) as db:
        steps = (*schema.MIGRATIONS, ("CREATE TABLE later (x)", "CREATE NONSENSE"))
        with pytest.raises(sqlite3.OperationalError):
            schema.migrate(db, path, steps)
        assert schema.version(db, path) == len(schema.MIGRATIONS)
        assert db.execute("SELECT * FROM sqlite_master WHERE name = 'later'").fetchall() == []
    db.close()


def test_four_processes_may_create_one_store_at_once(path, clock, child) -> None:
    """All of them open it, none is refused, and what each wrote is there."""
    path.parent.mkdir()
    opening = [child("open_new", path) for _ in range(4)]
    for one in opening:
        assert one.stdout.readline() == "ready\n"
    for number, one in enumerate(opening):
        one.stdin.write(f"stack-{number}\n")
        one.stdin.flush()
    assert [one.stdout.readline() for one in opening] == ["done\n"] * 4
    with Store.open(path, clock) as store:
        assert store.stacks() == ("stack-0", "stack-1", "stack-2", "stack-3")
    assert [file.name for file in path.parent.iterdir()] == ["store.db"]
