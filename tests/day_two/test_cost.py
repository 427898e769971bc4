"""What a turn costs that finds nothing to do."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.provider import Batch
from cloudabstract.testing.memory.driver import MemoryDriver

World, Make, Watching = Any, Any, Any  # see conftest.py


def calls(turn: Any) -> int:
    """All calls of one turn."""
    return sum(turn.calls.values())


def test_a_quiet_turn_over_a_thousand_resources_costs_a_handful_of_calls(
    world: World, make: Make, watching: Watching
) -> None:
    """It looks where something is known, in pages, and does nothing."""
    resources = tuple(make.volume(f"v{number}") for number in range(1000))
    world.apply(*resources)
    with watching(*resources) as watch:
        watch.turn()
        for turn in (watch.turn(), watch.turn()):
            assert calls(turn) <= 5
            assert turn.report.outcomes == ()


def test_now_and_then_a_turn_looks_everywhere(world: World, make: Make, watching: Watching) -> None:
    """The first does, and every twentieth, so that nothing of ours is ever missed for long."""
    with watching(make.volume()) as watch:
        costs = [calls(watch.turn()) for _ in range(41)]
    dear = [number for number, cost in enumerate(costs, 1) if cost > min(costs[1:])]
    assert dear[0] == 1
    assert dear[1:] == [20, 40]


def test_drift_and_wide_turns_look_closely(
    world: World, make: Make, stack: Any, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Targets that keep notes of what we set are asked for the objects themselves."""
    asked: list[bool] = []
    observe = MemoryDriver.observe

    def told(driver: MemoryDriver, batch: Batch) -> Any:
        asked.append(batch.closely)
        return observe(driver, batch)

    shop = stack()
    shop.apply([make.volume()])
    monkeypatch.setattr(MemoryDriver, "observe", told)
    shop.plan([make.volume()])
    assert set(asked) == {False}
    asked.clear()
    shop.drift()
    assert set(asked) == {True}
    world.apply(make.volume("other"))
    with watching(make.volume("other")) as watch:
        looks = []
        for _ in range(3):
            asked.clear()
            watch.turn()
            looks.append(all(asked))
    assert looks == [True, False, False]
