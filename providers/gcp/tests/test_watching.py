"""A watch keeps one session for months: what it knows of the project is of the present turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gcp_bench import world
from gcp_bench.harness import GcpHarness

from cloudabstract.engine import Engine
from cloudabstract.engine.keeping.reconcile import Reconciler, Turned
from cloudabstract.model import BackendPool, LoadBalancer, Resource, Selector
from cloudabstract.testing.conformance.samples import balancer
from cloudabstract.testing.conformance.story import Story, story
from cloudabstract.testing.gce import Emulator


class Unchanging:
    """A spec that is read once."""

    def __init__(self, *resources: Resource) -> None:
        self._resources = resources

    def read(self) -> Iterable[Resource]:
        return self._resources

    def changed(self) -> bool:
        return False


def picking(**labels: str) -> LoadBalancer:
    """A balancer over whatever instances have these labels."""
    made = balancer()
    pool = BackendPool("web", selector=Selector(labels))
    return replace(made, spec=replace(made.spec, backends=(pool,)))


def emulator_of(told: Story) -> Emulator:
    assert isinstance(told.harness, GcpHarness)
    return told.harness.emulator


def registered(emulator: Emulator) -> set[str]:
    """The names of all instances in any group."""
    groups = emulator.world.all("networkEndpointGroups")
    return {each["instance"].rpartition("/")[2] for group in groups for each in group.members}


def label(emulator: Emulator, name: str, **labels: str) -> None:
    """Somebody sets the labels of an instance."""
    (found,) = [each for each in emulator.world.all("instances") if each.name == name]
    emulator.world.change(found.link, {"labels": labels})


def watched(told: Story, made: LoadBalancer, *between: tuple[str, dict[str, str]]) -> list[Turned]:
    """A turn, then one more after each change of an instance's labels; one session for all."""

    def work(engine: Engine) -> list[Turned]:
        watch = Reconciler(engine, Unchanging(made))
        turns = [watch.turn()]
        for name, labels in between:
            label(emulator_of(told), name, **labels)
            turns.append(watch.turn())
        return turns

    return told._run(work, ())


def test_a_later_turn_sees_what_instances_are_labelled_by_then() -> None:
    """One more has the label, then one less: each turn registers whoever has it at the time."""
    with story(GcpHarness) as told:
        emulator = emulator_of(told)
        label(emulator, "vm-5", app="shop")
        turns = watched(told, picking(app="shop"), ("vm-7", {"app": "shop"}))
        assert all(each.well for each in turns)
        assert registered(emulator) == {"vm-5", "vm-7"}
        turns = watched(told, picking(app="shop"), ("vm-5", {"app": "else"}))
        assert all(each.well for each in turns)
        assert registered(emulator) == {"vm-7"}


def test_a_later_turn_sees_an_instance_that_came_since() -> None:
    """An instance is made between two turns of one session, and gets traffic after the second."""
    with story(GcpHarness) as told:
        emulator = emulator_of(told)
        label(emulator, "vm-5", app="shop")

        def work(engine: Engine) -> list[Turned]:
            watch = Reconciler(engine, Unchanging(picking(app="shop")))
            first = watch.turn()
            world.add_instance(emulator, "late", "10.0.0.77", labels={"app": "shop"})
            return [first, watch.turn()]

        assert all(each.well for each in told._run(work, ()))
        assert registered(emulator) == {"vm-5", "late"}


def test_the_health_of_a_few_backends_is_told() -> None:
    """Google is asked for it, a call for each group; what it does not know stays unknown."""
    with story(GcpHarness) as told:
        emulator = emulator_of(told)
        assert told.turn([balancer()]).ok
        emulator.advance(60)
        emulator.world.set_health("10.0.0.6", "UNHEALTHY")
        report = told._run(lambda engine: engine.look(engine.plan([balancer()])), ())
        seen = {each.address: each.health for each in report["LoadBalancer/web"].backends}
        assert seen == {"10.0.0.5": "Healthy", "10.0.0.6": "Unhealthy"}
