"""Fields that others look after are set once, and then left to them."""

from __future__ import annotations

from typing import Any

from cloudabstract.provider import Severity

World, Make = Any, Any  # see conftest.py
IGNORE = "ignore-fields"


def test_an_ignored_field_is_no_change(world: World, make: Make) -> None:
    """Somebody scales the members: the plan stays empty, what else drifts is still seen."""
    web = make.balancer(notes={IGNORE: "members"})
    world.apply(web)
    world.cloud.edit(world.only("memory.members"), members=[])
    assert world.plan(web).empty
    world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
    (change,) = world.plan(web).changes
    assert sorted(change.fields) == ["draining_seconds"]


def test_an_ignored_field_is_left_as_it_is_when_another_is_repaired(
    world: World, make: Make
) -> None:
    """The call that repairs one field does not touch the other."""
    web = make.balancer(notes={IGNORE: "memory.pool/health_check"})
    world.apply(web)
    check = {"protocol": "TCP"}
    world.cloud.edit(world.only("memory.pool"), health_check=check, draining_seconds=1)
    world.apply(web)
    pool = world.only("memory.pool").fields
    assert (pool["health_check"], pool["draining_seconds"]) == (check, 30)


def test_a_new_value_in_the_spec_is_ignored_too(world: World, make: Make) -> None:
    """Whoever looks after the field says what it is, not the spec."""
    world.apply(make.claim("data", notes={IGNORE: "size"}))
    assert world.plan(make.claim("data", 2 * make.GIB, notes={IGNORE: "size"})).empty


def test_it_counts_for_other_kinds_only_where_it_says_so(world: World, make: Make) -> None:
    """`KIND/FIELD` is about the objects of one kind."""
    web = make.balancer(notes={IGNORE: "memory.members/draining_seconds"})
    world.apply(web)
    world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
    assert not world.plan(web).empty


def test_an_entry_that_fits_nothing_is_told(world: World, make: Make) -> None:
    """One spec serves many targets, so it is a note and does not stop anything."""
    plan = world.plan(make.balancer(notes={IGNORE: "members,mambers"}))
    (note,) = [each for each in plan.objections if each.code == "ST006"]
    assert note.severity is Severity.NOTE
    assert "'mambers'" in note.message
    assert "members" in note.alternative
    assert plan.rejections == ()
