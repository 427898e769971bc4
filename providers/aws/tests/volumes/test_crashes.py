"""The process dies, or an answer is lost, at each call that changes something: one apply settles.

Finer than the conformance suite, which dies between verbs: here between the calls of one verb, too.
Each chapter is told once undisturbed, to learn its calls, and then once for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from cloudabstract.testing.aws import Stopped

CHAPTERS = ("birth", "growth", "detaching", "death")


@pytest.fixture
def chapter(make: Any) -> Callable[[str], tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """What is there before a chapter, and what is wanted after it."""
    restored = make.volume("again", data_source=make.source("before"))
    born = (make.volume(), make.snapshot(), restored, make.attachment())
    grown = (make.volume(size=2 * make.GIB), *born[1:])
    told = {"birth": ((), born), "growth": (born, grown), "detaching": (born, born[:-1])}
    return lambda name: told.get(name, (born, ()))


def calls(worlds: Any, before: Any, after: Any) -> list[tuple[str, int]]:
    """Each changing call of the chapter: its operation, and the how many-th of these it is."""
    with worlds() as world:
        world.settled(*before)
        world.aws.calls.clear()
        world.settled(*after)
        seen: Counter[str] = Counter()
        numbered = []
        for call in world.aws.calls.mutations:
            seen[call.operation] += 1
            numbered.append((call.operation, seen[call.operation]))
        return numbered


def check_settled(world: Any, after: Any) -> None:
    """Nothing is left to do, doubled, left over, or without an owner."""
    world.settled(*after)
    parts = [each.key.kind for each in world.plan(after).desired.parts]
    disks = [each for each in world.left() if each.startswith("vol-")]
    copies = [each for each in world.left() if each.startswith("snap-")]
    assert len(disks) == len(world.volumes()) == parts.count("aws.volume")
    assert len(copies) == parts.count("aws.snapshot")
    attached = [each for raw in world.volumes() for each in raw["Attachments"]]
    assert len(attached) == parts.count("aws.attachment")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_crash_at_any_call_is_survived(worlds: Any, chapter: Any, name: str) -> None:
    """Before it with the store kept, after it with the store lost, which is harder."""
    before, after = chapter(name)
    for operation, number in calls(worlds, before, after):
        for stop in ("stop_before", "stop_after"):
            with worlds() as world:
                world.settled(*before)
                getattr(world.aws.faults, stop)(operation, number)
                with suppress(Stopped):
                    world.apply(*after)
                world.aws.faults.clear()
                if stop == "stop_after":
                    world.forget()
                check_settled(world, after)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_lost_answer_is_looked_up(worlds: Any, chapter: Any, name: str) -> None:
    """The call had its effect and nobody said so: the same apply goes on, and makes no second."""
    before, after = chapter(name)
    for operation, number in calls(worlds, before, after):
        with worlds() as world:
            world.settled(*before)
            world.aws.faults.lose_answer(operation, number)
            assert world.apply(*after).ok, f"{operation} {number}"
            check_settled(world, after)


def test_reads_that_lag_do_not_double_anything(worlds: Any, make: Any) -> None:
    """The process died, the store is lost, and lists do not show what is new: the token does."""
    with worlds(read_lag=8) as world:
        world.aws.faults.stop_after("CreateVolume")
        with pytest.raises(Stopped):
            world.apply(make.volume())
        world.forget()
        assert world.volumes() == []
        assert world.apply(make.volume()).ok
        assert len(world.aws.calls.of("CreateVolume")) == 2
        for _ in range(8):
            world.volumes()
        assert len(world.volumes()) == 1
