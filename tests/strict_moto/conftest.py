"""Every row of docs/strict-moto.md is a test marked `row`, and runs twice: on moto, and on ours.

On the strict layer it must pass. On bare moto it must fail, for that is the gap the row is about;
should it pass there too, moto has caught up, and the summary of warnings says which row can go.
"""

from __future__ import annotations

import functools
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError
from moto import mock_aws

from cloudabstract.testing.aws import Settings, patches
from cloudabstract.testing.aws.strict import StrictAws, running

REGION = "us-east-1"
IMAGE = "ami-12c6146b"  # one of those moto knows
# What a gap looks like: something else came back, or an error that should not be.
GAPS = (AssertionError, pytest.fail.Exception, ClientError, WaiterError)


class MotoCaughtUpWarning(UserWarning):
    """A gap in moto that is no more."""


@functools.cache
def client(service: str, region: str = REGION) -> Any:
    """A client, made once: its model is slow to load, and it holds no state."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.client(service, region_name=region, **keys)


class Cloud:
    """What a row is tried on: moto as it is, or under the strict layer."""

    def __init__(self, strict: StrictAws | None = None) -> None:
        self.strict = strict
        self.ec2, self.elb, self.efs = client("ec2"), client("elbv2"), client("efs")
        self.index = client("resourcegroupstaggingapi")
        self.zones = (f"{REGION}a", f"{REGION}b")

    def advance(self, seconds: float) -> None:
        """Let time pass, where there is any."""
        if self.strict is not None:
            self.strict.clock.advance(seconds)

    @staticmethod
    def refuses(code: str, call: Callable[..., Any], **params: Any) -> ClientError:
        """Check that `call` is refused with `code`; the error, for a closer look."""
        with pytest.raises(ClientError) as caught:
            call(**params)
        assert caught.value.response["Error"]["Code"] == code
        return caught.value

    def volume(self, **params: Any) -> str:
        """The id of a new volume that is ready: gp3 of 10 GiB in the first zone."""
        asked = {"AvailabilityZone": self.zones[0], "Size": 10, "VolumeType": "gp3"} | params
        made = self.ec2.create_volume(**asked)
        self.advance(10)
        return str(made["VolumeId"])

    def volume_now(self, id_: str) -> Any:
        """What DescribeVolumes says of one."""
        return self.ec2.describe_volumes(VolumeIds=[id_])["Volumes"][0]

    @functools.cached_property
    def vpc(self) -> str:
        """The default VPC, 172.31.0.0/16."""
        return str(self.ec2.describe_vpcs()["Vpcs"][0]["VpcId"])

    def subnets(self, *zones: str) -> list[str]:
        """The default subnets of these zones, or of the first two."""
        wanted = zones or self.zones
        found = self.ec2.describe_subnets()["Subnets"]
        by_zone = {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in found}
        return [by_zone[zone] for zone in wanted]

    def second_subnet(self) -> str:
        """One more subnet in the first zone."""
        asked = {"VpcId": self.vpc, "CidrBlock": "172.31.128.0/24"}
        made = self.ec2.create_subnet(AvailabilityZone=self.zones[0], **asked)
        return str(made["Subnet"]["SubnetId"])

    def group(self, name: str = "front") -> str:
        """A new security group."""
        made = self.ec2.create_security_group(GroupName=name, Description="d", VpcId=self.vpc)
        return str(made["GroupId"])

    def instance(self, zone: str = "") -> str:
        """A running instance in a zone, by default the first."""
        subnet = self.subnets(zone or self.zones[0])[0]
        asked = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "SubnetId": subnet}
        made = self.ec2.run_instances(InstanceType="t3.micro", **asked)
        return str(made["Instances"][0]["InstanceId"])

    def balancer(self, name: str = "web", kind: str = "network", **params: Any) -> str:
        """The ARN of a new load balancer that is active."""
        asked = {"Name": name, "Type": kind, "Subnets": self.subnets()} | params
        made = self.elb.create_load_balancer(**asked)
        self.advance(200)
        return str(made["LoadBalancers"][0]["LoadBalancerArn"])

    def target_group(self, name: str = "app", **params: Any) -> str:
        """The ARN of a new target group: TCP 80 to addresses."""
        asked = {"Name": name, "Protocol": "TCP", "Port": 80, "VpcId": self.vpc, "TargetType": "ip"}
        made = self.elb.create_target_group(**asked | params)
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def listener(self, balancer: str, group: str, port: int = 80, protocol: str = "TCP") -> str:
        """The ARN of a new listener that forwards to a group."""
        actions = [{"Type": "forward", "TargetGroupArn": group}]
        where = {"LoadBalancerArn": balancer, "Protocol": protocol, "Port": port}
        made = self.elb.create_listener(DefaultActions=actions, **where)
        return str(made["Listeners"][0]["ListenerArn"])

    def health(self, group: str, *targets: Any) -> dict[str, tuple[str, str]]:
        """State and reason of each target, by id and port."""
        asked = {"Targets": list(targets)} if targets else {}
        found = self.elb.describe_target_health(TargetGroupArn=group, **asked)
        return {
            f"{one['Target']['Id']}:{one['Target']['Port']}": (
                one["TargetHealth"]["State"],
                one["TargetHealth"].get("Reason", ""),
            )
            for one in found["TargetHealthDescriptions"]
        }

    def file_system(self, token: str = "shared") -> str:
        """The id of a new file system that is available."""
        made = self.efs.create_file_system(CreationToken=token)
        self.advance(10)
        return str(made["FileSystemId"])


def pytest_configure(config: pytest.Config) -> None:
    """`row` is a marker of these tests only."""
    words = "row(id, source, settings=None): a row of docs/strict-moto.md"
    config.addinivalue_line("markers", words)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try each row on both."""
    if metafunc.definition.get_closest_marker("row"):
        metafunc.parametrize("cloud", ["moto", "strict"], indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Any:
    """On bare moto the outcome of a row is turned round."""
    row = pyfuncitem.get_closest_marker("row")
    if row is None or pyfuncitem.callspec.params.get("cloud") != "moto":
        return (yield)
    try:
        yield
    except GAPS:
        return True
    except Exception as error:
        if raised_in_moto(error):  # moto broke over the call, or does not have it
            return True
        raise
    note = f"moto now does this: row {row.args[0]} can go"
    warnings.warn(MotoCaughtUpWarning(note), stacklevel=1)
    return True


def raised_in_moto(error: Exception) -> bool:
    """Whether the last frame of the traceback is one of moto's."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return bool(frame.f_globals["__name__"].startswith("moto."))


@pytest.fixture
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """Bare moto or the strict layer, empty."""
    if getattr(request, "param", "strict") == "moto":
        with patches.environment(REGION), mock_aws():
            yield Cloud()
        return
    row = request.node.get_closest_marker("row")
    settings = row.kwargs.get("settings") if row else None
    with running(settings or Settings()) as aws:
        yield Cloud(aws)


@pytest.fixture
def aws(cloud: Cloud) -> StrictAws:
    """The strict layer below `cloud`."""
    assert cloud.strict is not None
    return cloud.strict
