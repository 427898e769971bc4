"""Pace and patience: buckets that keep a published rate, and delays that grow and are bounded."""

from __future__ import annotations

import threading
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.engine.walking.pacing import Bucket, Pacer
from cloudabstract.engine.walking.retry import after
from cloudabstract.errors import ErrorCode, Failure
from cloudabstract.provider import Rate
from cloudabstract.testing.clock import FakeClock

AWAKE = threading.Event()


@given(
    burst=st.integers(1, 20),
    rate=st.floats(0.1, 50),
    pauses=st.lists(st.floats(0, 10), max_size=60),
)
def test_no_window_has_more_calls_than_the_rate_allows(
    burst: int, rate: float, pauses: list[float]
) -> None:
    """In any span of time: the burst, and what has been refilled since."""
    clock = FakeClock(0.0)
    bucket = Bucket(Rate("b", burst, rate), clock)
    taken = []
    for pause in [0.0, *pauses]:
        clock.advance(pause)
        bucket.take(AWAKE)
        taken.append(clock.now())
    for first, start in enumerate(taken):
        for last in range(first, len(taken)):
            allowed = burst + (taken[last] - start) * rate
            assert last - first + 1 <= allowed + 1e-3


def test_a_full_window_is_used() -> None:
    """Pacing costs no more than the rate: a hundred calls take what the bucket must refill."""
    clock = FakeClock(0.0)
    bucket = Bucket(Rate("b", 10, 5), clock)
    for _ in range(100):
        bucket.take(AWAKE)
    assert clock.now() == pytest.approx((100 - 10) / 5)


def test_a_throttled_bucket_starts_from_nothing() -> None:
    """The target counts differently: our burst is not believed any more."""
    clock = FakeClock(0.0)
    pacer = Pacer({("k", "create"): Rate("b", 10, 1)}, clock)
    pacer.throttled("k", "create")
    pacer.take("k", "create", AWAKE)
    assert clock.now() == pytest.approx(1.0)


def test_calls_of_one_bucket_share_it_and_others_are_free() -> None:
    """A published limit is about a group of operations."""
    clock = FakeClock(0.0)
    shared = Rate("writes", 1, 1)
    pacer = Pacer({("a", "create"): shared, ("b", "delete"): shared}, clock)
    pacer.take("a", "create", AWAKE)
    pacer.take("c", "create", AWAKE)
    pacer.throttled("c", "create")
    assert clock.now() == 0.0
    pacer.take("b", "delete", AWAKE)
    assert clock.now() == pytest.approx(1.0)


def test_a_stop_cuts_the_wait_short() -> None:
    """Whoever is stopped does not wait for a token."""
    clock = FakeClock(0.0)
    pacer = Pacer({("a", "create"): Rate("b", 1, 0.001)}, clock)
    stopped = threading.Event()
    stopped.set()
    for _ in range(3):
        pacer.take("a", "create", stopped)
    assert clock.now() == 0.0


@given(code=st.sampled_from(ErrorCode), seed=st.integers(0, 99), asked=st.floats(0, 299))
def test_retries_are_bounded_in_number_and_time(code: ErrorCode, seed: int, asked: float) -> None:
    """Whatever a target answers: at most a dozen tries, and no delay beyond what it asks for."""
    tries = 1
    while (again := after(Failure(code, "", retry_after=asked), tries, Random(seed))) is not None:
        assert asked <= again.delay <= max(asked, 30.0 * 1.25)
        tries += 1
    assert tries <= 12
    assert (tries > 1) == Failure(code, "").retryable


def test_delays_grow_and_differ() -> None:
    """Each longer than the last on average, and not the same for all who wait."""
    failure = Failure(ErrorCode.THROTTLED, "")
    delays = [
        sum(after(failure, n, Random(seed)).delay for seed in range(50)) / 50  # type: ignore[union-attr]
        for n in range(1, 6)
    ]
    assert delays == sorted(delays)
    assert len({after(failure, 1, Random(seed)) for seed in range(50)}) > 40


def test_the_same_seed_gives_the_same_delays() -> None:
    """So that a run can be repeated."""
    failure = Failure(ErrorCode.CONFLICT, "")
    assert after(failure, 3, Random(7)) == after(failure, 3, Random(7))


@pytest.mark.parametrize(
    ("code", "verb", "looks"),
    [
        (ErrorCode.UNKNOWN, "create", True),
        (ErrorCode.UNKNOWN, "update", True),
        (ErrorCode.UNKNOWN, "delete", True),
        (ErrorCode.CONFLICT, "create", False),
        (ErrorCode.CONFLICT, "update", True),
        (ErrorCode.CONFLICT, "mark", True),
        (ErrorCode.CONFLICT, "delete", False),
        (ErrorCode.THROTTLED, "update", False),
    ],
)
def test_a_look_is_made_where_it_tells_something(code: ErrorCode, verb: str, looks: bool) -> None:
    """Whether the call had its effect; or what the object is like now, before changing it."""
    again = after(Failure(code, ""), 1, Random(0), verb)  # type: ignore[arg-type]
    assert again is not None
    assert again.look is looks


def test_a_look_waits_until_it_would_see() -> None:
    """An object of a kind that lags may exist unseen: concluding too early makes a second one."""
    unknown = Failure(ErrorCode.UNKNOWN, "")
    assert after(unknown, 1, Random(0), "create", lag=60.0).delay >= 60.0  # type: ignore[union-attr]
    assert after(unknown, 1, Random(0), "delete", lag=60.0).delay < 5.0  # type: ignore[union-attr]
