"""Dead before or after any single call to Google: nothing twice, nothing lost, nothing nobody's.

The conformance suite dies between the verbs of drivers; a verb may make several calls, so here the
process dies at the calls themselves. Where there are many, every third call is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from gcp_bench.harness import GcpHarness
from gcp_bench.wire import WIRE, Death

from cloudabstract.model import Resource
from cloudabstract.testing.calls import Crash
from cloudabstract.testing.conformance.samples import changed_balancer
from cloudabstract.testing.conformance.story import Story, check_settled, story

SAMPLES = GcpHarness.samples()
BALANCER = SAMPLES["balancer"].resources
APPLICATION = SAMPLES["application"].resources
CHAPTERS: dict[str, tuple[tuple[Resource, ...], tuple[Resource, ...]]] = {
    "birth of l4": ((), BALANCER),
    "birth of l7": ((), APPLICATION),
    "change of l7": (APPLICATION, tuple(changed_balancer(each) for each in APPLICATION)),  # type: ignore[arg-type]
    "death of l4": (BALANCER, ()),
}
STEP = 3


@pytest.fixture(autouse=True)
def _alive_again() -> Iterator[None]:
    """Whatever a test does, the next one's process is alive."""
    yield
    WIRE.death = None


def dies(told: Story, resources: tuple[Resource, ...], death: Death) -> bool:
    """A turn that is to die at a call: whether it did."""
    WIRE.death = death
    try:
        told.turn(resources)
    except Crash:
        return True
    finally:
        WIRE.death = None
    return death.struck


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize(
    ("side", "accident"),
    [("before", lambda told: None), ("after", lambda told: None), ("after", Story.forget)],
    ids=["before", "after", "after, and the store is lost"],
)
def test_a_crash_at_a_call_is_survived(
    chapter: str, side: str, accident: Callable[[Story], None]
) -> None:
    """The next turn settles: as many objects as wanted, each with its owner."""
    before, after = CHAPTERS[chapter]
    struck: list[str] = []
    step = 1 if chapter.startswith("change") else STEP
    for number in range(1 + len(side) % step, 200, step):
        with story(GcpHarness) as told:
            told.turn(before)
            death = Death(number, side)
            if not dies(told, after, death):
                break
            struck.append(death.method)
            accident(told)
            report = told.turn(after)
            told.wait()
            check_settled(told, after, report)
    assert len(struck) >= 2, struck


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("fault", ["lose_answer", "fail_after_effect"])
def test_an_answer_that_is_lost_is_survived(chapter: str, fault: str) -> None:
    """Every fourth call that changes something has its effect, and nobody hears of it."""
    before, after = CHAPTERS[chapter]
    with story(GcpHarness) as told:
        told.turn(before)
        faults = told.harness.emulator.faults
        for method in ("*.insert", "*.delete", "*.patch", "*.update", "*.attachNetworkEndpoints"):
            for skip in range(0, 12, 2):
                getattr(faults, fault)(method, skip=skip)
        report = told.turn(after)
        faults.clear()
        told.wait()
        check_settled(told, after, report)
