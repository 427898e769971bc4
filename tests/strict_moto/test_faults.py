"""Injected faults: what the caller sees, and what happened all the same."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from cloudabstract.testing.aws import Stopped

ASKED = {"AvailabilityZone": "us-east-1a", "Size": 1}


def once(aws: Any, service: str = "ec2") -> Any:
    """A client that sends each request once."""
    return aws.client(service, config=Config(retries={"total_max_attempts": 1}))


def volumes(aws: Any) -> int:
    return len(aws.client("ec2").describe_volumes()["Volumes"])


def test_a_lost_answer_leaves_its_effect(aws: Any) -> None:
    """The connection closes, the volume exists, and the log says that the answer was lost."""
    aws.faults.lose_answer("CreateVolume")
    with pytest.raises(ConnectionClosedError):
        once(aws).create_volume(**ASKED)
    assert volumes(aws) == 1
    assert [call.lost for call in aws.calls.of("CreateVolume")] == [True]


def test_the_nth_call_is_hit(aws: Any) -> None:
    """With `nth=2` the first call goes through and the second does not."""
    aws.faults.lose_answer("CreateVolume", nth=2)
    ec2 = once(aws)
    ec2.create_volume(**ASKED)
    with pytest.raises(ConnectionClosedError):
        ec2.create_volume(**ASKED)
    ec2.create_volume(**ASKED)
    assert volumes(aws) == 3


def test_the_sdks_own_retry_duplicates_silently(aws: Any) -> None:
    """A lost AllocateAddress that boto3 repeats by itself makes two addresses and no error."""
    aws.faults.lose_answer("AllocateAddress")
    ec2 = aws.client("ec2")
    ec2.allocate_address(Domain="vpc")
    assert len(ec2.describe_addresses()["Addresses"]) == 2
    assert aws.calls.counts["AllocateAddress"] == 2


def test_a_retry_with_a_token_does_not_duplicate(aws: Any) -> None:
    """A lost CreateVolume that boto3 repeats with its token makes one volume."""
    aws.faults.lose_answer("CreateVolume")
    aws.client("ec2").create_volume(**ASKED)
    assert volumes(aws) == 1


def test_a_server_error_after_the_effect(aws: Any) -> None:
    """The answer is HTTP 503, and the volume exists."""
    aws.faults.fail_after("CreateVolume")
    with pytest.raises(ClientError) as caught:
        once(aws).create_volume(**ASKED)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert volumes(aws) == 1


def test_a_caller_that_stops_before_sends_nothing(aws: Any) -> None:
    """`stop_before` ends the caller, and AWS never hears of the call."""
    aws.faults.stop_before("CreateVolume")
    with pytest.raises(Stopped):
        aws.client("ec2").create_volume(**ASKED)
    assert volumes(aws) == 0
    assert aws.calls.of("CreateVolume") == ()


def test_a_caller_that_stops_after_hears_nothing(aws: Any) -> None:
    """`stop_after` ends the caller through `except Exception`, when the volume exists."""
    aws.faults.stop_after("Create*")
    with pytest.raises(Stopped):
        aws.client("ec2").create_volume(**ASKED)
    assert volumes(aws) == 1


@pytest.mark.parametrize(
    ("service", "call", "code", "status"),
    [
        ("ec2", "describe_volumes", "RequestLimitExceeded", 503),
        ("elbv2", "describe_load_balancers", "Throttling", 400),
        ("efs", "describe_file_systems", "ThrottlingException", 429),
    ],
)
def test_throttling(aws: Any, service: str, call: str, code: str, status: int) -> None:
    """Each service throttles in its own words, so many times, and before any effect."""
    aws.faults.throttle(times=2)
    client = once(aws, service)
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            getattr(client, call)()
        assert caught.value.response["Error"]["Code"] == code
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    getattr(client, call)()


def test_a_share_of_calls_is_throttled_by_seed(aws: Any) -> None:
    """The same seed throttles the same calls, about as many as asked for."""
    runs = []
    for _ in range(2):
        aws.faults.clear()
        aws.faults.throttle_share(0.3, seed=7)
        aws.calls.clear()
        client = once(aws, "elbv2")
        for _ in range(40):
            try:
                client.describe_account_limits()
            except ClientError:
                continue
        runs.append([call.error for call in aws.calls])
    assert runs[0] == runs[1]
    assert 4 <= runs[0].count("Throttling") <= 20


def test_a_denied_action_is_refused_until_it_is_allowed(aws: Any) -> None:
    """`deny` takes IAM's names and patterns; nothing happens until `allow`."""
    aws.faults.deny("ec2:CreateVolume")
    aws.faults.deny("elasticloadbalancing:*")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        aws.client("ec2").create_volume(**ASKED)
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("elbv2").describe_load_balancers()
    assert volumes(aws) == 0
    aws.faults.allow("ec2:CreateVolume")
    aws.client("ec2").create_volume(**ASKED)
    assert volumes(aws) == 1


def test_the_second_page_of_a_list_can_fail(aws: Any) -> None:
    """`fail` with `nth=2` lets the first page through and refuses the second."""
    aws.faults.fail("DescribeSubnets", "InternalError", status=500, nth=2)
    pages = once(aws).get_paginator("describe_subnets").paginate(PaginationConfig={"PageSize": 5})
    seen = []
    with pytest.raises(ClientError, match="InternalError"):
        for page in pages:
            seen.append(len(page["Subnets"]))
    assert seen == [5]


def test_dry_run_has_no_effect(aws: Any) -> None:
    """DryRun says that it would have succeeded, or that it is denied, and does nothing."""
    ec2 = aws.client("ec2")
    with pytest.raises(ClientError, match="DryRunOperation"):
        ec2.create_volume(DryRun=True, **ASKED)
    aws.faults.deny("ec2:*")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.create_volume(DryRun=True, **ASKED)
    aws.faults.clear()
    assert volumes(aws) == 0


def test_clients_of_anybody_are_hit(aws: Any) -> None:
    """Faults hit clients that the code under test made by itself."""
    aws.faults.deny("ec2:DescribeVolumes")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        boto3.client("ec2").describe_volumes()
