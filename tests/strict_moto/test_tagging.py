"""Rows about the Resource Groups Tagging API: what it tells of, and its pages."""

from __future__ import annotations

from typing import Any

import pytest

TEAM = [{"Key": f"team{number}", "Value": "shop"} for number in range(30)]


def told(cloud: Any, *kinds: str, **asked: Any) -> list[dict[str, Any]]:
    """One page of the resources of these types, of this row's cloud."""
    types = [f"elasticloadbalancing:{each}" for each in kinds]
    api = cloud.index
    page: dict[str, Any] = api.get_resources(ResourceTypeFilters=types, **asked)
    return list(page["ResourceTagMappingList"])


@pytest.mark.row("tagging-listeners", "Resource Groups Tagging API, supported services")
def test_the_index_tells_of_listeners_and_rules(cloud: Any) -> None:
    """GetResources tells of listeners and rules that have tags."""
    balancer = cloud.balancer(kind="application")
    group = cloud.target_group(Protocol="HTTP")
    listener = cloud.listener(balancer, group, protocol="HTTP")
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    paths = [{"Field": "path-pattern", "Values": ["/a"]}]
    made = cloud.elb.create_rule(
        ListenerArn=listener, Priority=1, Conditions=paths, Actions=forward
    )
    rule = made["Rules"][0]["RuleArn"]
    assert told(cloud, "listener", "listener-rule") == []
    cloud.elb.add_tags(ResourceArns=[listener, rule], Tags=TEAM[:1])
    assert {each["ResourceARN"] for each in told(cloud, "listener")} == {listener}
    assert {each["ResourceARN"] for each in told(cloud, "listener-rule")} == {rule}


@pytest.mark.row("tagging-page", "Resource Groups Tagging API, GetResources ResourcesPerPage")
def test_a_page_of_the_index_counts_objects(cloud: Any) -> None:
    """A page that was asked for in objects has so many, however many tags they have."""
    for number in range(5):
        cloud.balancer(f"b{number}", Tags=TEAM)
    assert len(told(cloud, "loadbalancer", ResourcesPerPage=4)) == 4
