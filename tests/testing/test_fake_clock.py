"""Time stands still until somebody sleeps; daemons do not drive it."""

from __future__ import annotations

import threading

import pytest

from cloudabstract.testing.clock import FakeClock


def test_sleeping_moves_time_and_nothing_else_does() -> None:
    """Two looks see one moment; a sleep of an hour is over at once, an hour later."""
    clock = FakeClock(100.0)
    assert clock.now() == clock.now() == 100.0
    clock.sleep(3600.0)
    assert clock.now() == 3700.0
    assert clock.slept == 3600.0


def test_a_wake_that_is_set_ends_a_sleep_before_it_begins() -> None:
    """Whoever is woken has not slept."""
    clock = FakeClock(100.0)
    wake = threading.Event()
    wake.set()
    clock.sleep(60.0, wake)
    assert clock.now() == 100.0


def test_time_does_not_go_back() -> None:
    """A negative step is refused; a negative sleep is none."""
    clock = FakeClock(100.0)
    with pytest.raises(ValueError, match="go back"):
        clock.advance(-1.0)
    clock.sleep(-1.0)
    assert clock.now() == 100.0


def test_a_daemon_waits_until_others_move_time() -> None:
    """A heartbeat of twenty seconds beats when twenty seconds have passed, and moves nothing."""
    clock = FakeClock(100.0)
    beats: list[float] = []

    def beat() -> None:
        clock.sleep(20.0)
        beats.append(clock.now())

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    clock.advance(19.0)
    assert beats == []
    while thread.is_alive():
        clock.advance(1.0)
        thread.join(0.01)
    assert beats
    assert beats[0] >= 120.0


def test_threads_that_sleep_together_lose_no_second() -> None:
    """Eight threads that sleep a second a hundred times make eight hundred seconds."""
    clock = FakeClock(0.0)
    threads = [
        threading.Thread(target=lambda: [clock.sleep(1.0) for _ in range(100)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == 800.0
