"""The log of calls: what was asked, what came of it, and no secrets."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudabstract.testing.aws.calls import redacted


def test_every_call_is_logged_with_its_outcome(aws: Any) -> None:
    """Service, operation, parameters, region, time and error code, of refused calls too."""
    ec2 = aws.client("ec2")
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    with pytest.raises(ClientError):
        ec2.delete_volume(VolumeId="vol-nonsense")
    created, deleted = aws.calls
    assert (created.service, created.operation, created.error) == ("ec2", "CreateVolume", "")
    assert (created.params["Size"], created.region, created.at) == (1, "us-east-1", 1_767_225_600)
    assert (deleted.operation, deleted.error) == ("DeleteVolume", "InvalidVolumeID.Malformed")


@pytest.mark.parametrize(
    ("service", "call", "params", "code"),
    [
        ("ec2", "delete_volume", {"VolumeId": "vol-0123456789abcdef0"}, "InvalidVolume.NotFound"),
        ("elbv2", "describe_load_balancers", {"Names": ["absent"]}, "LoadBalancerNotFound"),
        ("efs", "delete_file_system", {"FileSystemId": "fs-01234567"}, "FileSystemNotFound"),
    ],
)
def test_motos_own_refusals_are_logged(
    aws: Any, service: str, call: str, params: dict[str, Any], code: str
) -> None:
    """The error code is in the log whether the rule or moto refused."""
    with pytest.raises(ClientError):
        getattr(aws.client(service), call)(**params)
    assert [entry.error for entry in aws.calls] == [code]


def test_calls_can_be_counted_and_told_apart(aws: Any) -> None:
    """`counts` by operation; `mutations` are those that could change something."""
    ec2 = aws.client("ec2")
    for _ in range(3):
        ec2.describe_volumes()
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    aws.client("sts").get_caller_identity()
    counts = {"DescribeVolumes": 3, "CreateVolume": 1, "GetCallerIdentity": 1}
    assert aws.calls.counts == counts
    assert [call.operation for call in aws.calls.mutations] == ["CreateVolume"]


def test_secrets_are_not_logged(aws: Any) -> None:
    """Values of telling names, and of parameters the model calls sensitive, are replaced."""
    with pytest.raises(ClientError):
        aws.client("acm").import_certificate(Certificate=b"not one", PrivateKey=b"canary")
    [call] = aws.calls
    assert call.params["PrivateKey"] == "***"
    assert redacted({"a": [{"UserData": "canary", "b": 1}]}) == {"a": [{"UserData": "***", "b": 1}]}
