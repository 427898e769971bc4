"""What never works costs little: few calls, no memory, no history; and everybody can see it."""

from __future__ import annotations

import gc
from collections import Counter
from typing import Any

from cloudabstract.engine.keeping.endpoint import Health
from cloudabstract.engine.keeping.reconcile import Pace
from cloudabstract.errors import ErrorCode
from cloudabstract.store import Store
from cloudabstract.testing.calls import Call, Fault, Injected

World, Make, Watching = Any, Any, Any  # see conftest.py
DAY = 86_400.0


class Broken(Fault):
    """Every write to a kind is answered with a 500, for ever."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.calls: Counter[str] = Counter()

    def before(self, call: Call) -> None:
        if call.writes and call.kind == self.kind:
            self.calls[call.name] += 1
            raise Injected(ErrorCode.UNKNOWN, "500 internal error")


def test_a_day_of_500s_costs_at_most_300_calls_an_object(
    world: World, make: Make, watching: Watching
) -> None:
    """24 hours, a turn a minute: the others are made, the health is red, nothing piles up."""
    broken = Broken("memory.disk")
    specs = (make.balancer(), make.claim("one"), make.claim("two"))
    pace = Pace(every=60.0, poll=60.0)
    with watching(*specs, faults=(broken,), pace=pace) as watch:
        health = Health(world.clock, pace.every)
        until, sizes = world.clock.now() + DAY, []

        def after(turn: Any) -> None:
            health.turned(turn)
            world.record.reads.clear()  # the test's own notes, not the product's
            world.record.writes.clear()
            del watch.turns[:-1]
            if turn.number % 300 == 0:
                gc.collect()
                sizes.append(len(gc.get_objects()))
            if world.clock.now() >= until:
                watch.reconciler.stop()

        watch.after = after
        watch.reconciler.run()
        well, document = health.answer()
    assert set(broken.calls.values()) <= set(range(250, 301)), broken.calls
    assert (well, document["status"]) == (False, "failing")
    assert document["failing"] == ["VolumeClaim/one", "VolumeClaim/two"]
    assert {each.kind for each in world.cloud.objects()} >= {"memory.balancer", "memory.listener"}
    assert max(sizes) < 1.05 * sizes[0], sizes
    with Store.open(world.store, world.clock) as store:
        assert len(store.history("shop").list()) < 5


def test_it_is_tried_at_once_when_the_spec_changes(
    world: World, make: Make, watching: Watching
) -> None:
    """A person has done something about it, so nobody waits for the back-off."""
    broken = Broken("memory.disk")
    with watching(make.claim(), faults=(broken,)) as watch:
        for _ in range(3):
            watch.turn()
        tried = sum(broken.calls.values())
        watch.source.write(make.claim(labels={"now": "it-works"}))
        broken.kind = "memory.nothing"
        turn = watch.turn()
        assert turn.well
        assert sum(broken.calls.values()) == tried
    assert len(world.cloud.objects("memory.disk")) == 1


def test_a_resource_in_its_back_off_does_not_hold_up_the_others(
    world: World, make: Make, watching: Watching
) -> None:
    """What drifts meanwhile is repaired in the next turn."""
    with watching(make.balancer(), make.claim(), faults=(Broken("memory.disk"),)) as watch:
        watch.turn()
        world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
        turn = watch.turn()
        assert [each.why.value for each in turn.report.plan.left_out] == ["backoff"]
    assert world.only("memory.pool").fields["draining_seconds"] == 30
