"""Every example lives its whole life on a strict AWS: made, changed, scaled, deleted, gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.engine import Action
from cloudabstract.model import LoadBalancer, Resource
from cloudabstract.testing.aws.strict import StrictAws

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
MACHINES = {
    "hello": {"hello-1": {}, "hello-2": {}},
    "shop": {
        "pages-1": {"app": "shop", "tier": "pages"},
        "api-1": {"app": "shop", "tier": "api"},
    },
    "tls": {"secure-1": {"app": "secure"}},
    "udp": {"names-1": {"app": "names"}},
}
MORE = {
    "hello": {},  # its pool names its members: it is scaled by its spec, below
    "shop": {"pages-2": {"app": "shop", "tier": "pages"}},
    "tls": {"secure-2": {"app": "secure"}},
    "udp": {"names-2": {"app": "names"}},
}


def balancers(stack: Stack, example: str) -> list[LoadBalancer]:
    """The balancers of an example; its volumes have tests of their own."""
    spec = stack.read(EXAMPLES / example / f"{example}.yaml")
    return [each for each in spec if isinstance(each, LoadBalancer)]


def changed(made: LoadBalancer, **spec: Any) -> list[Resource]:
    """`made` with other values in its spec."""
    return [replace(made, spec=replace(made.spec, **spec))]


@pytest.fixture(params=sorted(MACHINES))
def example(request: pytest.FixtureRequest) -> str:
    """Each example with a balancer."""
    return str(request.param)


@pytest.fixture
def stack(
    example: str,
    stack_of: Callable[..., Stack],
    instances: Callable[..., dict[str, str]],
    certificate: str,
) -> Stack:
    """A stack for the example, with the machines that its pools pick."""
    instances(MACHINES[example])
    return stack_of(example, certificates={"secure": certificate})


def test_an_example_lives_and_leaves_nothing(
    example: str,
    stack: Stack,
    aws: StrictAws,
    instances: Callable[..., dict[str, str]],
    leftovers: Callable[[], list[str]],
) -> None:
    """Applied, planned empty, changed in place, scaled by registrations alone, deleted, gone."""
    (made,) = balancers(stack, example)
    report = stack.apply([made])
    assert report.ok, report.failed
    status = report[str(made.key)]
    assert status.addresses[0].hostname.endswith(".amazonaws.com")
    assert status.condition("Programmed").status == "True"  # type: ignore[union-attr]
    assert stack.plan([made]).empty

    later = changed(made, connection_draining=60, source_ranges=("203.0.113.0/24",))
    plan = stack.plan(later)
    assert {each.action for each in plan.changes} == {Action.UPDATE}
    assert stack.apply(plan).ok
    assert stack.plan(later).empty

    instances(MORE[example])
    kinds = {each.part.kind for each in stack.plan(later).changes}
    assert kinds == ({"aws.registration"} if MORE[example] else set())
    assert stack.apply(later).ok

    assert stack.delete().ok
    aws.clock.advance(60)
    assert leftovers() == []


def test_backends_become_healthy_and_the_status_says_so(
    example: str, stack: Stack, aws: StrictAws
) -> None:
    """Once the first checks are through, every registered machine is Healthy."""
    (made,) = balancers(stack, example)
    stack.apply([made])
    aws.clock.advance(120)
    status = stack.status([made])[str(made.key)]
    assert {each.health for each in status.backends} == {"Healthy"}
    assert {each.pool for each in status.backends} == {each.name for each in made.spec.backends}


def test_an_example_is_served_as_its_spec_says(example: str, stack: Stack, aws: StrictAws) -> None:
    """What boto3 sees: type, scheme, ports, protocols and weights."""
    (made,) = balancers(stack, example)
    stack.apply([made])
    elb = aws.client("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert (balancer["Type"], balancer["Scheme"], listener["Port"], listener["Protocol"]) == {
        "hello": ("application", "internet-facing", 8080, "HTTP"),
        "shop": ("application", "internet-facing", 80, "HTTP"),
        "tls": ("application", "internet-facing", 8443, "HTTPS"),
        "udp": ("network", "internal", 5353, "TCP_UDP"),
    }[example]
    groups = listener["DefaultActions"][0].get("ForwardConfig", {}).get("TargetGroups", [])
    weights = sorted(each["Weight"] for each in groups)
    assert weights == ([1, 3] if example == "hello" else weights)


def test_hello_is_scaled_by_its_spec(
    stack_of: Callable[..., Stack], instances: Callable[..., dict[str, str]], aws: StrictAws
) -> None:
    """A third member of the same weight: one group gets a target, the action other shares."""
    instances({"hello-1": {}, "hello-2": {}, "hello-3": {}})
    stack = stack_of("hello")
    (made,) = balancers(stack, "hello")
    stack.apply([made])
    (pool,) = made.spec.backends
    third = replace(pool.instances[1], name="hello-3")  # type: ignore[index]
    grown = replace(pool, instances=(*pool.instances, third))  # type: ignore[misc]
    later = changed(made, backends=(grown,))
    plan = stack.plan(later)
    assert {each.part.kind for each in plan.changes} == {"aws.registration", "aws.listener"}
    assert stack.apply(plan).ok
    (listener,) = aws.client("elbv2").describe_listeners(
        LoadBalancerArn=aws.client("elbv2").describe_load_balancers()["LoadBalancers"][0][
            "LoadBalancerArn"
        ]
    )["Listeners"]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert sorted(each["Weight"] for each in groups) == [2, 3]
