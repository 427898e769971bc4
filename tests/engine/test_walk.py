"""The walk: what it does about failures, how long it waits, and how it stops."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine import Action, Limits, Stage
from cloudabstract.engine.walking.walk import Walk
from cloudabstract.errors import ErrorCode, Failure, StoreError
from cloudabstract.provider import Found, Health
from cloudabstract.testing.clock import FakeClock

CREATE = ("create", 0)


@pytest.fixture
def walk() -> Callable[..., Any]:
    """Walks a plan and gives outcomes by number; `told` collects the events."""

    def run(plan: Any, script: Any, told: list[Any] | None = None, **limits: Any) -> Any:
        clock = limits.pop("clock", None) or FakeClock()
        events = [] if told is None else told
        walked = Walk(plan, script, clock, events.append, Limits(workers=4, **limits))
        script.walk = walked
        outcomes = walked.run()
        assert [each.change for each in outcomes] == list(plan.changes)
        return {int(each.change.part.kind.removeprefix("toy.n")): each for each in outcomes}

    return run


@pytest.mark.parametrize(
    ("code", "tries", "looks"),
    [
        (ErrorCode.CONFLICT, 12, False),
        (ErrorCode.THROTTLED, 12, False),
        (ErrorCode.NOT_YET, 8, False),
        (ErrorCode.SPENT, 12, False),
        (ErrorCode.UNKNOWN, 5, True),
        (ErrorCode.NOT_FOUND, 1, False),
        (ErrorCode.TAKEN, 1, False),
        (ErrorCode.EXHAUSTED, 1, False),
        (ErrorCode.DENIED, 1, False),
        (ErrorCode.INVALID, 1, False),
    ],
)
def test_each_code_is_answered_as_often_as_its_habit_says(
    toy: Any, script: Any, walk: Any, code: ErrorCode, tries: int, looks: bool
) -> None:
    """For ever refused: so many tries, never more; UNKNOWN looks before each further one."""
    scripted = script({CREATE: [Failure(code, "no")] * 99})
    outcome = walk(toy().add(0, Action.CREATE).plan, scripted)[0]
    assert (outcome.stage, outcome.failure.code) == (Stage.FAILED, code)
    assert [looked for _, _, looked in scripted.begun] == [False] + [looks] * (tries - 1)


def test_a_failure_that_passes_is_no_failure(toy: Any, script: Any, walk: Any) -> None:
    """Told as retries while it lasts, and done in the end."""
    passing = [Failure(code, "no") for code in (ErrorCode.CONFLICT, ErrorCode.UNKNOWN)]
    told: list[Any] = []
    outcomes = walk(toy().add(0, Action.CREATE).plan, script({CREATE: passing}), told)
    assert outcomes[0].stage is Stage.DONE
    assert [each.stage for each in told] == [
        Stage.STARTED,
        Stage.RETRYING,
        Stage.RETRYING,
        Stage.DONE,
    ]
    assert [(each.done, each.total) for each in told][-1] == (1, 1)


def test_a_delete_that_stays_in_use_is_given_up_in_minutes(
    toy: Any, script: Any, walk: Any
) -> None:
    """Bounded: about three minutes of patience, a dozen calls, and the rest is done meanwhile."""
    clock = FakeClock()
    scripted = script({("delete", 0): [Failure(ErrorCode.CONFLICT, "in use")] * 99})
    plan = toy().add(0, Action.DELETE).add(1, Action.DELETE).plan
    outcomes = walk(plan, scripted, clock=clock)
    assert (outcomes[0].stage, outcomes[1].stage) == (Stage.FAILED, Stage.DONE)
    assert 60 < clock.slept < 300


def test_a_target_that_asks_for_hours_is_not_waited_for(toy: Any, script: Any, walk: Any) -> None:
    """A cool-down longer than a few minutes is for the next apply."""
    clock = FakeClock()
    cooling = Failure(ErrorCode.CONFLICT, "modified lately", retry_after=6 * 3600.0)
    outcome = walk(toy().add(0, Action.CREATE).plan, script({CREATE: [cooling]}), clock=clock)[0]
    assert (outcome.stage, outcome.failure.retryable) == (Stage.FAILED, True)
    assert clock.slept == 0


def test_a_target_that_asks_for_seconds_gets_them(toy: Any, script: Any, walk: Any) -> None:
    """Its word counts more than our own delay."""
    clock = FakeClock()
    slow = Failure(ErrorCode.THROTTLED, "slow down", retry_after=20.0)
    walk(toy().add(0, Action.CREATE).plan, script({CREATE: [slow]}), clock=clock)
    assert clock.slept >= 20


def test_failure_stops_users_and_nobody_else(toy: Any, script: Any, walk: Any) -> None:
    """Those that need it are skipped, and say what is missing."""
    scripted = script({CREATE: [Failure(ErrorCode.DENIED, "no")]})
    plan = toy().add(0, Action.CREATE).add(1, Action.CREATE, 0).add(2, Action.CREATE).plan
    outcomes = walk(plan, scripted)
    stages = [outcomes[number].stage for number in range(3)]
    assert stages == [Stage.FAILED, Stage.SKIPPED, Stage.DONE]
    assert outcomes[1].message == "LoadBalancer/r0#toy.n0:only is not there"


def test_objects_are_waited_for_all_at_once(toy: Any, script: Any, walk: Any) -> None:
    """Each look is about all that are PENDING; the time between looks grows to five seconds."""
    clock = FakeClock()
    slow = {("create", n): [_pending(n)] for n in range(20)}
    scripted = script(slow)
    ready = clock.now() + 60
    scripted.seen = lambda found: replace(found, health=_health(clock.now() >= ready))
    plan = toy()
    for number in range(20):
        plan.add(number, Action.CREATE)
    outcomes = walk(plan.plan, scripted, clock=clock)
    assert {each.stage for each in outcomes.values()} == {Stage.DONE}
    assert len(scripted.looks[-1]) == 20
    assert len(scripted.looks) < 40


def test_users_of_an_early_object_do_not_wait_for_it(toy: Any, script: Any, walk: Any) -> None:
    """They are made while it is PENDING; others are not."""
    for early in (True, False):
        scripted = script({CREATE: [_pending(0)]})
        scripted.seen = lambda found, s=scripted: replace(found, health=_health(len(s.looks) > 2))
        looked = {}

        def during(verb: str, number: int, s: Any = scripted, into: Any = looked) -> None:
            into[number] = len(s.looks)

        scripted.during = during
        plan = toy().add(0, Action.CREATE, early=early).add(1, Action.CREATE, 0).plan
        walk(plan, scripted)
        assert (looked[1] == 0) is early


def test_patience_has_an_end(toy: Any, script: Any, walk: Any) -> None:
    """Still PENDING after so long: NOT_YET, timed out, and the next apply goes on waiting."""
    scripted = script({CREATE: [_pending(0)]})
    outcomes = walk(toy().add(0, Action.CREATE).plan, scripted, patience=100.0)
    assert outcomes[0].failure.code is ErrorCode.NOT_YET
    assert scripted.walk.timed_out


def test_an_object_that_vanishes_is_not_waited_for(toy: Any, script: Any, walk: Any) -> None:
    """Seen PENDING, then absent twice: gone, and the next apply makes it anew."""
    clock = FakeClock()
    scripted = script({CREATE: [_pending(0)]})
    scripted.seen = lambda found: found if len(scripted.looks) < 3 else None
    outcomes = walk(toy().add(0, Action.CREATE).plan, scripted, clock=clock)
    assert outcomes[0].failure.code is ErrorCode.NOT_FOUND
    assert clock.slept < 60


def test_an_object_that_is_not_listed_yet_is_waited_for(toy: Any, script: Any, walk: Any) -> None:
    """Just made, it may be missing from what is listed."""
    scripted = script({CREATE: [_pending(0)]})
    scripted.seen = lambda found: (
        None if len(scripted.looks) < 6 else replace(found, health=Health.READY)
    )
    assert walk(toy().add(0, Action.CREATE).plan, scripted)[0].stage is Stage.DONE


def test_an_object_that_fails_is_given_up(toy: Any, script: Any, walk: Any) -> None:
    """At once or later, with the target's reason."""
    broken = replace(_pending(0), health=Health.FAILED, reason="no such image")
    outcome = walk(toy().add(0, Action.CREATE).plan, script({CREATE: [broken]}))[0]
    assert outcome.failure.message == "no such image"


def test_stopping_finishes_what_is_under_way_and_begins_nothing(
    toy: Any, script: Any, walk: Any
) -> None:
    """The call in flight ends well; everything after it is skipped as interrupted."""
    scripted = script()
    scripted.during = lambda verb, number: scripted.halt.asked.set() if number == 0 else None
    plan = toy().add(0, Action.CREATE).add(1, Action.CREATE, 0).add(2, Action.DELETE).plan
    outcomes = walk(plan, scripted)
    assert [outcomes[n].stage for n in range(3)] == [Stage.DONE, Stage.SKIPPED, Stage.SKIPPED]
    assert outcomes[1].message == "interrupted"


@pytest.mark.parametrize("wait", ["retry", "pending"])
def test_stopping_ends_all_waiting(toy: Any, script: Any, walk: Any, wait: str) -> None:
    """Neither another try nor another look."""
    waiting = Failure(ErrorCode.THROTTLED, "no") if wait == "retry" else _pending(0)
    scripted = script({CREATE: [waiting] * 99})
    told: list[Any] = []

    class Stopping(list[Any]):
        def append(self, event: Any) -> None:
            told.append(event.stage)
            if event.stage in (Stage.RETRYING, Stage.WAITING):
                scripted.halt.asked.set()

    outcomes = walk(toy().add(0, Action.CREATE).plan, scripted, Stopping())
    assert outcomes[0].stage is Stage.SKIPPED
    assert len(scripted.begun) == 1


def test_an_error_of_the_store_ends_the_walk(toy: Any, script: Any, walk: Any) -> None:
    """An intent that cannot be written is no outcome: what would come next is not begun."""
    scripted = script({CREATE: [StoreError("disk full")]})
    plan = toy().add(0, Action.CREATE).add(1, Action.CREATE, 0).add(2, Action.DELETE).plan
    with pytest.raises(StoreError):
        walk(plan, scripted)
    assert [(verb, number) for verb, number, _ in scripted.begun] == [CREATE]


def test_many_workers_make_each_call_once(toy: Any, script: Any, walk: Any) -> None:
    """Hundreds of steps over four threads: every one begun exactly once."""
    scripted = script()
    lock, begun = threading.Lock(), []

    def during(verb: str, number: int) -> None:
        with lock:
            begun.append(number)

    scripted.during = during
    plan = toy()
    for number in range(150):
        plan.add(number, Action.CREATE)
    outcomes = walk(plan.plan, scripted)
    assert sorted(begun) == list(range(150))
    assert {each.stage for each in outcomes.values()} == {Stage.DONE}


def _pending(number: int) -> Found:
    return Found(f"toy.n{number}", f"id-{number}", f"name{number}", "here", {}, {}, Health.PENDING)


def _health(ready: bool) -> Health:
    return Health.READY if ready else Health.PENDING
