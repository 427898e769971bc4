"""Endpoints that know a part of AWS only: what they leave out is done without where it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.model import (
    BackendPool,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Route,
    Tls,
)
from cloudabstract.testing.aws.strict import StrictAws
from cloudabstract_aws.clients import Clients

ALWAYS = 10_000  # as often as it is called
ACTIONS = ("DefaultActions", "Actions")
TOLD = (  # calls that show what a memo has too, or that tell quotas
    "DescribeListenerCertificates",
    "DescribeLoadBalancerAttributes",
    "DescribeTargetGroupAttributes",
    "DescribeTargetHealth",
    "DescribeVolumesModifications",
    "DescribeFileSystems",
    "GetResources",
)


def balancer(*weights: int, routed: bool = False, **port: Any) -> LoadBalancer:
    """An ALB with one member of each weight; `routed`: a route leads to them, too."""
    members = tuple(
        Member(f"172.31.0.{number + 5}", weight=weight) for number, weight in enumerate(weights)
    )
    routes = (Route(path="/api", backend="web"),) if routed else ()
    spec = LoadBalancerSpec(
        (Port(80, name="p", backend="web", **port),),
        load_balancer_class="l7",
        backends=(BackendPool("web", addresses=members),),
        routes=routes,
    )
    return LoadBalancer(Metadata("web"), spec)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Listeners and rules do not show the groups they forward to when there are several."""
    made = Clients._client

    def hush(parsed: dict[str, Any], **_: Any) -> None:
        for each in [*parsed.get("Listeners", ()), *parsed.get("Rules", ())]:
            for action in [one for name in ACTIONS for one in each.get(name, ())]:
                if len(action.pop("ForwardConfig", {}).get("TargetGroups", ())) > 1:
                    action.pop("TargetGroupArn", None)

    hushed: list[Any] = []

    def client(self: Clients, service: str, region: str, *, writes: bool) -> Any:
        found = made(self, service, region, writes=writes)
        if service == "elbv2" and found not in hushed:
            found.meta.events.register("after-call", hush, unique_id="hush")
            hushed.append(found)
        return found

    monkeypatch.setattr(Clients, "_client", client)
    yield
    for each in hushed:
        each.meta.events.unregister("after-call", unique_id="hush")


def test_a_forward_that_is_not_shown_is_remembered_on_the_object(
    stack_of: Callable[..., Stack], aws: StrictAws, silent: None
) -> None:
    """Made, planned empty, changed, planned empty; also by a stack that lost its store."""
    stack = stack_of()
    for weights in ((3, 1), (1, 2), (4, 1)):
        wanted = [balancer(*weights, routed=True)]
        assert stack.apply(wanted).ok
        assert stack.plan(wanted).empty, weights
    fresh = stack_of(tags={})
    assert fresh.plan(wanted).empty
    assert {each.part.kind for each in fresh.plan([balancer(1, 1, routed=True)]).changes} >= {
        "aws.listener",
        "aws.rule",
    }
    assert fresh.delete().ok


def test_where_forwards_are_shown_no_memo_of_them_is_written(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """It would cost AWS's users two calls for each change."""
    stack = stack_of()
    for weights in ((3, 1), (1, 2)):
        assert stack.apply([balancer(*weights, routed=True)]).ok
    words = [tag["Key"] for call in aws.calls.of("AddTags") for tag in call.params["Tags"]]
    assert [each for each in words if "forward" in each] == []


@pytest.mark.parametrize("code", ["InvalidAction", "UnknownOperationException"])
def test_calls_that_the_endpoint_does_not_know_are_done_without(
    stack_of: Callable[..., Stack], aws: StrictAws, certificate: str, code: str
) -> None:
    """What those calls would show stands in memos, or is not asked for; the life is whole."""
    for operation in TOLD:
        aws.faults.fail(operation, code, times=ALWAYS)
    stack = stack_of(certificates={"web": certificate})
    secure: dict[str, Any] = {"tls": Tls(certificate_refs=("web",))}
    for weights in ((1, 1), (1, 1, 1)):
        wanted = [balancer(*weights, **secure)]
        report = stack.apply(wanted)
        assert report.ok, report.failed[:1]
        assert stack.plan(wanted).empty
    assert stack.delete().ok
    assert aws.client("elbv2").describe_load_balancers()["LoadBalancers"] == []


def test_the_doctor_does_not_mind_what_cannot_be_told(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """Quotas that the endpoint does not know are no fault of the target."""
    aws.faults.fail("DescribeAccountLimits", "InvalidAction", times=ALWAYS)
    found = {each.name: each for each in stack_of().doctor()}
    assert all(each.ok for each in found.values()), found
    assert "DescribeAccountLimits" in found["quotas"].message
