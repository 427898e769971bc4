"""Memory on disk: how it is read back, and how a finished turn changes it.

Births follow one rule: a life is completed when an object that was known to exist (its trace has an
id) is gone. A trace without an id is forgotten without counting, because the create call it stands
for may still be under way: the same token must then be used again, and finds what that call made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudabstract.store.memory import Memory, Trace, TraceKey

if TYPE_CHECKING:
    from sqlite3 import Connection

_UPSERT_TRACE = """
    INSERT INTO traces (stack, kind, place, name, part, resource, id, precious)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (stack, kind, place, name) DO UPDATE SET
        part = excluded.part, resource = excluded.resource, precious = excluded.precious,
        id = CASE excluded.id WHEN '' THEN traces.id ELSE excluded.id END"""
_SELECT_TRACES = """
    SELECT kind, place, name, part, resource, id, precious FROM traces WHERE stack = ?"""
_DELETE_TRACE = "DELETE FROM traces WHERE stack = ? AND kind = ? AND place = ? AND name = ?"
_SELECT_ID = "SELECT id FROM traces WHERE stack = ? AND kind = ? AND place = ? AND name = ?"

_KEPT_LIVES = 100_000  # calls, of all stacks, after which a name that is not used is forgotten


@dataclass(frozen=True)
class Settlement:
    """What one turn teaches: None leaves a mapping as it is, a value replaces all of it."""

    forget: tuple[TraceKey, ...] = ()  # observed gone
    learn: tuple[Trace, ...] = ()
    bindings: Mapping[str, str] | None = None
    salts: Mapping[str, int] | None = None
    protected: Iterable[str] | None = None
    notes: Mapping[str, str] | None = None


def load(db: Connection, stack: str) -> Memory:
    """The memory of `stack`; empty and cold when nothing is known of it."""
    lives: dict[TraceKey, int] = {
        (kind, place, name): births
        for kind, place, name, births in db.execute(
            "SELECT kind, place, name, births FROM births WHERE stack = ?", (stack,)
        )
    }
    traces = tuple(_trace(row, lives) for row in db.execute(_SELECT_TRACES, (stack,)))
    settled = db.execute("SELECT settled FROM stacks WHERE stack = ?", (stack,)).fetchone()
    return Memory(
        traces=traces,
        bindings=_topic(db, stack, "bindings"),
        salts=_topic(db, stack, "salts"),
        protected=frozenset(_topic(db, stack, "protected")),
        notes=_topic(db, stack, "notes"),
        lives=lives,
        cold=settled is None or not settled[0],
    )


def settle(db: Connection, stack: str, settlement: Settlement) -> None:
    """Apply what a turn has taught; `forget` comes before `learn`."""
    for key in settlement.forget:
        _forget(db, stack, key)
    for trace in settlement.learn:
        upsert(db, stack, trace)
        if trace.births:
            _raise_births_to(db, stack, trace.key, trace.births)
    _replace(db, stack, "bindings", settlement.bindings)
    _replace(db, stack, "salts", settlement.salts)
    _replace(db, stack, "notes", settlement.notes)
    if settlement.protected is not None:
        _replace(db, stack, "protected", dict.fromkeys(settlement.protected, ""))
    db.execute("INSERT OR REPLACE INTO stacks (stack, settled) VALUES (?, 1)", (stack,))


def know(db: Connection, stack: str) -> None:
    """Note that something is recorded for `stack`, though no turn has been settled yet."""
    db.execute("INSERT OR IGNORE INTO stacks (stack, settled) VALUES (?, 0)", (stack,))


def upsert(db: Connection, stack: str, trace: Trace) -> None:
    """Write a trace; an id that is known already is never replaced by an empty one."""
    db.execute(
        _UPSERT_TRACE,
        (stack, *trace.key, trace.part, trace.resource, trace.id, int(trace.precious)),
    )


def bury(db: Connection, stack: str, key: TraceKey) -> None:
    """Drop a trace whose object has died, and count the completed life."""
    db.execute(_DELETE_TRACE, (stack, *key))
    db.execute(
        "INSERT INTO births (stack, kind, place, name, births, ended) VALUES (?, ?, ?, ?, 1, ?)"
        " ON CONFLICT (stack, kind, place, name) DO UPDATE"
        " SET births = births + 1, ended = excluded.ended",
        (stack, *key, _latest(db)),
    )


def drop_old_lives(db: Connection) -> None:
    """Forget the counts of names that nothing has had for long.

    A target that still knew their tokens would say SPENT, and the next token would be taken.
    """
    db.execute(
        "DELETE FROM births WHERE ended <= ? AND NOT EXISTS (SELECT 1 FROM traces"
        " WHERE traces.stack = births.stack AND traces.kind = births.kind"
        " AND traces.place = births.place AND traces.name = births.name)",
        (_latest(db) - _KEPT_LIVES,),
    )


def _trace(row: tuple[Any, ...], lives: Mapping[TraceKey, int]) -> Trace:
    kind, place, name, part, resource, native_id, precious = row
    births = lives.get((kind, place, name), 0)
    return Trace(kind, place, name, part, resource, native_id, births, bool(precious))


def _forget(db: Connection, stack: str, key: TraceKey) -> None:
    known = db.execute(_SELECT_ID, (stack, *key)).fetchone()
    if known is not None and known[0]:
        bury(db, stack, key)
        return
    db.execute(_DELETE_TRACE, (stack, *key))


def _raise_births_to(db: Connection, stack: str, key: TraceKey, births: int) -> None:
    db.execute(
        "INSERT INTO births (stack, kind, place, name, births, ended) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (stack, kind, place, name) DO UPDATE"
        " SET births = max(births, excluded.births), ended = excluded.ended",
        (stack, *key, births, _latest(db)),
    )


def _latest(db: Connection) -> int:
    """The number of the latest intent there ever was: time, as the journal counts it."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'intents'").fetchone()
    return int(row[0]) if row else 0


def _topic(db: Connection, stack: str, topic: str) -> dict[str, Any]:
    rows = db.execute("SELECT key, value FROM keyed WHERE stack = ? AND topic = ?", (stack, topic))
    return dict(rows.fetchall())


def _replace(db: Connection, stack: str, topic: str, wanted: Mapping[str, object] | None) -> None:
    """Make the topic equal to `wanted`, writing only what differs."""
    if wanted is None:
        return
    found: Mapping[str, object] = _topic(db, stack, topic)
    db.executemany(
        "DELETE FROM keyed WHERE stack = ? AND topic = ? AND key = ?",
        [(stack, topic, key) for key in found.keys() - wanted.keys()],
    )
    db.executemany(
        "INSERT OR REPLACE INTO keyed (stack, topic, key, value) VALUES (?, ?, ?, ?)",
        [(stack, topic, k, v) for k, v in wanted.items() if k not in found or found[k] != v],
    )
