"""One stack may span regions; the region is a part's place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cloudabstract import Stack
from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Placement,
    Port,
)
from cloudabstract.testing.aws.strict import StrictAws

REGIONS = ("us-east-1", "eu-west-1")


def balancers() -> list[LoadBalancer]:
    """One in each region."""
    pool = BackendPool("web", addresses=(Member("172.31.0.5"),))
    return [
        LoadBalancer(
            Metadata(f"web-{region}"),
            LoadBalancerSpec((Port(80),), backends=(pool,), placement=Placement(region)),
        )
        for region in REGIONS
    ]


def counted(aws: StrictAws) -> dict[str, int]:
    """How many balancers stand in each region."""
    return {
        region: len(aws.client("elbv2", region).describe_load_balancers()["LoadBalancers"])
        for region in REGIONS
    }


def test_a_stack_spans_regions(stack_of: Callable[..., Stack], aws: StrictAws) -> None:
    """Made where they are wanted, planned empty, and deleted from both."""
    stack = stack_of()
    assert stack.apply(balancers()).ok
    assert counted(aws) == {"us-east-1": 1, "eu-west-1": 1}
    assert stack.plan(balancers()).empty
    assert stack.apply(balancers()[:1]).ok
    assert counted(aws) == {"us-east-1": 1, "eu-west-1": 0}
    assert stack.delete().ok
    assert counted(aws) == {"us-east-1": 0, "eu-west-1": 0}


def test_a_lost_store_hides_nothing_in_the_regions_of_the_settings(
    stack_of: Callable[..., Stack], aws: StrictAws, tmp_path: Path
) -> None:
    """Nothing names the second region any more but the target."""
    assert stack_of().apply(balancers()).ok
    for each in tmp_path.glob("shop.db*"):
        each.unlink()
    assert stack_of(regions=["eu-west-1"]).delete().ok
    assert counted(aws) == {"us-east-1": 0, "eu-west-1": 0}
