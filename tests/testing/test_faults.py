"""The fault kit does what it says: each fault, at the moment it names, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Incomplete, Marks, Wanted, Whose
from cloudabstract.testing import faults
from cloudabstract.testing.calls import Crash, Fault, Injected
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.faulty import FaultySession, boundaries
from cloudabstract.testing.memory import Cloud, MemoryProvider, MemorySettings

Open = Callable[..., FaultySession]
POOL = "memory.pool"
EVERYTHING = Batch("here", {}, whose=Whose.ANYBODY)


@pytest.fixture
def opened(cloud: Cloud) -> Open:
    """Open a session on the cloud with faults."""
    return lambda *given: FaultySession(MemoryProvider(MemorySettings(), cloud).connect(), *given)


def make(session: FaultySession, name: str = "one") -> Found:
    """Create a pool."""
    fields = {"protocol": "TCP", "draining_seconds": 30}
    return session.drivers()[POOL].create(
        Wanted(POOL, name, "here", fields, {"stack": "shop"}, f"{name:0>64}")
    )


def seen(session: FaultySession) -> list[str]:
    """The names of all pools, as observe tells."""
    return [each.name for each in session.drivers()[POOL].observe(EVERYTHING)]


def code(session: FaultySession, call: Callable[[], Any]) -> ErrorCode:
    """The code of what `call` raises."""
    with pytest.raises(Injected) as raised:
        call()
    return session.classify(raised.value).code


@pytest.mark.parametrize(("fault", "there"), [(faults.StopBefore, 1), (faults.StopAfter, 2)])
def test_a_stop_is_before_or_after_the_effect(
    opened: Open, cloud: Cloud, fault: Callable[[int], Fault], there: int
) -> None:
    """The second write is stopped; the world has one object, or two."""
    session = opened(fault(2))
    make(session, "one")
    with pytest.raises(Crash):
        make(session, "two")
    assert len(cloud.objects()) == there


def test_a_dead_process_does_nothing_more(opened: Open, cloud: Cloud) -> None:
    """After the crash every call of every thread crashes, and the world stays."""
    session = opened(faults.StopBefore(1))
    moments: list[int] = []
    session.on_crash = lambda: moments.append(len(cloud.objects()))
    for _ in range(3):
        with pytest.raises(Crash):
            make(session)
    with pytest.raises(Crash):
        seen(session)
    assert (moments, cloud.objects()) == ([0], ())


def test_no_except_exception_survives_a_crash(opened: Open) -> None:
    """It is not an Exception."""
    assert not issubclass(Crash, Exception)


def test_a_lost_answer_has_had_its_effect(opened: Open, cloud: Cloud) -> None:
    """UNKNOWN is raised, the object is there, and the second attempt is answered."""
    session = opened(faults.LoseAnswer())
    assert code(session, lambda: make(session)) is ErrorCode.UNKNOWN
    assert len(cloud.objects()) == 1
    assert make(session).name == "one"


def test_answers_are_lost_by_number(opened: Open) -> None:
    """Only the second write."""
    session = opened(faults.LoseAnswer([2]))
    make(session, "one")
    assert code(session, lambda: make(session, "two")) is ErrorCode.UNKNOWN
    make(session, "three")


def test_throttling_refuses_before_the_effect(opened: Open, cloud: Cloud) -> None:
    """With certainty nothing gets through; with a seed the same calls are refused again."""
    session = opened(faults.Throttle(1.0))
    assert code(session, lambda: make(session)) is ErrorCode.THROTTLED
    assert cloud.objects() == ()

    def pattern() -> list[bool]:
        throttled = opened(faults.Throttle(0.5, seed=7))
        found = []
        for number in range(20):
            try:
                make(throttled, f"pool-{number}")
                found.append(True)
            except Injected:
                found.append(False)
        return found

    assert pattern() == pattern()
    assert 0 < sum(pattern()) < 20


def test_permissions_end_at_the_given_write(opened: Open) -> None:
    """The first passes, the second and third do not."""
    session = opened(faults.Deny(2))
    make(session, "one")
    for name in ("two", "three"):
        assert code(session, lambda name=name: make(session, name)) is ErrorCode.DENIED


def test_a_quota_counts_objects_not_attempts(opened: Open) -> None:
    """Room for one: making it again is no second object."""
    session = opened(faults.Full(POOL, room=1))
    make(session, "one")
    make(session, "one")
    assert code(session, lambda: make(session, "two")) is ErrorCode.EXHAUSTED


def test_what_is_busy_gives_way_in_the_end(opened: Open, cloud: Cloud) -> None:
    """Two refusals of each object, then it goes."""
    session = opened(faults.Busy(2))
    made = make(session)
    driver = session.drivers()[POOL]
    for _ in range(2):
        assert code(session, lambda: driver.delete(made)) is ErrorCode.CONFLICT
    driver.delete(made)
    assert cloud.objects() == ()


def test_blind_hides_what_is_fresh(opened: Open) -> None:
    """Three looks miss the new object; an old one is never hidden."""
    old = make(opened(), "old")
    session = opened(faults.Blind(3, known=[old.id]))
    make(session, "new")
    assert [seen(session) for _ in range(4)][:3] == [["old"]] * 3
    assert sorted(seen(session)) == ["new", "old"]


def test_late_hides_until_the_time_of_the_kind(opened: Open, clock: FakeClock) -> None:
    """Before five seconds nothing, then the object."""
    session = opened(faults.Late(clock, {POOL: 5.0}))
    make(session)
    clock.sleep(4.0)
    assert seen(session) == []
    clock.sleep(1.0)
    assert seen(session) == ["one"]


def test_stale_shows_what_was(opened: Open) -> None:
    """After an update the first look tells the old value, the second the new one."""
    session = opened(faults.Stale(1))
    driver = session.drivers()[POOL]
    made = make(session)
    seen(session)
    driver.update(made, {"draining_seconds": 60})

    def told() -> int:
        (found,) = driver.observe(EVERYTHING)
        value: int = found.fields["draining_seconds"]
        return value

    assert [told(), told()] == [30, 60]


def test_a_half_read_is_incomplete(opened: Open) -> None:
    """It raises with what it has; the next look is whole."""
    make(opened(), "one")
    make(opened(), "two")
    session = opened(faults.HalfRead(POOL))
    with pytest.raises(Incomplete) as half:
        seen(session)
    assert len(half.value.found) == 1
    assert sorted(seen(session)) == ["one", "two"]


def test_others_meddle_in_between(opened: Open, cloud: Cloud) -> None:
    """Just before the second write the first object vanishes."""
    session = opened(faults.Meddle(2, lambda: cloud.remove(cloud.one(POOL))))
    make(session, "one")
    make(session, "two")
    assert [each.name for each in cloud.objects()] == ["two"]


def test_writes_and_reads_are_counted_apart(opened: Open) -> None:
    """Every write gives two crash points, no read gives any."""
    session = opened()

    def run() -> None:
        made = make(session)
        seen(session)
        session.drivers()[POOL].update(made, {"draining_seconds": 5})
        session.drivers()[POOL].delete(made)

    points = boundaries(session, run)
    assert points == tuple((n, side) for n in (1, 2, 3) for side in ("before", "after"))
    assert [each.verb for each in session.record.writes] == ["create", "update", "delete"]
    assert len(session.record.reads) == 1


def test_what_can_mark_still_can(opened: Open, cloud: Cloud) -> None:
    """The wrapper has `mark` when the driver has, and it is a write like any other."""
    session = opened(faults.StopAfter(2))
    made = make(session)
    driver = session.drivers()[POOL]
    assert isinstance(driver, Marks)
    with pytest.raises(Crash):
        driver.mark(made, {"stack": "other"})
    assert cloud.one(POOL).owner == {"stack": "other"}
