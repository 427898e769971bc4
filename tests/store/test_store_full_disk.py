"""On a full disk no intent is pretended: begin() raises, so that the call is never sent."""

from __future__ import annotations

import pytest

from cloudabstract.errors import StoreError
from cloudabstract.store import Store


def limit_pages(store: Store, extra: int) -> None:
    """Let the database grow by `extra` pages and no more, as on a disk that is nearly full."""

    def limit(db) -> None:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages + extra}")

    store._database.write(limit)


def begin_until_refused(journal, intent) -> tuple[list[int], str]:
    """The numbers that were begun, and the error that ended it."""
    numbers = []
    with pytest.raises(StoreError) as refusal:
        for step in range(10_000):
            numbers.append(journal.begin(intent(name=f"{step}-" + "x" * 500)))
    return numbers, str(refusal.value)


@pytest.mark.parametrize("extra", [0, 1, 2, 3, 5, 8])
def test_a_full_disk_refuses_begin_and_keeps_every_intent_before_it(
    store, held, intent, path, extra
) -> None:
    """All begun intents are open in the file, the refused one left nothing, not even a trace."""
    journal = store.journal("shop", held.fence)
    limit_pages(store, extra)
    numbers, message = begin_until_refused(journal, intent)
    assert str(path) in message
    assert "no space left" in message
    assert [left.number for left in store.open_intents("shop")] == numbers
    assert len(store.memory("shop").traces) == len(numbers)


def test_after_space_was_freed_work_goes_on(store, held, intent) -> None:
    """The same open store writes again."""
    journal = store.journal("shop", held.fence)
    limit_pages(store, 1)
    numbers, _ = begin_until_refused(journal, intent)
    limit_pages(store, 1_000)
    more = journal.begin(intent(name="again"))
    assert [left.number for left in store.open_intents("shop")] == [*numbers, more]


def test_an_end_that_found_no_space_is_told_at_flush_and_stays_open(store, held, intent) -> None:
    """The intent is kept, so the next run looks; and the loss is not silent."""
    journal = store.journal("shop", held.fence)
    number = journal.begin(intent())
    limit_pages(store, 0)
    journal.end(number, "failed", error="x" * 100_000)
    with pytest.raises(StoreError, match="no space left"):
        journal.flush()
    assert [left.number for left in store.open_intents("shop")] == [number]


def test_settle_and_history_say_that_the_disk_is_full(store, held) -> None:
    """Every other write raises the same error, and leaves what was there."""
    history = store.history("shop", held.fence)
    limit_pages(store, 0)
    with pytest.raises(StoreError, match="no space left"):
        store.settle("shop", held.fence, notes={f"{n}": "x" * 900 for n in range(500)})
    with pytest.raises(StoreError, match="no space left"):
        history.begin_revision("apply", who="ann", host="h", spec=str([*range(90_000)]))
    assert store.memory("shop").notes == {}
    assert history.list() == ()


def test_a_failing_write_of_the_system_refuses_begin(path, clock, child) -> None:
    """A real write error at the commit (the log may not grow): refused, and all before is kept."""
    said = child("fill", path, 300_000).communicate()[0].splitlines()
    begun = [line for line in said if line.startswith("begun")]
    refused = [line for line in said if line.startswith("refused")]
    assert len(begun) > 10
    assert len(refused) == 1
    assert str(path) in refused[0]
    assert said[-1] == f"again {len(begun) + 1}"
    with Store.open(path, clock) as store:
        assert len(store.open_intents("shop")) == len(begun) + 1
