"""Layer four: whatever goes wrong, one more turn settles it. Nothing doubled, lost or unowned.

Each chapter of a life (birth, change, death) is told once undisturbed, to learn its writes, and
then once for every instant at which the process can die: before and after each write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import pytest

from cloudabstract.model import Resource
from cloudabstract.testing.calls import Fault
from cloudabstract.testing.faults import (
    Busy,
    Deny,
    HalfRead,
    Late,
    LoseAnswer,
    StopAfter,
    StopBefore,
    Throttle,
)

from .layer import Layer
from .story import Story, check_settled, story

CHAPTERS = ("birth", "change", "death")
STOPS: dict[str, Callable[[int], Fault]] = {"before": StopBefore, "after": StopAfter}


@dataclass(frozen=True)
class Chapter:
    """What is there before, and what is wanted after."""

    before: tuple[Resource, ...]
    after: tuple[Resource, ...]


class Surviving(Layer):
    """Every capability, every chapter, every write."""

    def chapter(self, capability: str, name: str) -> Chapter:
        """One chapter of a sample's life."""
        sample = self.sample(capability)
        later = sample.changed or sample.grown or sample.replaced or sample.resources
        return {
            "birth": Chapter((), sample.resources),
            "change": Chapter(sample.resources, sample.replaced or later),
            "death": Chapter(sample.resources, ()),
        }[name]

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_a_crash_at_any_write_is_survived(self, capability: str, name: str) -> None:
        """Dead before or after each write: the next turn settles."""
        self._survives(self.chapter(capability, name))

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_a_crash_at_any_write_is_survived_without_the_store(
        self, capability: str, name: str
    ) -> None:
        """The same, and memory, journal and history are lost with the process."""
        self._survives(self.chapter(capability, name), Story.forget)

    def test_a_crash_is_survived_while_listings_lag(self, capability: str) -> None:
        """After a crash in birth the fresh objects are not listed for as long as kinds say."""
        chapter = self.chapter(capability, "birth")
        self._survives(chapter, late=True)
        self._survives(chapter, Story.forget, late=True)

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_lost_answers_are_survived(self, capability: str, name: str) -> None:
        """Each write happens, and the first answer to each is lost: one turn is enough."""
        self._settles_despite(self.chapter(capability, name), LoseAnswer)

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_throttling_costs_time_only(self, capability: str, name: str) -> None:
        """Three in ten writes are refused: one turn is enough."""
        for seed in range(3):
            self._settles_despite(self.chapter(capability, name), partial(Throttle, 0.3, seed))

    def test_dependents_that_linger_are_waited_for(self, capability: str) -> None:
        """Each delete is refused three times because of use: one turn is enough."""
        self._settles_despite(self.chapter(capability, "death"), partial(Busy, 3))

    def test_permissions_that_end_half_way_stop_the_rest(self, capability: str) -> None:
        """From the second write on nothing is permitted; when it is again, one turn settles."""
        chapter = self.chapter(capability, "birth")
        with story(self.harness) as told:
            failed = told.turn(chapter.after, Deny(2))
            assert not failed.ok or len(told.record.writes) < 2
            check_settled(told, chapter.after, told.turn(chapter.after))

    def test_what_cannot_be_read_is_not_taken_for_absent(self, capability: str) -> None:
        """Half of every listing fails: nothing is made again, nothing is deleted."""
        chapter = self.chapter(capability, "birth")
        with story(self.harness) as told:
            told.turn(chapter.after)
            before = {each.id for each in told.alive()}
            told.turn(chapter.after, HalfRead(times=10**6))
            assert {each.id for each in told.alive()} == before
            told.turn((), HalfRead(times=10**6))
            check_settled(told, chapter.after, told.turn(chapter.after))

    def _survives(
        self,
        chapter: Chapter,
        accident: Callable[[Story], None] = lambda told: None,
        late: bool = False,
    ) -> None:
        """Crash at every boundary of `chapter`, let `accident` happen, take one turn, and look."""
        failures = {}
        for write, side in self._boundaries(chapter):
            with story(self.harness) as told:
                told.turn(chapter.before)
                blind = self._late(told) if late else ()
                if not told.crashes(chapter.after, *blind, STOPS[side](write)):
                    continue  # threads made fewer writes this time
                where = f"{side} {told.record.writes[write - 1]}"
                accident(told)
                try:
                    report = told.turn(chapter.after, *blind)
                    told.wait()
                    check_settled(told, chapter.after, report)
                except AssertionError as failure:
                    failures[where] = str(failure).splitlines()[0]
        assert failures == {}, "\n".join(f"{at}: {why}" for at, why in failures.items())

    def _boundaries(self, chapter: Chapter) -> Iterable[tuple[int, str]]:
        """Every instant at which a turn of `chapter` can die."""
        with story(self.harness) as told:
            told.turn(chapter.before)
            report = told.turn(chapter.after)
            boundaries = told.record.boundaries
            check_settled(told, chapter.after, report)
            return boundaries

    @staticmethod
    def _late(told: Story) -> tuple[Fault, ...]:
        lags = {name: kind.lag for name, kind in told.kinds.items()}
        return (Late(told.harness.clock, lags),)

    def _settles_despite(self, chapter: Chapter, fault: Callable[[], Fault]) -> None:
        """One turn under `fault` does it all."""
        with story(self.harness) as told:
            told.turn(chapter.before)
            report = told.turn(chapter.after, fault())
            told.wait()
            check_settled(told, chapter.after, report)
