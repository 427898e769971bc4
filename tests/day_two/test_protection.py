"""Protection outlives its block and the store; lifting it is a change of its own."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.errors import ConsentError
from cloudabstract.provider import PROTECTED

World, Make = Any, Any  # see conftest.py


def refused(world: World, *rest: Any) -> set[str]:
    """Who is protected from the plan in which only `rest` is left."""
    losses = frozenset({"Volume/archive", "VolumeClaim/data"})
    plan = world.plan(*rest, data_loss=losses)
    return {each.resource for each in plan.rejections if each.code == "ST002"}


def each_of(make: Make, **spec: Any) -> dict[str, Any]:
    """A protected resource of each kind that can be."""
    return {
        "LoadBalancer/web": make.balancer(deletion_protection=True, **spec),
        "Volume/archive": make.volume(deletion_protection=True, reclaim_policy="Delete", **spec),
        "VolumeClaim/data": make.claim(deletion_protection=True, **spec),
    }


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("name", ["LoadBalancer/web", "Volume/archive", "VolumeClaim/data"])
def test_what_is_protected_cannot_leave_the_spec(
    world: World, make: Make, name: str, lost: bool
) -> None:
    """The block is gone from the spec; the protection is not, whether or not the store is."""
    world.apply(each_of(make)[name])
    before = world.ids
    assert all(each.owner[PROTECTED] == "true" for each in world.cloud.objects() if each.owner)
    if lost:
        world.forget()
    assert refused(world) == {name}
    with world.engine() as engine, pytest.raises(ConsentError, match="protected") as error:
        engine.run((), make.agree)
    assert error.value.exit_code == 6
    assert world.ids == before


@pytest.mark.parametrize("name", ["LoadBalancer/web", "Volume/archive", "VolumeClaim/data"])
def test_lifting_it_is_a_change_of_its_own(world: World, make: Make, name: str) -> None:
    """Applied with false it changes labels alone; after that it can go."""
    world.apply(each_of(make)[name])
    lifted = {
        "LoadBalancer/web": make.balancer(),
        "Volume/archive": make.volume(reclaim_policy="Delete"),
        "VolumeClaim/data": make.claim(),
    }[name]
    plan = world.plan(lifted)
    assert {field for each in plan.changes for field in each.fields} == {"labels.protected"}
    world.apply(lifted)
    assert refused(world) == set()
    world.apply(data_loss=frozenset({name}))
    assert world.cloud.objects() == ()


def test_a_replacement_that_gives_up_the_address_is_refused_too(world: World, make: Make) -> None:
    """The resource stays in the spec; what is behind it would be deleted."""
    world.apply(make.balancer(deletion_protection=True))
    moved = make.balancer(deletion_protection=True, routability="Internal")
    assert refused(world, moved) == {"LoadBalancer/web"}


def test_a_protection_that_somebody_takes_off_is_put_back(world: World, make: Make) -> None:
    """The label is drift like any other; the store still knows."""
    web = make.balancer(deletion_protection=True)
    world.apply(web)
    front = world.only("memory.balancer")
    bare = {key: it for key, it in front.labels.items() if not key.endswith(PROTECTED)}
    world.cloud.relabel(front, bare)
    assert refused(world) == {"LoadBalancer/web"}
    world.apply(web)
    assert world.only("memory.balancer").owner[PROTECTED] == "true"


def test_a_rollback_does_not_get_past_it(stack: Any, make: Make) -> None:
    """Going back to before it was made would delete it."""
    shop = stack()
    shop.apply([make.balancer("web")])
    shop.apply([make.balancer("web"), make.claim(deletion_protection=True)])
    with pytest.raises(ConsentError, match="protected"):
        shop.rollback(allow_data_loss=["VolumeClaim/data"])
