"""Each turn leaves a revision with its texts; equal texts are kept once."""

from __future__ import annotations

import pytest

from cloudabstract.errors import LeaseError, StoreError
from cloudabstract.store import RecordedRevision, Revision


@pytest.fixture
def history(store, held):
    return store.history("shop", held.fence)


def turn(history, action: str = "apply", **texts: str) -> int:
    number = history.begin_revision(action, who="ann", host="h1", **texts)
    history.finish_revision(number, "done", "1 added", report=f"report {number}")
    return number


def texts_stored(store) -> int:
    return store._database.read(lambda db: db.execute("SELECT count(*) FROM blobs").fetchone()[0])


def test_a_revision_comes_back_as_it_was_recorded(store, history, clock) -> None:
    """All fields and all three texts round-trip; reading needs no lease."""
    spec = '{"kind": "Volume", "name": "ü"}' * 1_000
    number = history.begin_revision("rollback", who="ann", host="h1", spec=spec, plan="[]")
    clock.advance(5)
    history.finish_revision(number, "partial", "1 of 2", report='{"ok": false}')
    expected = RecordedRevision(
        1, 1_000.0, "ann", "h1", "rollback", "partial", "1 of 2", spec, "[]", '{"ok": false}'
    )
    assert store.history("shop").get(1) == expected


def test_a_turn_cut_short_stays_unfinished(store, history) -> None:
    """Begun before the first call, a revision is there whatever happens next."""
    history.begin_revision("apply", who="ann", host="h1", spec="{}")
    revision = store.history("shop").get(1)
    assert (revision.outcome, revision.summary, revision.report) == ("unfinished", "", "")


def test_revisions_are_numbered_within_their_stack_and_listed_oldest_first(store, history) -> None:
    """1, 2, 3 for one stack, and 1 again for the next."""
    assert [turn(history), turn(history, "delete")] == [1, 2]
    with store.lease("other", "bob", beat=0) as other:
        assert turn(store.history("other", other.fence)) == 1
    assert history.list() == (
        Revision(1, 1_000.0, "ann", "h1", "apply", "done", "1 added"),
        Revision(2, 1_000.0, "ann", "h1", "delete", "done", "1 added"),
    )


def test_equal_texts_are_kept_once_and_small(store, history) -> None:
    """Ten turns with one spec store one spec, compressed."""
    spec = '{"kind": "Volume"}' * 10_000
    for _ in range(10):
        turn(history, spec=spec, plan=spec)
    assert texts_stored(store) == 1 + 10  # the spec and ten reports
    (size,) = store._database.read(
        lambda db: db.execute("SELECT max(length(body)) FROM blobs").fetchone()
    )
    assert size < len(spec) / 50


def test_trim_keeps_the_latest_and_only_the_texts_they_need(store, history) -> None:
    """Old revisions go with their texts; a text another stack needs stays; numbers go on."""
    for spec in ("old", "shared", "new"):
        turn(history, spec=spec)
    with store.lease("other", "bob", beat=0) as other:
        turn(store.history("other", other.fence), spec="shared")
    history.trim(keep=1)
    assert [revision.number for revision in history.list()] == [3]
    assert history.get(3).spec == "new"
    assert store.history("other").get(1).spec == "shared"
    assert texts_stored(store) == 4  # "new", "shared", and the reports of 3 and of the other's 1
    history.trim(keep=0)
    assert turn(history) == 4


@pytest.mark.parametrize("number", [0, 2, -1])
def test_an_unknown_revision_is_an_error_that_names_it(history, number) -> None:
    """Neither read nor finished: there is no such revision."""
    turn(history)
    with pytest.raises(StoreError, match=f"no revision {number}"):
        history.get(number)
    with pytest.raises(StoreError, match=f"no revision {number}"):
        history.finish_revision(number, "done", report="x")


def test_a_damaged_text_is_never_shown(store, history) -> None:
    """A text that no longer matches its digest is an error, not a wrong spec to roll back to."""
    turn(history, spec="{}")
    store._database.write(lambda db: db.execute("UPDATE blobs SET body = ?", (b"rotten",)))
    with pytest.raises(StoreError, match="damaged"):
        history.get(1)


def test_a_history_opened_for_reading_cannot_write(store, history) -> None:
    """Without a fence there is no lease to write under."""
    turn(history)
    reading = store.history("shop")
    for write in (
        lambda: turn(reading),
        lambda: reading.finish_revision(1, "failed"),
        lambda: reading.trim(keep=1),
    ):
        with pytest.raises(LeaseError):
            write()
    assert history.get(1).outcome == "done"
