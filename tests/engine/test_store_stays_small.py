"""A store is for years: nothing in it grows with the number of turns that were ever taken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.testing.faults import StopAfter

KEEP = 5


@pytest.fixture
def small(world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A world whose store keeps little."""
    monkeypatch.setattr("cloudabstract.store.journal._KEPT", 30)
    monkeypatch.setattr("cloudabstract.store.settle._KEPT_LIVES", 30)
    world.settings = replace(world.settings, keep=KEEP)
    return world


def _rows(world: Any) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(world.store)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master") if name]
        known = [each for each in tables if each in _TABLES]
        return {each: db.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in known}  # noqa: S608  names of the list below


_TABLES = ("stacks", "leases", "traces", "births", "keyed", "intents", "blobs", "revisions")


def _turn(make: Any, world: Any, number: int) -> Any:
    """One of many turns, no two of which want the same."""
    return [make.balancer(f"web{number}", 5), make.volume(f"v{number}", reclaim_policy="Delete")]


def test_many_turns_leave_as_much_as_few(make: Any, small: Any) -> None:
    """Revisions, their texts, calls, and lives of names that were used once: all have an end."""
    for number in range(12):
        assert small.apply(_turn(make, small, number)).ok
    few = _rows(small)
    for number in range(12, 40):
        assert small.apply(_turn(make, small, number)).ok
    many = _rows(small)
    assert set(many) == set(_TABLES)
    assert many == few
    assert many["revisions"] == KEEP
    assert many["blobs"] <= 3 * KEEP


def test_turns_that_die_leave_no_more_than_turns_that_end(make: Any, small: Any) -> None:
    """Killed at its first call each time, a run tidies up all the same."""
    for number in range(45):
        assert small.crash(_turn(make, small, number), StopAfter(1))
    rows = _rows(small)
    assert rows["revisions"] <= KEEP + 20
    assert rows["blobs"] <= 3 * (KEEP + 20)
    assert small.apply([]).ok
    assert _rows(small)["revisions"] == KEEP
    small.check_settled([])


def test_a_failing_watch_leaves_one_revision(make: Any, small: Any) -> None:
    """Each try has a report of its own; only the last one is kept."""
    small.cloud.rules.quotas = {"memory.disk": 0}
    for _ in range(12):
        with small.engine() as engine:
            engine.run((make.claim(),), make.agree, action="watch")
        small.clock.advance(60.0)
    rows = _rows(small)
    assert (rows["revisions"], rows["blobs"]) == (1, 3)


def test_a_name_that_was_forgotten_is_used_again(make: Any, small: Any) -> None:
    """The target may still know its first token: the next one is taken."""
    volume = make.volume("again", reclaim_policy="Delete")
    for wanted in ([volume], []):
        assert small.apply(wanted).ok
    for number in range(12):
        assert small.apply(_turn(make, small, number)).ok
    with closing(sqlite3.connect(small.store)) as db:
        known = db.execute("SELECT name FROM births WHERE name LIKE '%again%'").fetchall()
    assert known == []
    assert small.apply([volume]).ok
    small.check_settled([volume])
