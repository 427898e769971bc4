"""Simulated time: it moves only when told to, and things fall due in order."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from cloudabstract import clock as clocks
from cloudabstract.testing.aws import Settings, strict_aws
from cloudabstract.testing.aws.clock import SimulatedClock


def test_what_is_due_happens_in_order_and_on_time() -> None:
    """Advancing does all that falls due on the way, each at its own time."""
    clock, seen = SimulatedClock(100.0), list[tuple[str, float]]()
    clock.later(20, lambda: seen.append(("second", clock.now())))
    clock.later(10, lambda: seen.append(("first", clock.now())))
    clock.later(40, lambda: seen.append(("third", clock.now())))
    clock.advance(30)
    assert seen == [("first", 110.0), ("second", 120.0)]
    assert clock.now() == 130.0


def test_what_is_due_may_make_more_due() -> None:
    """An action can plan another within the same stretch of time."""
    clock, seen = SimulatedClock(0.0), list[float]()
    clock.later(10, lambda: clock.later(10, lambda: seen.append(clock.now())))
    clock.advance(30)
    assert seen == [20.0]


def test_time_does_not_go_back() -> None:
    """A negative advance is an error."""
    with pytest.raises(ValueError, match="cannot go back"):
        SimulatedClock(0.0).advance(-1)


def test_it_is_the_projects_clock() -> None:
    """It can be given to the engine: sleeping is advancing, unless woken before."""
    clock: clocks.Clock = SimulatedClock(0.0)
    clock.sleep(5)
    woken = threading.Event()
    woken.set()
    clock.sleep(5, woken)
    assert clock.now() == 5.0


def test_waiters_of_boto3_wait_in_simulated_time(cloud: Any, aws: Any) -> None:
    """A boto3 waiter polls until a balancer is active, and no real second passes."""
    asked = {"Name": "web", "Type": "network", "Subnets": cloud.subnets()}
    cloud.elb.create_load_balancer(**asked)
    cloud.elb.get_waiter("load_balancer_available").wait(Names=["web"])
    assert aws.clock.now() - aws.settings.start >= aws.settings.balancer_provisioning_seconds


def test_each_read_can_move_the_clock() -> None:
    """With `seconds_per_read`, code that only polls sees things settle."""
    with strict_aws(Settings(seconds_per_read=1)) as aws:
        ec2 = aws.client("ec2")
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
        seen = [ec2.describe_volumes()["Volumes"][0]["State"] for _ in range(5)]
    assert seen == ["creating", "creating", "creating", "available", "available"]


def test_nothing_need_take_time() -> None:
    """With `instant()` everything is ready when it is made, and gone when it is deleted."""
    with strict_aws(Settings().instant()) as aws:
        ec2 = aws.client("ec2")
        made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
        assert ec2.describe_volumes()["Volumes"][0]["State"] == "available"
        ec2.modify_volume(VolumeId=made, Size=2)
        assert ec2.describe_volumes()["Volumes"][0]["Size"] == 2
        ec2.delete_volume(VolumeId=made)
        assert ec2.describe_volumes()["Volumes"] == []


def test_pages_can_be_made_short() -> None:
    """With `page_size`, a list of few objects has several pages."""
    with strict_aws(Settings(page_size=2)) as aws:
        ec2 = aws.client("ec2")
        pages = list(ec2.get_paginator("describe_subnets").paginate())
    assert [len(page["Subnets"]) for page in pages] == [2, 2, 2]
