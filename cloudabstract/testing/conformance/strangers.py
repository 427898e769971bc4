"""Layer three, continued: what is not ours is never changed, never deleted, never taken over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cloudabstract.engine import Plan
from cloudabstract.errors import CapabilityError
from cloudabstract.provider import Found, Wanted, refs

from .layer import Layer
from .story import Story, check_settled, story


class Strangers(Layer):
    """One stack among other people's objects."""

    def test_strangers_are_left_alone(self, capability: str) -> None:
        """Objects like ours, under other names, stand as before after birth, change and death."""
        sample = self.sample(capability)
        with story(self.harness) as told:
            told.turn(sample.resources)
            strangers = list(self._planted(told, told.plan(sample.resources), "stranger-"))
            told.strangers = frozenset(each.id for each in strangers)
            before = self._seen(told)
            for later in (sample.changed or sample.resources, sample.replaced, ()):
                told.turn(later)
            told.wait()
            check_settled(told, (), told.turn(()))
            assert self._seen(told) == before
            assert told.alive() == ()

    def test_a_name_that_is_taken_stops_the_plan(self, capability: str) -> None:
        """A stranger's object has the name of ours: ST001, and nothing at all is written."""
        resources = self.sample(capability).resources
        with story(self.harness) as told:
            plan = told.plan(resources)
            strangers = list(self._planted(told, plan, ""))
            told.strangers = frozenset(each.id for each in strangers)
            before = self._seen(told)
            with pytest.raises(CapabilityError) as refused:
                told.turn(resources)
            assert {each.code for each in refused.value.problems} == {"ST001"}
            assert told.record.writes == []
            assert self._seen(told) == before

    @staticmethod
    def _planted(told: Story, plan: Plan, before: str) -> Iterator[Found]:
        """A stranger's object for each part that stands alone; its name begins with `before`."""
        for named in plan.desired.parts:
            if named.kind.identity or any(refs(dict(named.part.want))):
                continue
            name = f"{before}{named.name}"[: named.kind.name_limit]
            fields = dict(named.part.want)
            wanted = Wanted(named.key.kind, name, named.place, fields, {}, f"{name:0<64}"[:64])
            yield told.harness.plant(wanted)

    @staticmethod
    def _seen(told: Story) -> list[str]:
        return sorted(repr(each) for each in told.harness.inspect() if each.id in told.strangers)
