"""Whole lives on the memory cloud: everything at once, changed, moved, lost, found again, ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine import Consent, Limits, Settings
from cloudabstract.errors import CapabilityError, StaleError
from cloudabstract.model import Metadata, Port
from cloudabstract.provider import RELEASED

lost = pytest.mark.parametrize("lost", [False, True], ids=["store kept", "store lost"])


def everything(make: Any) -> list[Any]:
    """Balancers, volumes, claims bound and made, a restore, an attachment."""
    return [
        make.balancer("web", 5, 6, ports=(Port(80, "http"), Port(443, "https"))),
        make.volume(),
        make.volume("spare", reclaim_policy="Delete"),
        make.claim("bound", volume_class_name=""),
        make.claim(),
        make.snapshot(),
        make.claim("again", data_source=make.source("before")),
        make.attachment(),
    ]


def test_one_apply_is_enough_and_a_second_changes_nothing(make: Any, world: Any) -> None:
    """Nothing to do, nothing written, and the calls grow with pages, not with objects."""
    spec = everything(make)
    assert world.apply(spec).ok
    world.check_settled(spec)
    again = world.apply(spec)
    assert world.record.writes == []
    spots = len(
        {(kind.name, place) for kind in world.provider.kinds for place in world.cloud.places}
    )
    assert sum(again.calls.values()) == spots


def test_calls_grow_with_pages(make: Any, world: Any) -> None:
    """Ten times the objects on one page cost no call more."""
    counts = []
    for size in (5, 50):
        spec = [make.volume(f"v{number}") for number in range(size)]
        world.apply(spec)
        counts.append(sum(world.apply(spec).calls.values()))
    assert counts[0] == counts[1]


def test_a_lost_store_is_no_loss(make: Any, world: Any) -> None:
    """Bindings, restores, incarnations: the next plan is empty, and nothing is doubled."""
    spec = everything(make)
    world.apply(spec)
    before = world.ids
    world.forget()
    assert world.plan(spec).empty
    assert world.apply(spec).ok
    assert world.record.writes == []
    assert world.ids == before
    world.check_settled(spec)


@lost
def test_what_moved_is_not_forgotten_in_its_old_place(make: Any, world: Any, lost: bool) -> None:
    """The old objects are found where they stand, and go; nothing is left, nothing doubled."""
    spec = [make.balancer()]
    world.apply(spec)
    world.cloud.places = ("there", "here", "here-a", "here-b")
    if lost:
        world.forget()
    assert world.apply(spec).ok
    world.check_settled(spec)
    assert {each.place for each in world.cloud.objects()} == {"there"}


@lost
def test_a_renamed_balancer_is_another(make: Any, world: Any, lost: bool) -> None:
    """The new one is made, the old one goes; one apply."""
    world.apply([make.balancer("old")])
    if lost:
        world.forget()
    assert world.apply([make.balancer("new")]).ok
    world.check_settled([make.balancer("new")])


@lost
def test_ending_everything_leaves_what_is_to_be_kept(make: Any, world: Any, lost: bool) -> None:
    """Retained data stays, nobody's; all else is gone, users before what they use."""
    world.apply(everything(make))
    if lost:
        world.forget()
    assert world.apply([]).ok
    assert [each.owner.get(RELEASED) for each in world.cloud.objects()] == ["shop"]
    assert world.plan([]).empty


def test_two_stacks_on_one_cloud_do_not_meet(make: Any, world: Any) -> None:
    """What another stack owns, and what nobody owns, is as it was."""
    ours, theirs = {"cloudabstract:stack": "shop"}, {"cloudabstract:stack": "other"}
    strangers = [
        world.cloud.plant("memory.pool", "theirs", {"x": 1}, labels=theirs),
        world.cloud.plant("memory.pool", "nobodys", {"x": 1}),
    ]
    world.cloud.plant("memory.pool", "left-over", {"x": 1}, labels=ours)
    world.apply([make.balancer()])
    world.apply([])
    assert list(world.cloud.objects()) == sorted(strangers, key=lambda each: each.id)


def test_a_slow_cloud_is_waited_for(make: Any, world: Any) -> None:
    """Creations and deletions that take minutes: one apply each, and the time is polled away."""
    world.cloud.rules.delay, world.cloud.rules.deletion = 120.0, 60.0
    spec = everything(make)
    assert world.apply(spec).ok
    world.check_settled(spec)
    assert world.apply([]).ok
    world.clock.advance(120.0)
    assert len(world.cloud.objects()) == 1


def test_deleting_and_making_again_at_once_is_one_apply(make: Any, world: Any) -> None:
    """The old objects are still being deleted, under the same names."""
    world.cloud.rules.deletion = 60.0
    spec = [make.balancer(), make.claim()]
    world.apply(spec)
    world.apply([])
    assert world.apply(spec).ok
    world.clock.advance(60.0)
    world.check_settled(spec)


def test_what_is_on_its_way_out_is_no_news(make: Any, world: Any) -> None:
    """Deleted, and still shown for a minute: the next plan is empty, not a second deletion."""
    world.cloud.rules.deletion = 60.0
    world.apply([make.balancer(), make.claim()])
    inside = [make.balancer(routability="Internal")]
    world.apply(inside)
    for _ in range(2):
        assert world.plan(inside).empty
        assert world.apply(inside).ok
        assert world.record.writes == []
    world.clock.advance(60.0)
    world.check_settled(inside)


def test_a_timeout_is_told_and_the_next_apply_goes_on(make: Any, world: Any) -> None:
    """Exit 8; what is under way is not made again."""
    world.settings = Settings(Limits(patience=60.0), ttl=0.0, beat=0.0)
    world.cloud.rules.delay = 100.0
    first = world.apply([make.balancer()])
    assert (first.exit_code, first.timed_out) == (8, True)
    for _ in range(6):
        last = world.apply([make.balancer()])
    assert last.ok
    world.check_settled([make.balancer()])


def test_a_partial_failure_is_told_and_finished_next_time(make: Any, world: Any) -> None:
    """Exit 3: what could be done is done, the next apply does only the rest."""
    world.cloud.rules.denied = frozenset({"memory.listener:create"})
    spec = [make.balancer(), make.volume()]
    report = world.apply(spec)
    assert report.exit_code == 3
    assert {each.stage.value for each in report.outcomes} == {"done", "failed"}
    world.cloud.rules.denied = frozenset()
    assert world.apply(spec).ok
    assert [call.kind for call in world.record.writes] == ["memory.listener"]
    world.check_settled(spec)


def test_a_plan_that_was_shown_is_what_runs(make: Any, world: Any) -> None:
    """Changed in between, by object or by version: exit 7, and nothing is touched."""
    world.apply([make.balancer(), make.volume()])
    wanted = [make.balancer("web", 5, 6), make.volume()]
    plan = world.plan(wanted)
    members = world.cloud.one("memory.members")
    world.cloud.edit(members, members=[])
    with world.engine() as engine, pytest.raises(StaleError, match="members") as stale:
        engine.apply(plan, Consent(True))
    assert stale.value.exit_code == 7
    assert world.record.writes == []
    with world.engine() as engine:
        assert engine.apply(world.plan(wanted), Consent(True)).ok
    world.check_settled(wanted)


def test_what_has_become_impossible_meanwhile_is_refused(make: Any, world: Any) -> None:
    """The plan is made again under the lease: rejections of now count."""
    plan = world.plan([make.volume()])
    named = plan.desired.parts[0]
    world.cloud.plant("memory.disk", named.name, {}, named.place)
    with world.engine() as engine, pytest.raises((StaleError, CapabilityError)):
        engine.apply(plan, Consent(True))
    assert world.record.writes == []


def test_after_an_apply_the_status_is_that_of_now(make: Any, world: Any) -> None:
    """What became of a part by what was done to others is seen: no second look is needed."""
    world.cloud.sick.add("10.0.0.6")
    world.apply([make.balancer()])
    report = world.apply([make.balancer("web", 5, 6)])
    told = {each.address: each.health for each in report["LoadBalancer/web"].backends}
    assert told == {"10.0.0.5": "Healthy", "10.0.0.6": "Unhealthy"}
    with world.engine() as engine:
        look = engine.look(engine.plan([make.balancer("web", 5, 6)]))
    assert look["LoadBalancer/web"] == report["LoadBalancer/web"]


def test_names_of_other_namespaces_are_others(make: Any, world: Any) -> None:
    """Two balancers, one name, two namespaces: two of everything."""
    other = make.balancer()
    spec = [make.balancer(), replace(other, metadata=Metadata("web", "prod"))]
    assert world.apply(spec).ok
    assert len(world.cloud.objects("memory.balancer")) == 2
    world.check_settled(spec)
