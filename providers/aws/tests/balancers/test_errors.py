"""What goes wrong is told: the object, AWS's code, the request, a way out. Nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.engine import Outcome, Stage
from cloudabstract.errors import CallError, CapabilityError, ConfigError, ErrorCode
from cloudabstract.model import BackendPool, LoadBalancer, LoadBalancerSpec, Member, Metadata, Port
from cloudabstract.testing.aws.strict import StrictAws


def balancer(name: str = "web", **spec: Any) -> LoadBalancer:
    """One port, one backend."""
    pool = BackendPool("web", addresses=(Member("172.31.0.5"),))
    return LoadBalancer(Metadata(name), LoadBalancerSpec((Port(80),), backends=(pool,), **spec))


@dataclass(frozen=True)
class Refused:
    """A call that AWS refuses as often as it is made, and what is to be told of it."""

    reason: str
    arrange: Callable[[StrictAws], None]
    kind: str
    code: ErrorCode
    native: str
    remedy: str


REFUSED = (
    Refused(
        "an action that this identity may not do",
        lambda aws: aws.faults.deny("elasticloadbalancing:CreateLoadBalancer"),
        "aws.load_balancer",
        ErrorCode.DENIED,
        "AccessDenied",
        "CreateLoadBalancer",
    ),
    Refused(
        "a rate that others use up",
        lambda aws: aws.faults.throttle("CreateTargetGroup", times=999),
        "aws.target_group",
        ErrorCode.THROTTLED,
        "Throttling",
        "apply again later",
    ),
    Refused(
        "credentials that end half-way",
        lambda aws: aws.faults.fail("CreateLoadBalancer", "ExpiredToken", 403),
        "aws.load_balancer",
        ErrorCode.DENIED,
        "ExpiredToken",
        "aws sso login",
    ),
    Refused(
        "a quota that is used up",
        lambda aws: aws.faults.fail("CreateLoadBalancer", "TooManyLoadBalancers"),
        "aws.load_balancer",
        ErrorCode.EXHAUSTED,
        "TooManyLoadBalancers",
        "quota",
    ),
)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.reason)
def test_a_refused_call_is_told(
    case: Refused, stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """The object, AWS's code, the request id and a remedy; mended, one more turn settles."""
    stack = stack_of()
    case.arrange(aws)
    report = stack.apply([balancer()])
    outcome = _failed(report.outcomes)
    failure = outcome.failure
    assert failure is not None
    assert str(outcome.change.part).startswith(f"LoadBalancer/web#{case.kind}")
    assert (failure.code, failure.native) == (case.code, case.native)
    assert failure.request_id
    assert case.remedy in failure.remedy
    assert report.exit_code in (1, 3)
    aws.faults.clear()
    assert stack.apply([balancer()]).ok
    assert stack.plan([balancer()]).empty


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "AccessDenied"])
def test_what_may_not_be_read_stops_before_anything_is_touched(
    code: str, stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """Wrong or expired credentials are noticed by the first look: CallError, and no write."""
    aws.faults.fail("DescribeVpcs", code, 403)
    with pytest.raises(CallError) as raised:
        stack_of().apply([balancer()])
    failure = raised.value.failure
    assert (failure.code, failure.native) == (ErrorCode.DENIED, code)
    assert failure.request_id
    assert failure.remedy
    assert aws.calls.mutations == ()


def test_a_region_that_is_none_is_a_wrong_setting(stack_of: Callable[..., Stack]) -> None:
    """Said before any call, with an example."""
    with pytest.raises(ConfigError, match="ap-northeast-2"):
        stack_of(region="nowhere")


def test_an_endpoint_that_does_not_answer_names_region_and_endpoint(
    stack_of: Callable[..., Stack],
) -> None:
    """A region that does not exist has no endpoint; the message says where it looked."""
    with pytest.raises(CallError) as raised:
        stack_of(endpoint_url="http://127.0.0.1:9").plan([balancer()])
    failure = raised.value.failure
    assert failure.native == "EndpointConnectionError"
    assert "127.0.0.1:9" in failure.message
    assert "region" in failure.remedy


def test_a_name_that_a_stranger_has_is_told_before_anything_is_touched(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """ST001 names the object that stands there; it stays as it is."""
    stack = stack_of()
    (name,) = _names(stack, "aws.load_balancer")
    arn = _stranger(aws, name)
    with pytest.raises(CapabilityError) as raised:
        stack.apply([balancer()])
    assert {each.code for each in raised.value.problems} == {"ST001"}
    assert name in str(raised.value)
    assert _balancers(aws) == [arn]


def test_a_name_taken_in_the_last_moment_is_told_too(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """Between plan and call a stranger was quicker: TAKEN, and the stranger's object stays."""
    stack = stack_of()
    (name,) = _names(stack, "aws.load_balancer")
    arns: list[str] = []

    def meddle(event: Any) -> None:
        if not arns and "security_group" in str(event.change.part) and event.stage.value == "done":
            arns.append(_stranger(aws, name))

    report = stack.apply([balancer()], report=meddle)
    failure = _failed(report.outcomes).failure
    assert failure is not None
    assert (failure.code, failure.native) == (ErrorCode.TAKEN, "DuplicateLoadBalancerName")
    assert arns[0] in failure.message
    assert _balancers(aws) == arns


def test_what_a_stranger_still_uses_is_not_forced(
    stack_of: Callable[..., Stack], aws: StrictAws
) -> None:
    """Their network interface is in our group: everything else goes, and the group is told."""
    stack, ec2 = stack_of(), aws.client("ec2")
    stack.apply([balancer()])
    group = _ours(aws)[0]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=subnet, Groups=[group["GroupId"]])
    report = stack.delete()
    outcome = _failed(report.outcomes)
    failure = outcome.failure
    assert failure is not None
    assert (failure.code, failure.native) == (ErrorCode.CONFLICT, "DependencyViolation")
    assert "firewall" in str(outcome.change.part)
    assert failure.request_id
    assert report.exit_code == 3
    assert _balancers(aws) == []
    ec2.delete_network_interface(
        NetworkInterfaceId=interface["NetworkInterface"]["NetworkInterfaceId"]
    )
    assert stack.delete().ok
    assert _ours(aws) == []


def test_a_missing_target_fails_alone(stack_of: Callable[..., Stack], aws: StrictAws) -> None:
    """RegisterTargets is refused: the balancer, its group and its listener stand all the same."""
    aws.faults.fail("RegisterTargets", "InvalidTarget")
    report = stack_of().apply([balancer()])
    outcome = _failed(report.outcomes)
    assert outcome.change.part.kind == "aws.registration"
    assert report.exit_code == 3
    kinds = {each.change.part.kind for each in report.outcomes if each.stage is Stage.DONE}
    assert kinds == {
        *("aws.security_group", "aws.load_balancer", "aws.target_group", "aws.listener"),
    }


def _failed(outcomes: Any) -> Outcome:
    """The one outcome that failed by itself."""
    (failed,) = [each for each in outcomes if each.failure is not None]
    return failed  # type: ignore[no-any-return]


def _names(stack: Stack, kind: str) -> list[str]:
    """The names that a plan chooses for parts of that kind."""
    return [each.name for each in stack.plan([balancer()]).changes if each.part.kind == kind]


def _stranger(aws: StrictAws, name: str) -> str:
    """Somebody else's load balancer of that name."""
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    made = aws.client("elbv2").create_load_balancer(Name=name, Type="network", Subnets=[subnet])
    return str(made["LoadBalancers"][0]["LoadBalancerArn"])


def _balancers(aws: StrictAws) -> list[str]:
    found = aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return [each["LoadBalancerArn"] for each in found]


def _ours(aws: StrictAws) -> list[Any]:
    """Security groups that are no default."""
    found = aws.client("ec2").describe_security_groups()["SecurityGroups"]
    return [each for each in found if each["GroupName"] != "default"]
