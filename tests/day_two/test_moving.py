"""A resource that is renamed, or moved to another namespace, keeps what it is made of."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract import spec as specs
from cloudabstract.provider import RESOURCE

World, Make = Any, Any  # see conftest.py
FROM = "moved-from"


def resources_of(world: World) -> set[str]:
    """What the owner's labels in the cloud say."""
    return {each.owner[RESOURCE] for each in world.cloud.objects() if each.owner}


def test_a_renamed_balancer_keeps_its_parts(world: World, make: Make) -> None:
    """Same objects, same address; only the labels change, by an update that destroys nothing."""
    world.apply(make.balancer("web"))
    before = world.ids
    moved = make.balancer("front", notes={FROM: "LoadBalancer/web"})
    plan = world.plan(moved)
    assert {each.action.value for each in plan.changes} == {"update"}
    assert {each.reason for each in plan.changes} == {"was called LoadBalancer/web"}
    world.apply(moved)
    assert world.ids == before
    assert resources_of(world) == {"LoadBalancer/front"}
    assert world.plan(moved).empty


@pytest.mark.parametrize("lost", [False, True])
def test_the_annotation_may_go_once_the_move_is_done(world: World, make: Make, lost: bool) -> None:
    """The labels say the new name, also to a store that never heard of the old one."""
    world.apply(make.balancer("web"))
    world.apply(make.balancer("front", notes={FROM: "LoadBalancer/web"}))
    if lost:
        world.forget()
    assert world.plan(make.balancer("front")).empty


def test_the_old_name_can_be_used_again(world: World, make: Make) -> None:
    """A new resource of the old name gets objects of its own, beside those that moved."""
    world.apply(make.balancer("web"))
    world.apply(make.balancer("front", notes={FROM: "LoadBalancer/web"}))
    before = world.ids
    both = (make.balancer("front"), make.balancer("web", 7))
    plan = world.plan(*both)
    assert {each.action.value for each in plan.changes} == {"create"}
    world.apply(*both)
    assert before < world.ids
    assert resources_of(world) == {"LoadBalancer/front", "LoadBalancer/web"}
    assert world.plan(*both).empty
    world.forget()
    assert world.plan(*both).empty


def test_a_move_between_namespaces_is_a_move(world: World, make: Make) -> None:
    """The key changes, the objects do not."""
    world.apply(make.balancer("web"))
    before = world.ids
    moved = make.balancer("web", namespace="prod", notes={FROM: "LoadBalancer/default/web"})
    world.apply(moved)
    assert world.ids == before
    assert resources_of(world) == {"LoadBalancer/prod/web"}


@pytest.mark.parametrize("lost", [False, True])
def test_a_renamed_claim_keeps_its_volume(world: World, make: Make, lost: bool) -> None:
    """The volume that was made for it comes along, with its data; nothing is made or let go."""
    world.apply(make.claim("data"))
    disk = world.only("memory.disk")
    if lost:
        world.forget()
    moved = make.claim("files", notes={FROM: "VolumeClaim/data"})
    report = world.apply(moved)
    assert world.only("memory.disk").id == disk.id
    assert report["VolumeClaim/files"].phase == "Bound"
    assert world.only("memory.disk").owner["claim"] == "VolumeClaim/files"
    assert world.plan(moved).empty
    assert world.plan(make.claim("files")).empty


def test_a_renamed_volume_stays_bound(world: World, make: Make) -> None:
    """The claim that names it names it anew, which is no change of an immutable field."""
    claim = make.claim("data", volume_name="archive", volume_class_name="")
    world.apply(make.volume("archive"), claim)
    disk = world.only("memory.disk")
    renamed = make.claim("data", volume_name="vault", volume_class_name="")
    vault = make.volume("vault", notes={FROM: "Volume/archive"})
    report = world.apply(vault, renamed)
    assert world.only("memory.disk").id == disk.id
    assert report["VolumeClaim/data"].volume_name == "vault"
    assert world.plan(vault, renamed).empty


def test_a_renamed_volume_that_vanished_is_lost(world: World, make: Make) -> None:
    """No empty disk takes the place of one that was there under the old name."""
    world.apply(make.volume("archive"))
    world.cloud.remove(world.only("memory.disk"))
    plan = world.plan(make.volume("vault", notes={FROM: "Volume/archive"}))
    assert plan.empty
    assert [each.code for each in plan.objections] == ["VO016"]


def test_protection_moves_along(world: World, make: Make) -> None:
    """What was protected under the old name is under the new one."""
    world.apply(make.balancer("web", deletion_protection=True))
    moved = make.balancer("front", deletion_protection=True, notes={FROM: "LoadBalancer/web"})
    world.apply(moved)
    assert [each.code for each in world.plan().rejections] == ["ST002"]


@pytest.mark.parametrize(
    ("name", "notes", "says"),
    [
        ("front", {FROM: "web"}, "is not KIND/NAME"),
        ("front", {FROM: "Volume/web"}, "is another kind than LoadBalancer"),
        ("front", {FROM: "LoadBalancer/front"}, "this is its own name"),
        ("front", {FROM: "LoadBalancer/web"}, "LoadBalancer/web is still in the spec"),
        ("front", {"moved-form": "LoadBalancer/old"}, "there is no annotation"),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    make: Make, name: str, notes: dict[str, str], says: str
) -> None:
    """The spec says so, at the annotation, before anything is planned."""
    checked = specs.read([make.balancer("web"), make.balancer(name, notes=notes)])
    assert [says in str(each) for each in checked.problems] == [True]


def test_two_resources_cannot_come_from_one(make: Make) -> None:
    """The second of them is refused."""
    notes = {FROM: "LoadBalancer/old"}
    two = [make.balancer("a", notes=notes), make.balancer("b", notes=notes)]
    (problem,) = specs.read(two).problems
    assert "LoadBalancer/old has become LoadBalancer/a already" in str(problem)
