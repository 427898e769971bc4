"""The process dies, or an answer is lost, at each single call that a turn of volumes makes.

The suite does this at each verb of a driver; a verb may take several calls. Afterwards nothing is
doubled, unowned or forgotten, and one more turn settles.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from gcp_bench.harness import GcpHarness
from gcp_bench.storage import volume
from gcp_bench.wire import WIRE

from cloudabstract.errors import CallError
from cloudabstract.model import DataSource, Performance, Resource
from cloudabstract.testing.calls import Crash
from cloudabstract.testing.conformance.samples import attachment, snapshot
from cloudabstract.testing.conformance.story import Story, check_settled, story
from cloudabstract.testing.gce import Emulator

_FAST, _FASTER = Performance("fast", iops=4000), Performance("fast", iops=5000)
_FIRST = (
    volume(size=10, performance=_FAST),
    snapshot("archive"),
    volume("restored", 12, data_source=DataSource("VolumeSnapshot", "before")),
    attachment("archive", "vm-8"),
)
_LATER = (
    volume(size=12, performance=_FASTER, deletion_protection=True),
    snapshot("archive"),
    volume("restored", 12, data_source=DataSource("VolumeSnapshot", "before")),
    attachment("archive", "vm-6"),
)
CHAPTERS: dict[str, tuple[tuple[Resource, ...], tuple[Resource, ...]]] = {
    "birth": ((), _FIRST),
    "change": (_FIRST, _LATER),
    "death": (_FIRST, ()),
}
Accident = Callable[[Emulator, int], None]


@dataclass
class Killer:
    """Ends the process after so many more answers."""

    left: int

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Crash("killed between two calls")


def _lose(emulator: Emulator, number: int) -> None:
    emulator.faults.lose_answer("*", skip=number)


def _break(emulator: Emulator, number: int) -> None:
    emulator.faults.fail_after_effect("*", skip=number)


def _emulator(told: Story) -> Emulator:
    assert isinstance(told.harness, GcpHarness)
    return told.harness.emulator


def _calls(before: Iterable[Resource], after: Iterable[Resource]) -> int:
    """How many calls the chapter takes when nothing happens."""
    with story(GcpHarness) as told:
        told.turn(before)
        _emulator(told).calls.clear()
        told.turn(after)
        return len(_emulator(told).calls)


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("accident", [_lose, _break], ids=["answer lost", "503 after effect"])
def test_any_answer_may_be_lost(chapter: str, accident: Accident) -> None:
    """The call had its effect, and nobody heard: one more turn at most, and all is well."""
    before, after = CHAPTERS[chapter]
    for number in range(_calls(before, after)):
        with story(GcpHarness) as told:
            told.turn(before)
            accident(_emulator(told), number)
            with contextlib.suppress(CallError):  # when it was the survey's answer
                told.turn(after)
            _emulator(told).faults.clear()
            _settles(told, after, f"call {number}")


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("forgetful", [False, True], ids=["store kept", "store lost"])
def test_the_process_may_die_after_any_call(chapter: str, forgetful: bool) -> None:
    """Killed after each call in turn, with and without its store afterwards."""
    before, after = CHAPTERS[chapter]
    for number in range(1, _calls(before, after) + 1):
        with story(GcpHarness) as told:
            told.turn(before)
            WIRE.after.append(Killer(number))
            with pytest.raises(BaseException):  # noqa: B017 - however it shows
                told.turn(after)
            WIRE.after.clear()
            if forgetful:
                told.forget()
            _settles(told, after, f"call {number}")


def _settles(told: Story, after: Iterable[Resource], where: str) -> None:
    report = told.turn(after)
    told.wait()
    try:
        check_settled(told, after, report)
    except AssertionError as failure:
        raise AssertionError(f"{where}: {failure}") from failure
