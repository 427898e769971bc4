"""The strict AWS behind a port, as another process meets it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

ASKED = {"AvailabilityZone": "us-east-1a", "Size": 1, "VolumeType": "gp3"}


class Remote:
    """A strict AWS in a process of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def client(self, service: str) -> Any:
        """A client that sends each request once."""
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        config = Config(retries={"total_max_attempts": 1}, region_name="us-east-1")
        return boto3.client(service, endpoint_url=self.url, config=config, **keys)

    def tell(self, name: str, **body: Any) -> Any:
        """What /strict/NAME answers."""
        sent = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(f"{self.url}/strict/{name}", sent) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    """One server for these tests, as a user starts it."""
    command = [sys.executable, "-m", "cloudabstract.testing.aws", "--port", "0"]
    command += ["--seconds-per-read", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield Remote(server.stdout.readline().strip())
        server.terminate()
        rest = server.stdout.read()
    assert (rest, server.returncode) == ("", 0)


def test_the_rules_hold_over_http(remote: Remote) -> None:
    """A token makes one volume, and a small size is refused, as in process."""
    ec2 = remote.client("ec2")
    made = {ec2.create_volume(ClientToken="once", **ASKED)["VolumeId"] for _ in range(2)}
    assert len(made) == 1
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        ec2.create_volume(**ASKED | {"VolumeType": "st1"})


def test_other_services_are_served_too(remote: Remote) -> None:
    """EFS takes an update, and a load balancer's ARN says net."""
    efs, elb = remote.client("efs"), remote.client("elbv2")
    system = efs.create_file_system(CreationToken="t")["FileSystemId"]
    remote.tell("advance", seconds=10)
    answer = efs.update_file_system(FileSystemId=system, ThroughputMode="elastic")
    assert answer["ThroughputMode"] == "elastic"
    subnet = remote.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    made = elb.create_load_balancer(Name="web", Type="network", Subnets=[subnet])
    assert "/net/web/" in made["LoadBalancers"][0]["LoadBalancerArn"]


def test_a_program_that_polls_gets_on(remote: Remote) -> None:
    """Each read moves the clock, so a volume becomes available by being looked at."""
    ec2 = remote.client("ec2")
    made = ec2.create_volume(**ASKED)["VolumeId"]
    seen = [ec2.describe_volumes(VolumeIds=[made])["Volumes"][0]["State"] for _ in range(5)]
    assert seen[0] == "creating"
    assert seen[-1] == "available"


def test_an_answer_can_be_lost_on_the_wire(remote: Remote) -> None:
    """The connection drops, the volume exists, and the log says so."""
    ec2 = remote.client("ec2")
    before = len(ec2.describe_volumes()["Volumes"])
    remote.tell("faults", fault="lose_answer", operation="CreateVolume")
    with pytest.raises(ConnectionClosedError):
        ec2.create_volume(**ASKED)
    assert len(ec2.describe_volumes()["Volumes"]) == before + 1
    lost = [call["operation"] for call in remote.tell("calls") if call["lost"]]
    assert lost == ["CreateVolume"]


def test_an_unknown_control_is_refused(remote: Remote) -> None:
    """A wrong fault is HTTP 400, and names those there are."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        remote.tell("faults", fault="earthquake")
    assert caught.value.code == 400
    assert "lose_answer" in json.load(caught.value)["error"]
