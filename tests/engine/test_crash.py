"""A process can die at any write: after one more apply nothing is doubled, orphaned or unowned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudabstract.engine import Limits, Settings
from cloudabstract.model import Performance, Port
from cloudabstract.testing.calls import Fault
from cloudabstract.testing.faults import Blind, LoseAnswer, StopAfter, StopBefore, Throttle

ONE_THREAD = Settings(Limits(workers=1), ttl=0.0, beat=0.0, who="test")  # the same writes each time
STOPS: dict[str, Callable[[int], Fault]] = {"before": StopBefore, "after": StopAfter}

Chapter = tuple[list[Any], list[Any]]  # what is there before, and what is wanted then


def chapters(make: Any) -> dict[str, Chapter]:
    """Birth, change, gaps, growth, release and death."""
    keeps = make.storage_class("keeps", reclaim_policy="Retain")
    balancer = make.balancer("web", 5, ports=(Port(80, "a"), Port(81, "b")))
    inside = make.balancer(
        "web", 5, 6, ports=(Port(80, "a"), Port(82, "c")), routability="Internal"
    )
    claim = make.claim("kept", volume_class_name="keeps")
    copies = [make.claim(), make.snapshot(), make.claim("again", data_source=make.source("before"))]
    bound = [make.volume(), make.claim("bound", volume_class_name=""), make.attachment("bound")]
    return {
        "birth": ([], [balancer, *copies, *bound]),
        "change": ([balancer], [inside]),
        "gap": (bound, [*bound[:2], make.attachment("bound", "host-2")]),
        "growth": (copies, [make.claim(size=2 * make.GIB), *copies[1:]]),
        "speed": (
            [make.volume(performance=Performance("fast", 3000))],
            [make.volume(performance=Performance("fast", 4000))],
        ),
        "release": ([keeps, claim, *bound], [keeps, *bound[:1]]),
        "incarnation": ([keeps], [keeps, claim]),
        "death": ([balancer, *copies, *bound], []),
    }


NAMES = ("birth", "change", "gap", "growth", "speed", "release", "incarnation", "death")
cases = pytest.mark.parametrize("name", NAMES)


@cases
@pytest.mark.parametrize("lag", [0, 3], ids=["seen at once", "listed late"])
@pytest.mark.parametrize("lost", [False, True], ids=["store kept", "store lost"])
def test_a_crash_at_any_write_is_survived(
    make: Any, worlds: Any, name: str, lost: bool, lag: int
) -> None:
    """Before or after each write, with the store or without, however late listings are."""
    for write, side in _boundaries(make, worlds, name):
        with worlds(lag) as world:
            wanted = _told(make, world, name)
            blind = Blind(lag, known=world.ids)
            assert world.crash(wanted, blind, STOPS[side](write))
            if lost:
                world.forget()
            assert world.apply(wanted, blind).ok, f"{side} {write}"
            _check(world, wanted, f"{side} {write} of {name}")


@cases
def test_lost_answers_cost_no_second_object(make: Any, worlds: Any, name: str) -> None:
    """Each write happens, its first answer is lost: one apply is enough."""
    with worlds() as world:
        wanted = _told(make, world, name)
        assert world.apply(wanted, LoseAnswer()).ok
        _check(world, wanted, name)


@pytest.mark.parametrize("seed", range(5))
def test_throttling_costs_time_and_few_calls(make: Any, worlds: Any, seed: int) -> None:
    """Three writes in ten are refused: it converges, with less than 2.5 times the calls."""
    with worlds() as world:
        wanted = _told(make, world, "birth")
        assert world.apply(wanted).ok
        calm = len(world.record.writes)
    with worlds() as world:
        wanted = _told(make, world, "birth")
        assert world.apply(wanted, Throttle(0.3, seed)).ok
        assert len(world.record.writes) <= 2.5 * calm
        _check(world, wanted, "birth")


def _told(make: Any, world: Any, name: str) -> list[Any]:
    """Tell what came before the chapter; what is wanted in it."""
    before, wanted = chapters(make)[name]
    world.settings = ONE_THREAD
    if name == "incarnation":
        world.apply(wanted)
    world.apply(before)
    return wanted


def _boundaries(make: Any, worlds: Any, name: str) -> list[tuple[int, str]]:
    """Every instant at which the chapter's turn can die."""
    with worlds() as world:
        wanted = _told(make, world, name)
        assert world.apply(wanted).ok
        boundaries = list(world.record.boundaries)
        _check(world, wanted, name)
        assert boundaries
        return boundaries


def _check(world: Any, wanted: list[Any], where: str) -> None:
    try:
        world.check_settled(wanted)
    except AssertionError as error:
        raise AssertionError(f"{where}: {error}") from error


@pytest.mark.parametrize("how", [LoseAnswer, lambda: StopAfter(1)], ids=["unheard", "died"])
def test_data_that_we_deleted_is_not_lost(make: Any, world: Any, how: Callable[[], Fault]) -> None:
    """The answer to the delete was never heard: the next claim of that name gets a new volume."""
    world.settings = ONE_THREAD
    world.apply([make.claim()])
    old = world.cloud.one("memory.disk")
    if not world.crash([], how()):
        assert old.id not in world.ids
    assert world.apply([make.claim()]).ok
    world.check_settled([make.claim()])
    assert world.cloud.one("memory.disk").token != old.token
