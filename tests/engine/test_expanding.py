"""What a provider refuses once it has looked: told like any objection, and left as it is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from cloudabstract.errors import CapabilityError, Problem
from cloudabstract.model import Resource
from cloudabstract.provider import Facts, Part
from cloudabstract.testing.memory import MemoryProvider, MemorySettings


class Full(MemoryProvider):
    """A cloud that has no room for disks any more."""

    def expand(self, resource: Resource, facts: Facts) -> Iterable[Part]:
        if resource.KIND == "Volume":
            size = "spec.capacity.storage"
            text, remedy = "there is no room", "ask for less"
            raise CapabilityError([Problem(text, field=size, code="VO008", remedy=remedy)])
        return super().expand(resource, facts)


def fill(world: Any) -> None:
    """From now on there is no room for disks in the world."""
    world.provider = Full(MemorySettings(), world.cloud)


def test_all_that_are_refused_are_told_and_nothing_is_touched(make: Any, world: Any) -> None:
    """By the field that the user wrote, of the claim; the rest of the plan is there as well."""
    fill(world)
    spec = [make.claim("a"), make.volume("b"), make.balancer()]
    plan = world.plan(spec)
    size = "spec.resources.requests.storage"
    told = [(each.resource, each.field, each.code, each.alternative) for each in plan.objections]
    assert told == [
        ("Volume/b", "spec.capacity.storage", "VO008", "ask for less"),
        ("VolumeClaim/a", size, "VO008", "ask for less"),
    ]
    assert {each.part.resource.kind for each in plan.changes} == {"LoadBalancer"}
    with pytest.raises(CapabilityError, match="there is no room"):
        world.apply(spec)
    assert world.cloud.objects() == ()


def test_what_stands_already_is_left_as_it_is(make: Any, world: Any) -> None:
    """A disk is no orphan because its provider cannot say any more what it should be."""
    spec = [make.claim(), make.snapshot(), make.attachment()]
    world.apply(spec)
    fill(world)
    plan = world.plan(spec)
    assert [each.resource for each in plan.objections] == ["VolumeClaim/data"]
    assert plan.changes == ()


def test_what_would_point_at_it_is_not_planned(make: Any, world: Any) -> None:
    """Nor does it make the plan fail."""
    fill(world)
    plan = world.plan([make.claim(), make.snapshot(), make.attachment()])
    assert [each.resource for each in plan.objections] == ["VolumeClaim/data"]
    assert plan.changes == ()
