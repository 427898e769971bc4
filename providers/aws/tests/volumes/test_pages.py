"""Many volumes cost pages, not objects; and what each plan costs is counted."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.testing.aws import Settings as AwsTimes

MANY = 200
PAGE = 50


@pytest.fixture
def aws_settings() -> AwsTimes:
    """Pages of fifty, so that two hundred volumes are four of them."""
    return AwsTimes(page_size=PAGE).instant()


def test_two_hundred_volumes_are_observed_in_pages(make: Any, world: Any) -> None:
    """An empty plan: the pages, one list of modifications, the zones, and one list of each kind."""
    volumes = [make.volume(f"v{index}") for index in range(MANY)]
    assert world.apply(*volumes).ok
    assert len(world.aws.calls.of("CreateVolume")) == MANY
    assert world.plan(volumes).empty
    ours = {name: count for name, count in world.calls.items() if "elbv2" not in name}
    assert ours == {
        "ec2:DescribeAvailabilityZones": 1,
        "ec2:DescribeVolumes": 2 * MANY // PAGE - MANY // PAGE + 1,  # and one for attachments
        "ec2:DescribeVolumesModifications": 1,
        "ec2:DescribeSnapshots": 1,
        "ec2:DescribeAddresses": 1,
        "ec2:DescribeSecurityGroups": 1,
        "efs:DescribeFileSystems": 1,
    }
    world.forget()
    assert world.plan(volumes).empty
    assert world.calls["ec2:DescribeVolumes"] == 2 * MANY // PAGE + 1


def test_a_page_that_cannot_be_read_makes_nothing_absent(make: Any, world: Any) -> None:
    """The second page fails: no volume is made again, none is deleted."""
    volumes = [make.volume(f"v{index}") for index in range(PAGE + 5)]
    assert world.apply(*volumes).ok
    world.aws.calls.clear()
    for number in range(2, 8):  # as often as boto3 tries
        world.aws.faults.fail("DescribeVolumes", "InternalError", 500, nth=number)
    plan = world.plan(volumes[:3])
    assert plan.changes == ()
    assert world.aws.calls.mutations == ()
