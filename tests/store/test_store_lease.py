"""One holder at a time; who comes late is told all, and who is late does no harm."""

from __future__ import annotations

import dataclasses
import os
import signal

import pytest

from cloudabstract.clock import SystemClock
from cloudabstract.errors import LeaseError
from cloudabstract.store import Store, Trace, liveness


def test_a_lease_says_who_holds_the_stack_and_until_when(store, clock) -> None:
    """Everything a waiting person wants to know is in the value."""
    lease = store.leases.acquire("shop", "ann", ttl=30)
    assert (lease.stack, lease.owner, lease.pid) == ("shop", "ann", os.getpid())
    assert (lease.since, lease.expires, lease.fence) == (1_000.0, 1_030.0, 1)
    assert store.holder("shop") == lease
    assert store.holder("other") is None


def test_a_held_stack_is_refused_with_holder_times_and_remedy(store) -> None:
    """The error names owner, host, process, since, until, and both ways on."""
    lease = store.leases.acquire("shop", "ann")
    with pytest.raises(LeaseError) as refusal:
        store.leases.acquire("shop", "bob")
    message = str(refusal.value)
    assert f"held by ann@{lease.host} (pid {lease.pid}, fence 1)" in message
    assert "since 1970-01-01T00:16:40Z" in message
    assert "until 1970-01-01T00:17:40Z" in message
    assert "--wait" in message
    assert "unlock 1" in message


def test_stacks_are_leased_apart(store) -> None:
    """Two stacks may be worked on at once."""
    assert store.leases.acquire("shop", "ann").fence == 1
    assert store.leases.acquire("other", "bob").fence == 1


def test_an_expired_lease_is_taken_over(store, clock) -> None:
    """Until the last instant it is refused; from then on anybody may have it."""
    store.leases.acquire("shop", "ann", ttl=60)
    clock.advance(59.9)
    with pytest.raises(LeaseError):
        store.leases.acquire("shop", "bob")
    clock.advance(0.1)
    assert store.holder("shop") is None
    assert store.leases.acquire("shop", "bob").fence == 2


def test_fences_grow_over_release_reopening_and_forgetting(path, clock) -> None:
    """No two leases of a stack ever have the same number."""
    fences = []
    for _ in range(3):
        with Store.open(path, clock) as store:
            lease = store.leases.acquire("shop", "ann")
            fences.append(lease.fence)
            store.forget_stack("shop", lease.fence)
            store.leases.release(lease)
            assert store.holder("shop") is None
    assert fences == [1, 2, 3]


def test_waiting_ends_when_the_holder_releases(path, jumping_clock) -> None:
    """A patient caller gets the stack as soon as it is free."""
    clock = jumping_clock
    with Store.open(path, clock) as store:
        lease = store.leases.acquire("shop", "ann", ttl=1_000)
        clock.then = lambda: clock.now() > 1_010 and store.leases.release(lease)
        waited = store.leases.acquire("shop", "bob", wait=60)
        assert waited.fence == 2
        assert 1_010 < waited.since < 1_012


def test_waiting_ends_after_the_patience_asked_for(path, jumping_clock) -> None:
    """Not before, and hardly after, the caller is refused."""
    with Store.open(path, jumping_clock) as store:
        store.leases.acquire("shop", "ann", ttl=1_000)
        with pytest.raises(LeaseError):
            store.leases.acquire("shop", "bob", wait=7)
        assert jumping_clock.now() == pytest.approx(1_007)


def test_a_heartbeat_keeps_the_lease(store, clock) -> None:
    """Renewed in time, it stays the holder's, with the same fence and start."""
    lease = store.leases.acquire("shop", "ann", ttl=60)
    clock.advance(50)
    renewed = store.leases.heartbeat(lease, ttl=60)
    assert renewed == dataclasses.replace(lease, expires=1_110.0)
    clock.advance(50)
    assert store.holder("shop") == renewed


def test_a_late_heartbeat_revives_a_lease_that_nobody_took(store, clock) -> None:
    """A paused holder without a rival goes on; no work is thrown away for nothing."""
    lease = store.leases.acquire("shop", "ann", ttl=60)
    clock.advance(100)
    store.leases.heartbeat(lease)
    with pytest.raises(LeaseError):
        store.leases.acquire("shop", "bob")


@pytest.mark.parametrize("how", ["taken over", "broken", "released"])
def test_every_write_of_a_former_holder_is_refused_and_changes_nothing(
    store, clock, intent, how
) -> None:
    """Paused, then awake again: each kind of write raises LeaseError, the world stays as it is."""
    lease = store.leases.acquire("shop", "ann")
    journal, history = store.journal("shop", lease.fence), store.history("shop", lease.fence)
    number = journal.begin(intent())
    revision = history.begin_revision("apply", who="ann", host="h")
    clock.advance(61)
    if how == "taken over":
        store.leases.acquire("shop", "bob")
    elif how == "broken":
        store.break_lease("shop", lease.fence)
    else:
        store.leases.release(lease)
    before = (store.memory("shop"), store.open_intents("shop"), history.get(1))
    trace = Trace("k", "p", "n", "part", "resource")

    def end() -> None:
        journal.end(number, "done", id="vol-1")
        journal.flush()

    for write in (
        lambda: journal.begin(intent(name="more")),
        end,
        lambda: store.settle("shop", lease.fence, learn=[trace]),
        lambda: history.begin_revision("apply", who="ann", host="h"),
        lambda: history.finish_revision(revision, "done"),
        lambda: history.trim(keep=1),
        lambda: store.forget_stack("shop", lease.fence),
        lambda: store.leases.heartbeat(lease),
        lambda: store.break_lease("shop", lease.fence),
    ):
        with pytest.raises(LeaseError, match="lease with fence 1 is no longer held"):
            write()
    assert (store.memory("shop"), store.open_intents("shop"), history.get(1)) == before


def test_a_fence_of_one_stack_does_not_open_another(store, held, intent) -> None:
    """Fences are numbers within a stack, and are checked with it."""
    with pytest.raises(LeaseError):
        store.journal("other", held.fence).begin(intent())
    with pytest.raises(LeaseError):
        store.settle("shop", held.fence + 1)
    assert store.stacks() == ()


def test_a_late_release_does_not_free_the_next_holders_lease(store, clock) -> None:
    """Giving back what one no longer has is without effect."""
    late = store.leases.acquire("shop", "ann")
    clock.advance(61)
    current = store.leases.acquire("shop", "bob")
    store.leases.release(late)
    assert store.holder("shop") == current


def test_unlock_with_the_wrong_number_frees_nothing(store) -> None:
    """Who read an old message cannot throw out the wrong run."""
    lease = store.leases.acquire("shop", "ann")
    with pytest.raises(LeaseError):
        store.break_lease("shop", lease.fence + 1)
    with pytest.raises(LeaseError):
        store.break_lease("never", 1)
    assert store.holder("shop") == lease
    store.break_lease("shop", lease.fence)
    assert store.holder("shop") is None


def test_who_has_died_keeps_nobody_waiting(path, child) -> None:
    """Killed, it holds the stack no more, long before its lease expires; stopped, it still does."""
    racer = child("race", path)
    assert racer.stdout.readline() == "ready\n"
    racer.stdin.write("go\n")
    racer.stdin.flush()
    assert racer.stdout.readline() == "won 1\n"
    with Store.open(path, SystemClock()) as store:
        racer.send_signal(signal.SIGSTOP)
        with pytest.raises(LeaseError, match=f"pid {racer.pid}"):
            store.leases.acquire("shop", "bob")
        racer.kill()
        racer.wait()
        assert store.holder("shop") is None
        assert store.leases.acquire("shop", "bob").fence == 2


@pytest.mark.parametrize("process", ["", "other-boot/pid:[4026531836]/77"])
def test_who_cannot_be_seen_from_here_is_not_called_dead(store, process: str) -> None:
    """Another machine's or container's process, or one that could not say who it is."""
    lease = dataclasses.replace(store.leases.acquire("shop", "ann"), process=process, pid=2**22 + 1)
    assert lease.bars(lease.since)
    assert not lease.bars(lease.expires)


def test_a_number_that_was_used_again_is_another_process() -> None:
    """Ours lives; one of our number that was born at another time has died."""
    here, _, birth = liveness.ours().rpartition("/")
    assert not liveness.has_died(f"{here}/{birth}", os.getpid())
    assert liveness.has_died(f"{here}/{int(birth) - 1}", os.getpid())


def test_a_hidden_process_is_not_called_dead(tmp_path, monkeypatch) -> None:
    """Where other users' processes are not shown, one that can be signalled lives."""
    process = liveness.ours()
    (tmp_path / "sys/kernel/random").mkdir(parents=True)
    (tmp_path / "sys/kernel/random/boot_id").write_text(process.partition("/")[0])
    (tmp_path / "self/ns").mkdir(parents=True)
    (tmp_path / "self/ns/pid").symlink_to(os.readlink("/proc/self/ns/pid"))
    monkeypatch.setattr(liveness, "_PROC", tmp_path)
    assert not liveness.has_died(process, os.getpid())
    assert liveness.has_died(process, 2**22 + 1)  # more than any pid


ROUNDS = 50
RACERS = 4


def test_of_four_processes_exactly_one_wins_every_round(path, child) -> None:
    """50 rounds, all let go at once: one winner each, with an ever greater fence."""
    Store.open(path, SystemClock()).close()
    racers = [child("race", path) for _ in range(RACERS)]

    def tell(racer, word: str) -> None:
        racer.stdin.write(word + "\n")
        racer.stdin.flush()

    assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * RACERS
    fences = []
    for _ in range(ROUNDS):
        for racer in racers:
            tell(racer, "go")
        answers = [racer.stdout.readline().split() for racer in racers]
        winners = [number for number, answer in enumerate(answers) if answer[0] == "won"]
        assert len(winners) == 1, answers
        fences.append(int(answers[winners[0]][1]))
        tell(racers[winners[0]], "release")
        assert racers[winners[0]].stdout.readline() == "released\n"
    assert fences == list(range(1, ROUNDS + 1))
