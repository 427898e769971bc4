"""An intent is on disk before its call, and its end says what became of the object."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from cloudabstract.errors import LeaseError, StoreError
from cloudabstract.store import OpenIntent, Store


@pytest.fixture
def journal(store, held):
    return store.journal("shop", held.fence)


def test_an_intent_can_be_read_by_another_connection_when_begin_returns(
    journal, path, intent
) -> None:
    """Durable means: whoever opens the file now, sees it, and the trace of what may exist."""
    other = sqlite3.connect(path)
    for step in range(20):
        number = journal.begin(intent(name=f"v{step}"))
        row = other.execute("SELECT name, ended FROM intents WHERE number = ?", (number,))
        assert row.fetchone() == (f"v{step}", None)
        trace = other.execute("SELECT id FROM traces WHERE name = ?", (f"v{step}",))
        assert trace.fetchone() == ("",)
    other.close()


def test_commits_survive_a_power_cut(store) -> None:
    """The writing connection flushes each commit: write-ahead log, synchronous FULL (2)."""
    asked = "SELECT * FROM pragma_journal_mode, pragma_synchronous"
    assert store._database.write(lambda db: db.execute(asked).fetchone()) == ("wal", 2)


def test_a_done_create_tells_its_trace_the_id(store, journal, intent) -> None:
    """Begun without an id, the trace has one once the call has told it."""
    number = journal.begin(intent(precious=True))
    assert store.memory("shop").find("aws.volume", "eu-1", "data") == intent(precious=True).trace
    journal.end(number, "done", id="vol-1")
    (trace,) = store.memory("shop").traces
    assert (trace.id, trace.part, trace.precious) == ("vol-1", "part/data", True)


@pytest.mark.parametrize("outcome", ["failed", "unknown"])
def test_a_create_that_is_not_done_leaves_its_trace_to_be_observed(
    store, journal, intent, outcome
) -> None:
    """Nobody knows what exists until it was looked for, so nothing is forgotten here."""
    journal.end(journal.begin(intent()), outcome, error="503 from the target")
    (trace,) = store.memory("shop").traces
    assert (trace.id, trace.births) == ("", 0)
    assert journal.open_intents() == ()


def test_a_done_update_is_remembered_even_of_an_object_unknown_before(
    store, journal, intent
) -> None:
    """What we could change is ours, and must not be forgotten; a mark changes no memory."""
    journal.end(journal.begin(intent("mark", "other")), "done", id="vol-8")
    journal.end(journal.begin(intent("update")), "done", id="vol-7")
    assert [(t.name, t.id) for t in store.memory("shop").traces] == [("data", "vol-7")]


def test_births_survive_any_number_of_lives(path, clock, store, held, journal, intent) -> None:
    """Created and deleted three times, the name has completed three lives, also after reopening."""
    for life in range(3):
        assert store.memory("shop").births("aws.volume", "eu-1", "data") == life
        journal.end(journal.begin(intent()), "done", id=f"vol-{life}")
        journal.end(journal.begin(intent("delete")), "done")
    journal.flush()
    with Store.open(path, clock) as again:
        memory = again.memory("shop")
    assert (memory.traces, memory.births("aws.volume", "eu-1", "data")) == ((), 3)


@pytest.mark.parametrize("outcome", ["failed", "unknown"])
def test_a_delete_that_is_not_done_counts_no_life(store, journal, intent, outcome) -> None:
    """The object may be there still."""
    journal.end(journal.begin(intent()), "done", id="vol-1")
    journal.end(journal.begin(intent("delete")), outcome)
    (trace,) = store.memory("shop").traces
    assert (trace.id, trace.births) == ("vol-1", 0)


def test_what_was_begun_and_never_ended_is_found_by_the_next_holder(
    path, clock, store, journal, intent
) -> None:
    """After a crash the next lease sees the open calls in order, and may close them."""
    first = journal.begin(intent(name="one"))
    closed = journal.begin(intent(name="two"))
    third = journal.begin(intent("delete", "three"))
    journal.end(closed, "done", id="vol-2")
    journal.flush()
    clock.advance(61)
    with Store.open(path, clock) as next_run, next_run.lease("shop", "bob", beat=0) as lease:
        expected = (
            OpenIntent(first, 1_000.0, lease.fence - 1, intent(name="one")),
            OpenIntent(third, 1_000.0, lease.fence - 1, intent("delete", "three")),
        )
        resumed = next_run.journal("shop", lease.fence)
        assert resumed.open_intents() == next_run.open_intents("shop") == expected
        for left in expected:
            resumed.end(left.number, "unknown")
        resumed.flush()
        assert resumed.open_intents() == ()
        assert next_run.open_intents("other") == ()


def test_an_end_without_a_begin_is_an_error_at_flush(store, journal, intent) -> None:
    """Ending twice, or another's number, changes nothing and is told."""
    number = journal.begin(intent("delete"))
    journal.end(number, "done")
    journal.end(number, "done")
    with pytest.raises(StoreError, match=f"intent {number} is not open"):
        journal.flush()
    journal.flush()  # told once
    assert store.memory("shop").births("aws.volume", "eu-1", "data") == 1


def test_an_end_after_the_lease_is_lost_is_refused_and_told(store, held, journal, intent) -> None:
    """The end of a holder that was unlocked is not written; the intent stays open."""
    number = journal.begin(intent())
    store.break_lease("shop", held.fence)
    journal.end(number, "done", id="vol-1")
    with pytest.raises(LeaseError):
        journal.flush()
    assert [left.number for left in store.open_intents("shop")] == [number]
    assert store.memory("shop").traces[0].id == ""


def test_closing_the_store_writes_the_ends_that_nobody_waited_for(path, clock, intent) -> None:
    """end() returns at once; close() is where it has become durable at the latest."""
    with Store.open(path, clock) as store:
        lease = store.leases.acquire("shop", "ann")
        journal = store.journal("shop", lease.fence)
        for number in [journal.begin(intent(name=f"v{step}")) for step in range(50)]:
            journal.end(number, "done", id="vol")
    with Store.open(path, clock) as store:
        assert store.open_intents("shop") == ()
        assert {trace.id for trace in store.memory("shop").traces} == {"vol"}


def test_many_threads_share_commits(store, held, journal, intent) -> None:
    """16 threads with 25 calls each: every number is unique, and far fewer transactions."""
    before = store.commits
    numbers: list[int] = []

    def work(worker: int) -> None:
        for step in range(25):
            number = journal.begin(intent(name=f"{worker}-{step}"))
            numbers.append(number)
            journal.end(number, "done", id=f"vol-{number}")

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.flush()
    assert len(set(numbers)) == 400
    assert store.commits - before < 400
    assert {trace.id for trace in store.memory("shop").traces} == {f"vol-{n}" for n in numbers}
    assert journal.open_intents() == ()


def test_old_ended_intents_are_dropped_and_open_ones_kept(
    store, held, journal, intent, monkeypatch
) -> None:
    """The journal does not grow for ever, but never loses a call that may have happened."""
    monkeypatch.setattr("cloudabstract.store.journal._KEPT", 3)
    left_open = journal.begin(intent(name="open"))
    for step in range(10):
        journal.end(journal.begin(intent(name=f"v{step}")), "done", id="vol")
    store.settle("shop", held.fence)
    kept = store._database.read(lambda db: db.execute("SELECT number FROM intents").fetchall())
    assert [number for (number,) in kept] == [left_open, 9, 10, 11]
    assert [left.number for left in journal.open_intents()] == [left_open]


def test_a_forked_child_is_refused(store, journal, intent, child, monkeypatch) -> None:
    """SQLite connections do not survive a fork: a clear error instead of a hang or damage."""
    monkeypatch.setattr("os.getpid", lambda: 1)
    with pytest.raises(StoreError, match="forked"):
        journal.begin(intent())
    with pytest.raises(StoreError, match="forked"):
        store.memory("shop")
    store.close()  # the parent's: left alone
    monkeypatch.undo()
    assert journal.begin(intent()) == 1
