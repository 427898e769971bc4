"""The examples' storage lives a whole life: made, grown, kept from shrinking, gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cloudabstract import spec
from cloudabstract.errors import CapabilityError
from cloudabstract.model import LoadBalancer, Resource, VolumeClaim

EXAMPLES = Path(__file__).parents[4] / "examples"


def storage(name: str) -> list[Resource]:
    """What an example asks of storage."""
    given = spec.read(EXAMPLES / name / f"{name}.yaml").require().resources
    return [each for each in given if not isinstance(each, LoadBalancer)]


def resized(resources: list[Resource], size: int, make: Any) -> list[Resource]:
    """The same, every claim asking for `size` bytes."""
    from dataclasses import replace

    asked = make.claim(size=size).spec.resources
    return [
        replace(each, spec=replace(each.spec, resources=asked))
        if isinstance(each, VolumeClaim)
        else each
        for each in resources
    ]


@pytest.mark.parametrize("name", ["hello", "shop", "snapshots"])
def test_an_example_lives_and_dies(make: Any, world: Any, name: str) -> None:
    """A bare boto3 script finds nothing afterwards, but what the spec says is to be kept."""
    resources = storage(name)
    claims = [each for each in resources if isinstance(each, VolumeClaim)]
    report = world.settled(*resources)
    assert {report.statuses[each.key].phase for each in claims} == {"Bound"}
    assert len(world.volumes()) == len(claims)
    world.aws.calls.clear()
    assert world.apply(*resources).ok
    assert world.aws.calls.mutations == ()
    larger = resized(resources, 7 * make.GIB, make)
    world.settled(*larger)
    assert {each["Size"] for each in world.volumes()} == {7}
    world.aws.clock.advance(3600)
    with pytest.raises(CapabilityError) as refused:
        world.apply(*resources)
    assert {each.code for each in refused.value.problems} == {"VO001"}
    world.settled()
    world.aws.clock.advance(60)
    kept = world.left()
    assert len(kept) == sum(each.spec.volume_class_name == "ledger" for each in claims)
    if kept:
        (raw,) = world.client("ec2").describe_volumes(VolumeIds=kept)["Volumes"]
        assert {"Key": "cloudabstract:released-from", "Value": "shop"} in raw["Tags"]
