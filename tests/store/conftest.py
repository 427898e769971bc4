"""A store in a temporary folder, clocks that obey the test, and children to kill."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import cloudabstract.errors
from cloudabstract.store import Held, Intent, Store

ROOT = Path(cloudabstract.errors.__file__).parent.parent
CHILD = Path(__file__).with_name("child.py")


class StillClock:
    """Stands still until told to move; whoever sleeps on it sleeps until then."""

    def __init__(self, start: float = 1_000.0) -> None:
        self._now = start
        self._moved = threading.Condition()
        self._asleep = 0

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        with self._moved:
            until = self._now + seconds
            self._asleep += 1
            self._moved.notify_all()
            while self._now < until and not (wake is not None and wake.is_set()):
                self._moved.wait(0.005)  # `wake` cannot notify us
            self._asleep -= 1

    def advance(self, seconds: float) -> None:
        with self._moved:
            self._now += seconds
            self._moved.notify_all()

    def await_sleeper(self) -> None:
        """Return when somebody sleeps on this clock."""
        with self._moved:
            assert self._moved.wait_for(lambda: self._asleep > 0, timeout=20)


class JumpingClock(StillClock):
    """Sleeping takes no time and moves the clock; `then` runs after each sleep."""

    then: Callable[[], None] = staticmethod(lambda: None)

    def sleep(self, seconds: float, wake: threading.Event | None = None) -> None:
        self.advance(seconds)
        self.then()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def jumping_clock() -> JumpingClock:
    return JumpingClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "store.db"


@pytest.fixture
def store(path: Path, clock: StillClock) -> Iterator[Store]:
    with Store.open(path, clock) as opened:
        yield opened


@pytest.fixture
def held(store: Store) -> Iterator[Held]:
    """The stack "shop", held without a heartbeat."""
    with store.lease("shop", "ann", beat=0) as lease:
        yield lease


@pytest.fixture
def intent() -> Callable[..., Intent]:
    """Intents that differ in what the test cares about."""

    def make(verb: str = "create", name: str = "data", **more: object) -> Intent:
        fields = {"part": f"part/{name}", "resource": "Volume/data", "token": "t0"} | more
        return Intent(verb, "aws.volume", "eu-1", name, **fields)  # type: ignore[arg-type]

    return make


@pytest.fixture
def child() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start child.py with a role and arguments; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        one = subprocess.Popen(
            [sys.executable, str(CHILD), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()
