"""The process dies, or an answer is lost, at each single call by which a turn changes something.

The suite does this at each verb of a driver; a verb may take several calls. Afterwards nothing is
doubled, unowned or forgotten, and one more turn settles.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import pytest
from gcp_bench.harness import LargePages
from gcp_bench.storage import volume
from gcp_bench.wire import WIRE

from cloudabstract.model import Performance, Resource
from cloudabstract.testing.calls import Crash
from cloudabstract.testing.conformance.samples import attachment, snapshot
from cloudabstract.testing.conformance.story import Story, check_settled, story
from cloudabstract.testing.gce import Emulator

_FAST, _FASTER = Performance("fast", iops=4000), Performance("fast", iops=5000)
_FIRST = (
    volume(size=10, performance=_FAST),
    snapshot("archive"),
    attachment("archive", "vm-8"),
)
_LATER = (
    volume(size=12, performance=_FASTER, reclaim_policy="Retain"),
    snapshot("archive"),
    attachment("archive", "vm-6"),
)
CHAPTERS: dict[str, tuple[tuple[Resource, ...], tuple[Resource, ...]]] = {
    "birth": ((), _FIRST),
    "change": (_FIRST, _LATER),
    "death": (_FIRST, ()),
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_any_answer_may_be_lost(chapter: str) -> None:
    """The call had its effect, and nobody heard: the same turn settles it."""
    before, after = CHAPTERS[chapter]
    methods = _writes(before, after)
    for number, method in enumerate(methods):
        with _told(before) as (told, emulator):
            emulator.faults.lose_answer(method, skip=methods[:number].count(method))
            report = told.turn(after)
            told.wait()
            _settled(told, after, f"{number}: {method}", report.ok)


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("forgetful", [False, True], ids=["store kept", "store lost"])
def test_the_process_may_be_killed_after_any_call(chapter: str, forgetful: bool) -> None:
    """With the store as the kill left it, or without any: the next turn settles."""
    before, after = CHAPTERS[chapter]
    for number, method in enumerate(_writes(before, after), 1):
        with _told(before) as (told, emulator):
            emulator.calls.clear()
            if not _killed(told, emulator, number, after):
                continue  # threads needed fewer calls this time
            if forgetful:
                told.forget()
            report = told.turn(after)
            told.wait()
            _settled(told, after, f"{number}: {method}", report.ok)


@contextlib.contextmanager
def _told(before: Iterable[Resource]) -> Iterator[tuple[Story, Emulator]]:
    """A story that has come as far as `before`."""
    with story(LargePages) as told:
        assert isinstance(told.harness, LargePages)
        told.turn(before)
        yield told, told.harness.emulator


def _writes(before: Iterable[Resource], after: Iterable[Resource]) -> list[str]:
    """The calls that change something when nothing goes wrong."""
    with _told(before) as (told, emulator):
        emulator.calls.clear()
        assert told.turn(after).ok
        return [call.method for call in emulator.calls.mutating()]


def _killed(told: Story, emulator: Emulator, number: int, after: Iterable[Resource]) -> bool:
    """A turn that dies once so many calls have changed something; every thread dies with it."""
    dead = False

    def kill() -> None:
        nonlocal dead
        if len(emulator.calls.mutating()) < number:
            return
        if not dead:
            dead = True
            told._save()
        raise Crash("killed")

    WIRE.after.append(kill)
    with contextlib.suppress(Crash):
        told.turn(after)
    WIRE.after.remove(kill)
    if dead:
        told.forget()
        told._saved.replace(told._store)
    return dead


def _settled(told: Story, after: Iterable[Resource], where: str, well: bool) -> None:
    try:
        check_settled(told, after)
        assert well
    except AssertionError as failure:
        raise AssertionError(f"{where}: {failure}") from failure
