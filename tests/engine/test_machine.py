"""Random lives: the spec changes, calls fail, processes die, others meddle, stores are lost.

Whatever happened, once the faults stop three applies are enough: what is wanted is there, once,
owned, and nothing else is; and what is not ours was never touched.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cloudabstract.engine import Limits, Settings
from cloudabstract.errors import CallError
from cloudabstract.model import Port
from cloudabstract.provider import RELEASED
from cloudabstract.testing.calls import Fault
from cloudabstract.testing.faults import (
    Busy,
    Deny,
    Full,
    HalfRead,
    LoseAnswer,
    Stale,
    StopAfter,
    StopBefore,
    Throttle,
)

names = st.sampled_from(("a", "b", "c"))
CLASSES = {"a": "standard", "b": "keeps", "c": ""}  # made, made and kept, hand-made
faults: st.SearchStrategy[Callable[[], Fault]] = st.sampled_from(
    (
        LoseAnswer,
        lambda: Throttle(0.3, 1),
        lambda: Deny(2),
        lambda: Full("memory.pool", 1),
        lambda: Busy(3),
        lambda: Stale(1),
        lambda: HalfRead(times=2),
    )
)


class Life(RuleBasedStateMachine):
    """One stack whose owner changes their mind, on a bad day."""

    worlds: Any
    make: Any

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world = self.stack.enter_context(self.worlds())
        self.world.settings = Settings(Limits(workers=1), ttl=0.0, beat=0.0)  # to be repeatable
        theirs = {"cloudabstract:stack": "other"}
        self.strangers = [
            self.world.cloud.plant("memory.disk", "shop-a", {"size": 1}, labels=theirs),
            self.world.cloud.plant("memory.pool", "shop-a", {"x": 1}),
        ]
        self.balancers: dict[str, dict[str, Any]] = {}
        self.volumes: set[int] = set()  # once wanted, always: claims may have them
        self.claims: dict[str, set[str]] = {}  # with what hangs on them
        self.mounts: dict[str, str] = {}  # what the attachments of a claim are called now
        self.sizes: dict[str, int] = {}  # volumes never shrink, not even from life to life

    def teardown(self) -> None:
        """Faults stop: it must settle, and end."""
        for _ in range(3):
            self.world.apply(self.spec)
            self.world.clock.advance(60.0)
        self._check()
        self.claims, self.balancers = {}, {}
        self.world.apply(self.spec)
        self.world.clock.advance(60.0)
        self._check()
        self.stack.close()

    @property
    def spec(self) -> list[Any]:
        """What is wanted now."""
        make = self.make
        wanted = [make.storage_class("keeps", reclaim_policy="Retain")]
        wanted += [make.volume(f"hand-made-{n}", reclaim_policy="Delete") for n in self.volumes]
        wanted += [make.balancer(name, *told["members"], **told["spec"])
                  for name, told in sorted(self.balancers.items())]  # fmt: skip
        for name, hangs in sorted(self.claims.items()):
            size = self.sizes[name] * make.GIB
            wanted.append(make.claim(name, size, volume_class_name=CLASSES[name]))
            if "snapshot" in hangs:
                wanted.append(make.snapshot(name, f"copy-of-{name}"))
            if "attachment" in hangs:
                wanted.append(make.attachment(name, f"host-{name}", self.mounts[name]))
        return wanted

    @rule(name=names, members=st.sets(st.integers(1, 9), max_size=3), inside=st.booleans(),
          ports=st.sets(st.integers(80, 82), min_size=1))  # fmt: skip
    def want_balancer(self, name: str, members: set[int], inside: bool, ports: set[int]) -> None:
        """A balancer, new or changed."""
        told = tuple(Port(each, f"p{each}") for each in sorted(ports))
        spec = {"ports": told, "routability": "Internal" if inside else "External"}
        self.balancers[name] = {"members": sorted(members), "spec": spec}

    @rule(
        name=names,
        grow=st.integers(0, 1),
        hangs=st.sets(st.sampled_from(("snapshot", "attachment"))),
        mount=st.sampled_from(("at", "moved")),
    )
    def want_claim(self, name: str, grow: int, hangs: set[str], mount: str) -> None:
        """A claim, new, larger, copied, attached, or attached under another name."""
        self.mounts[name] = f"{mount}-{name}"
        self.sizes[name] = self.sizes.get(name, 1) + (grow if CLASSES[name] else 0)
        self.claims[name] = hangs

    @rule(number=st.integers(1, 2))
    def want_volume(self, number: int) -> None:
        """A hand-made volume, for a claim without a class."""
        self.volumes.add(number)

    @rule(name=names)
    def want_less(self, name: str) -> None:
        """Something goes from the spec."""
        self.claims.pop(name, None)
        self.balancers.pop(name, None)

    @rule()
    def apply(self) -> None:
        """A good turn."""
        self.world.apply(self.spec)

    @rule(fault=faults)
    def apply_badly(self, fault: Callable[[], Fault]) -> None:
        """A turn in which calls go wrong; without a store, it takes a whole listing to begin."""
        with suppress(CallError):
            self.world.apply(self.spec, fault())

    @rule(write=st.integers(1, 8), side=st.sampled_from((StopBefore, StopAfter)))
    def die(self, write: int, side: Callable[[int], Fault]) -> None:
        """A turn that ends in the middle."""
        self.world.crash(self.spec, side(write))

    @rule()
    def lose_the_store(self) -> None:
        """Memory, journal and history."""
        self.world.forget()

    @rule(seconds=st.sampled_from((1.0, 100.0)), slow=st.booleans())
    def wait(self, seconds: float, slow: bool) -> None:
        """Time passes; the cloud gets slower or faster."""
        self.world.clock.advance(seconds)
        self.world.cloud.rules.delay = 20.0 if slow else 0.0
        self.world.cloud.rules.deletion = 30.0 if slow else 0.0

    @precondition(lambda self: self._things())
    @rule(data=st.data(), deed=st.sampled_from(("remove", "edit")))
    def meddle(self, data: st.DataObject, deed: str) -> None:
        """A third party removes what holds no data, or changes a field."""
        thing = data.draw(st.sampled_from(self._things()))
        cloud = self.world.cloud
        if deed == "remove":
            cloud.remove(thing)
        elif thing.kind == "memory.pool":
            cloud.edit(thing, draining_seconds=1)

    @invariant()
    def nothing_is_doubled_or_unowned(self) -> None:
        """At every moment."""
        objects = self.world.cloud.objects()
        keys = [(each.kind, each.place, each.name) for each in objects if each.name]
        assert len(keys) == len(set(keys))
        strangers = {each.id for each in self.strangers}
        assert [each for each in self.world.unowned if each.split()[0] not in strangers] == []

    @invariant()
    def strangers_are_as_they_were(self) -> None:
        """What is not ours is never touched."""
        there = {each.id: each for each in self.world.cloud.objects()}
        assert [there.get(each.id) for each in self.strangers] == self.strangers

    def _things(self) -> list[Any]:
        holding = ("memory.disk", "memory.snapshot")
        objects = self.world.cloud.objects()
        return [it for it in objects if it.kind not in holding and it not in self.strangers]

    def _check(self) -> None:
        strangers = {each.id for each in self.strangers}
        plan = self.world.plan(self.spec)
        assert [each.key for each in plan.changes] == []
        objects = [each for each in self.world.cloud.objects() if RELEASED not in each.owner]
        there = {each.id for each in objects} - strangers
        assert plan.held == {}
        assert len(there) == len(plan.desired.parts)
        assert there == {each.id for each in plan.matched.found.values()}


def test_three_applies_settle_whatever_happened(make: Any, worlds: Any) -> None:
    """Desired is actual, once the faults stop."""
    machine = type("Life", (Life,), {"worlds": staticmethod(worlds), "make": make})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
