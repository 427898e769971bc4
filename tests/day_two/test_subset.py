"""Part of a plan: what was chosen with what it needs, or all but what was excluded."""

from __future__ import annotations

from typing import Any

from cloudabstract.model import (
    BackendPool,
    Member,
    Metadata,
    Port,
    VolumeAttachment,
    VolumeAttachmentSpec,
    VolumeSnapshot,
    VolumeSnapshotSpec,
    VolumeSource,
)

World, Make = Any, Any  # see conftest.py


def subjects(plan: Any) -> set[str]:
    """Whose changes are left."""
    return {str(plan.desired.author(each.part.resource)) for each in plan.changes}


def snapshot(claim: str = "data") -> VolumeSnapshot:
    """Of a claim."""
    return VolumeSnapshot(Metadata("before"), VolumeSnapshotSpec(VolumeSource(claim=claim)))


def test_only_what_was_chosen_is_changed(world: World, make: Make) -> None:
    """The rest is told as left out, and is done by the next plan."""
    spec = (make.balancer(), make.claim())
    plan = world.plan(*spec, only=frozenset({"VolumeClaim/data"}))
    assert subjects(plan) == {"VolumeClaim/data"}
    assert {each.why.value for each in plan.left_out} == {"selection"}
    world.apply(*spec, only=frozenset({"VolumeClaim/data"}))
    assert {each.kind for each in world.cloud.objects()} == {"memory.disk"}
    assert subjects(world.plan(*spec)) == {"LoadBalancer/web"}


def test_what_the_chosen_needs_comes_along_and_is_told(world: World, make: Make) -> None:
    """A snapshot needs its volume."""
    plan = world.plan(
        snapshot(), make.claim(), make.balancer(), only=frozenset({"VolumeSnapshot/before"})
    )
    assert subjects(plan) == {"VolumeSnapshot/before", "VolumeClaim/data"}
    assert plan.along == ("VolumeClaim/data",)


def test_what_needs_the_excluded_is_left_out_too(world: World, make: Make) -> None:
    """No snapshot without its volume."""
    plan = world.plan(
        snapshot(), make.claim(), make.balancer(), exclude=frozenset({"VolumeClaim/data"})
    )
    assert subjects(plan) == {"LoadBalancer/web"}
    whys = {each.change.part.kind: each.why.value for each in plan.left_out}
    assert whys == {"memory.disk": "selection", "memory.snapshot": "needs"}


def test_an_object_does_not_go_before_those_that_use_it(world: World, make: Make) -> None:
    """The attachment is excluded, so its volume must stay; chosen, the volume takes it along."""
    attached = VolumeAttachment(
        Metadata("mount"), VolumeAttachmentSpec(VolumeSource(claim="data"), "host-1")
    )
    world.apply(make.claim(), attached)
    gone = {"data_loss": frozenset({"VolumeClaim/data"})}
    plan = world.plan(exclude=frozenset({"VolumeAttachment/mount"}), **gone)
    assert plan.empty
    plan = world.plan(only=frozenset({"VolumeClaim/data"}), **gone)
    assert {each.part.kind for each in plan.changes} == {"memory.attachment", "memory.disk"}


def test_what_is_left_out_refuses_nothing(world: World, make: Make) -> None:
    """The target cannot do one of them; the other was chosen."""
    spec = (make.balancer(load_balancer_class="l9"), make.claim())
    assert world.plan(*spec).rejections
    assert world.plan(*spec, only=frozenset({"VolumeClaim/data"})).rejections == ()
    assert world.plan(*spec, only=frozenset({"LoadBalancer/web"})).rejections


def test_history_says_what_was_applied_and_not_more(world: World, make: Make) -> None:
    """The resource that was left out is still the one of before, so its change is no drift."""
    world.apply(make.balancer("web", 5), make.claim())
    later = (make.balancer("web", 9), make.claim("data", 2 * make.GIB))
    world.apply(*later, only=frozenset({"VolumeClaim/data"}))
    (change,) = world.plan(*later).changes
    assert (change.part.kind, change.drift) == ("memory.members", False)


def test_a_saved_plan_of_a_part_is_applied_as_that_part(
    world: World, stack: Any, make: Make
) -> None:
    """The selection is in the file."""
    from cloudabstract.engine.planning.saved import Saved

    shop = stack()
    plan = shop.plan([make.balancer(), make.claim()], only=["VolumeClaim/data"])
    saved = Saved.read(Saved.of(plan).as_json(), (make.balancer(), make.claim()))
    assert shop.apply(saved).ok
    assert {each.kind for each in world.cloud.objects()} == {"memory.disk"}


def test_a_replaced_balancer_takes_its_listeners_along(world: World, make: Make) -> None:
    """They point at it; without them there would be a balancer that serves nothing."""
    world.apply(make.balancer(), make.claim())
    plan = world.plan(
        make.balancer(routability="Internal"),
        make.claim("data", 2 * make.GIB),
        only=frozenset({"LoadBalancer/web"}),
    )
    assert {each.part.kind for each in plan.changes} == {
        "memory.address",
        "memory.balancer",
        "memory.listener",
    }
    assert [each.change.part.kind for each in plan.left_out] == ["memory.disk"]


def test_every_pair_of_chosen_and_rest_ends_as_the_whole(world: World, make: Make) -> None:
    """First one resource, then the rest: the same world as in one go."""
    pools = (BackendPool("web", (Member("10.0.0.9"),)),)
    spec = (make.balancer(), make.balancer("api", ports=(Port(81),), backends=pools), make.claim())
    for first in ("LoadBalancer/web", "LoadBalancer/api", "VolumeClaim/data"):
        world.apply(*spec, only=frozenset({first}))
        world.apply(*spec, exclude=frozenset({first}))
        assert world.plan(*spec).empty
        world.apply()
