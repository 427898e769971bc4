"""What is planned for each part, on the memory cloud: every branch, and that it comes true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.engine import Action
from cloudabstract.model import Port
from cloudabstract.provider import Effect
from cloudabstract.testing.faults import HalfRead

BALANCER, DISK = "memory.balancer", "memory.disk"


def test_what_is_missing_is_created(make: Any, world: Any) -> None:
    """With every field it will have, and what is not known before it is made."""
    changes = _by_role(world.plan([make.balancer()]))
    assert {each.action for each in changes.values()} == {Action.CREATE}
    assert changes["80-tcp"].fields["balancer"].after == "(known after apply)"
    assert changes["balancer"].reason == "does not exist yet"


def test_what_is_equal_is_no_change(make: Any, world: Any) -> None:
    """A second plan is empty, and a second apply writes nothing and keeps no revision."""
    spec = [make.balancer(), make.claim(), make.volume()]
    world.apply(spec)
    assert world.plan(spec).empty
    assert world.apply(spec).revision == 0
    assert world.record.writes == []


def test_a_changed_field_is_updated(make: Any, world: Any) -> None:
    """Only that part, only that field, with its effect."""
    world.apply([make.balancer()])
    (change,) = world.plan([make.balancer("web", 5, 6)]).changes
    assert (change.action, list(change.fields), change.effect, change.reason) == (
        Action.UPDATE,
        ["members"],
        Effect.DRAINS,
        "the spec changed",
    )


def test_drift_is_repaired_and_said_to_be_drift(make: Any, world: Any) -> None:
    """The spec says what it said: the world has changed."""
    world.apply([make.balancer()])
    world.cloud.edit(world.cloud.one("memory.pool"), draining_seconds=1)
    (change,) = world.plan([make.balancer()]).changes
    assert (change.drift, change.reason) == (True, "changed outside of this stack")
    world.apply([make.balancer()])
    world.check_settled([make.balancer()])


def test_labels_are_repaired(make: Any, world: Any) -> None:
    """An object whose labels were changed is still ours, and gets them back."""
    world.apply([make.volume()])
    disk = world.cloud.one(DISK)
    for labels in ({}, {**disk.labels, "cloudabstract:reclaim": "Delete"}):
        world.cloud.relabel(disk, labels)
        (change,) = world.plan([make.volume()]).changes
        assert (change.action, change.effect) == (Action.UPDATE, Effect.NONE)
        world.apply([make.volume()])
        assert world.cloud.one(DISK).labels == disk.labels


def test_what_is_gone_is_made_again(make: Any, world: Any) -> None:
    """It held no data: a third party deleted it, and it comes back."""
    world.apply([make.balancer()])
    world.cloud.remove(world.cloud.objects("memory.listener")[0])
    (change,) = world.plan([make.balancer()]).changes
    assert (change.action, change.drift, change.reason) == (
        Action.CREATE,
        True,
        "is gone from the target",
    )
    world.apply([make.balancer()])
    world.check_settled([make.balancer()])


def test_a_fixed_field_makes_a_new_object_beside_the_old(make: Any, world: Any) -> None:
    """Its users follow; nobody sees a gap; the effect is that of the old one's end."""
    world.apply([make.balancer()])
    inside = make.balancer(routability="Internal")
    changes = _by_role(world.plan([inside]))
    assert {role for role, each in changes.items() if each.action is Action.REPLACE} == {
        "address",
        "balancer",
        "80-tcp",
    }
    assert (changes["balancer"].effect, changes["balancer"].gap) == (Effect.ADDRESS, False)
    world.apply([inside])
    world.check_settled([inside])


def test_an_exclusive_object_leaves_a_gap(make: Any, world: Any) -> None:
    """Two cannot stand side by side: the plan says so, and the old one goes first."""
    world.apply([make.claim(), make.attachment()])
    moved = [make.claim(), make.attachment(instance="host-2")]
    (change,) = world.plan(moved).changes
    assert (change.action, change.gap) == (Action.REPLACE, True)
    world.apply(moved)
    assert [call.verb for call in world.record.writes] == ["delete", "create"]
    world.check_settled(moved)


def test_a_fixed_field_that_drifted_is_replaced_under_its_name(make: Any, world: Any) -> None:
    """The name is taken by the wrong object, which goes first, its users before it."""
    world.apply([make.balancer()])
    world.cloud.edit(world.cloud.one(BALANCER), routability="Internal")
    changes = _by_role(world.plan([make.balancer()]))
    assert changes["balancer"].gap
    assert changes["balancer"].old_name == changes["balancer"].name
    assert world.apply([make.balancer()]).ok
    order = [(call.verb, call.kind) for call in world.record.writes]
    assert order[:3] == [
        ("delete", "memory.listener"),
        ("delete", BALANCER),
        ("create", BALANCER),
    ]
    world.check_settled([make.balancer()])


def test_a_strangers_name_is_left_alone_and_its_users_wait(make: Any, world: Any) -> None:
    """ST001, and what would use it is held."""
    name = _by_role(world.plan([make.balancer()]))["balancer"].name
    world.cloud.plant(BALANCER, name)
    plan = world.plan([make.balancer()])
    assert [each.code for each in plan.rejections] == ["ST001"]
    held = {key.role: why for key, why in plan.held.items()}
    assert held["balancer"] == "its name is taken"
    assert held["80-tcp"].startswith("waits for LoadBalancer/web#memory.balancer")
    assert "80-tcp-web" not in held


def test_what_could_not_be_read_is_left_alone(make: Any, world: Any) -> None:
    """Neither made again nor deleted, and its users wait; ST004 says why."""
    world.apply([make.balancer()])
    with world.engine(HalfRead(BALANCER, times=10**6)) as engine:
        plan = engine.plan([make.balancer()])
    assert plan.changes == ()
    assert {each.code for each in plan.objections} == {"ST004"}
    assert {key.role for key in plan.held} == {"balancer", "80-tcp"}


def test_what_is_no_longer_wanted_is_deleted_unless_told_not_to(make: Any, world: Any) -> None:
    """A spec is the whole stack; --no-prune leaves what it no longer names."""
    world.apply([make.balancer(), make.balancer("old")])
    plan = world.plan([make.balancer()])
    assert {(each.action, str(each.part.resource)) for each in plan.changes} == {
        (Action.DELETE, "LoadBalancer/old")
    }
    assert world.plan([make.balancer()], prune=False).empty
    world.apply([make.balancer()])
    world.check_settled([make.balancer()])


def test_parts_that_a_resource_no_longer_needs_are_deleted_though_nothing_is_pruned(
    make: Any, world: Any
) -> None:
    """--no-prune is about resources, not about parts of those that are there."""
    two = make.balancer(ports=(Port(80, "a"), Port(81, "b")))
    world.apply([two])
    plan = world.plan([replace(two, spec=replace(two.spec, ports=two.spec.ports[:1]))], prune=False)
    assert {each.action for each in plan.changes} == {Action.DELETE}
    assert {each.reason for each in plan.changes} == {"its resource no longer needs it"}


def test_a_replacement_is_paired_with_the_old_object_in_its_old_place(
    make: Any, world: Any
) -> None:
    """A part that moves is one change; the old object is ended where it stands."""
    world.apply([make.balancer()])
    world.cloud.places = ("there", "here", "here-a", "here-b")
    plan = world.plan([make.balancer()])
    moved = _by_role(plan)["balancer"]
    assert (moved.action, moved.place, moved.old_place) == (Action.REPLACE, "there", "here")
    assert not plan.rejections
    assert world.apply([make.balancer()]).ok
    assert {each.place for each in world.cloud.objects()} == {"there"}
    world.check_settled([make.balancer()])


@pytest.mark.parametrize("reference", ["none-such"])
def test_an_external_object_must_exist(make: Any, world: Any, reference: str) -> None:
    """ST005, and nothing is made in its place."""
    plan = world.plan([make.volume(external_ref=reference)])
    assert [each.code for each in plan.rejections] == ["ST005"]
    assert plan.changes == ()


def test_an_external_object_is_adopted_never_made(make: Any, world: Any) -> None:
    """It gets our labels, and goes back to being nobody's when the spec lets go of it."""
    world.apply([make.volume()])
    fields = world.cloud.one(DISK).fields
    old = world.cloud.plant(DISK, "by-hand", fields, "here-a")
    spec = [make.volume(), make.volume("adopted", external_ref=old.id)]
    assert world.apply(spec).ok
    assert world.plan(spec).empty
    world.apply([make.volume()])
    assert old.id in world.ids


def _by_role(plan: Any) -> dict[str, Any]:
    return {each.part.role: each for each in plan.changes}
