"""Layer three, continued: objects of others are found when asked for, and can change hands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloudabstract.engine import Plan
from cloudabstract.provider import RELEASED, STACK, Batch, Discovers, Found, Whose

from .bench import Bench
from .layer import Layer
from .story import story


class Hands(Layer):
    """Listing for `gc` and `discover`; letting go, reading back, adopting."""

    def test_objects_of_any_stack_are_listed_when_asked_for(self, bench: Bench, kind: str) -> None:
        """Without its name, its id or its stack: the marks of whichever stack are enough."""
        found = bench.make(kind)
        bench.clock.sleep(bench.kinds[kind].lag)
        for whose in (Whose.ANY_STACK, Whose.ANYBODY):
            seen = {each.id for each in bench.see(kind, _wide(bench, found, whose))}
            assert found.id in seen, f"{whose.value}: {seen}"

    def test_strangers_are_listed_only_when_anybodys_are(self, bench: Bench, kind: str) -> None:
        """An object without marks is no stack's."""
        wanted = bench.prepare(kind)
        if bench.kinds[kind].identity:
            pytest.skip(f"a {kind} is its parent's")
        name = f"stranger-{wanted.name}"[: bench.kinds[kind].name_limit].rstrip("-")
        found = bench.harness.plant(replace(wanted, name=name))
        bench.clock.sleep(bench.kinds[kind].lag)
        told = {whose: bench.see(kind, _wide(bench, found, whose)) for whose in Whose}
        there = {whose: found.id in {each.id for each in seen} for whose, seen in told.items()}
        assert there == {Whose.OURS: False, Whose.ANY_STACK: False, Whose.ANYBODY: True}

    def test_what_was_let_go_of_is_read_back_and_adopted(self, capability: str) -> None:
        """Released, it stands without marks; read back and adopted, nothing is left to do."""
        if capability not in ("balancer", "application", "volume"):
            pytest.skip(f"a {capability} is not read back")
        sample = self.sample(capability)
        with story(self.harness) as told:
            if not isinstance(told.harness.provider(), Discovers):
                pytest.skip("the provider cannot read its target back")
            told.turn(sample.resources)
            before = sorted((each.kind, each.id) for each in told.alive())
            for each in sample.resources:
                told.release(each.key)
            marked = [each for each in told.alive() if {STACK, RELEASED} & each.labels.keys()]
            assert marked == []
            found = told.discover()
            for discovery in found:
                told.adopt(discovery)
            plan = told.plan([each.resource for each in found])
            assert _changes(plan) == []
            assert sorted((each.kind, each.id) for each in told.alive()) == before


def _wide(bench: Bench, found: Found, whose: Whose) -> Batch:
    return replace(bench.batch(found.kind, found.place), labels={}, whose=whose)


def _changes(plan: Plan) -> list[str]:
    return [f"{each.key} {sorted(each.fields)}" for each in plan.changes]
