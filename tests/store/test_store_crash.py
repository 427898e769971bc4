"""Killed with -9 at any instant, the store opens, and holds all that was said to be durable."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from cloudabstract.clock import SystemClock
from cloudabstract.store import Store, liveness


def survivors(path) -> tuple[dict[int, str], dict[str, str], set[int]]:
    """All intents by number, the ids of traces by name, and the numbers of open intents."""
    with Store.open(path, SystemClock()) as store:
        rows = store._database.read(
            lambda db: db.execute("SELECT number, name FROM intents").fetchall()
        )
        ids = {trace.name: trace.id for trace in store.memory("shop").traces}
        return dict(rows), ids, {left.number for left in store.open_intents("shop")}


@pytest.mark.parametrize("lines", [1, 7, 40, 150, 151, 400])
def test_kill_9_of_a_writer_tears_nothing_and_loses_nothing(path, child, lines) -> None:
    """Every begun intent that was reported is there with its trace, every flushed end as well."""
    writing = child("write", path)
    said = [writing.stdout.readline() for _ in range(lines)]
    writing.kill()
    # What was reported up to the kill counts too; only the very last line may be cut off.
    said += [line for line in writing.communicate()[0].splitlines(True) if line.endswith("\n")]
    facts = [line.split() for line in said]
    intents, ids, still_open = survivors(path)
    for what, number, name in facts:
        assert intents[int(number)] == name
        if what == "ended":
            assert ids[name] == f"vol-{name}"
            assert int(number) not in still_open
    assert set(ids) == set(intents.values())
    assert {name for name, native in ids.items() if not native} == {
        intents[number] for number in still_open
    }


def test_a_killed_holder_is_waited_out_or_unlocked_by_number(
    path, jumping_clock, child: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where nobody can see that it died, the next run is told who it was; it gets in after the
    lifetime, or at once by unlock."""
    monkeypatch.setattr(liveness, "_PROC", tmp_path)
    jumping_clock.advance(SystemClock().now() - jumping_clock.now())
    holding = child("hold", path)
    pid = int(holding.stdout.readline().split()[1])
    os.kill(pid, signal.SIGKILL)
    with Store.open(path, jumping_clock) as store:
        dead = store.holder("shop")
        assert dead is not None
        assert (dead.owner, dead.pid) == ("child", pid)
        patient = store.leases.acquire("shop", "ann", wait=61)
        assert patient.fence == dead.fence + 1
        store.break_lease("shop", patient.fence)
        assert store.leases.acquire("shop", "bob").fence == patient.fence + 1
