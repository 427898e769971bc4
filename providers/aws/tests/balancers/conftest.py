"""What the tests of balancers share: worlds to stand in, the examples, stacks on a strict AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.engine import Settings as EngineSettings
from cloudabstract.testing.aws import Settings
from cloudabstract.testing.aws.strict import StrictAws

REGION = "us-east-1"
EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
_CERTIFICATE = {"DomainName": "secure.example.com", "ValidationMethod": "DNS"}


@pytest.fixture
def aws_settings() -> Settings:
    """Durations that are not zero, and quickly over."""
    return Settings(balancer_provisioning_seconds=5.0)


@pytest.fixture
def stack_of(aws: StrictAws, tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Make stacks on the strict AWS: `stack_of("shop")`; the target's settings may follow."""
    opened: list[Stack] = []

    def make(name: str = "shop", **settings: Any) -> Stack:
        target = {"provider": "aws", "region": REGION, **settings}
        stack = Stack(
            config={"stack": name, "target": "prod", "targets": {"prod": target}},
            store=tmp_path / f"{name}.db",
            settings=EngineSettings(ttl=0.0, beat=0.0, who="tests"),
            clock=aws.clock,
        )
        opened.append(stack)
        return stack

    yield make
    for stack in opened:
        stack.close()


@pytest.fixture
def instances(aws: StrictAws) -> Callable[[Mapping[str, Mapping[str, str]]], dict[str, str]]:
    """Run instances by name with tags; gives their ids by name."""

    def run(wanted: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        ec2 = aws.client("ec2")
        ids = {}
        for name, labels in wanted.items():
            known = [
                {"Key": key, "Value": value} for key, value in {"Name": name, **labels}.items()
            ]
            made = ec2.run_instances(
                ImageId="ami-12c6146b",
                MinCount=1,
                MaxCount=1,
                TagSpecifications=[{"ResourceType": "instance", "Tags": known}],
            )
            ids[name] = made["Instances"][0]["InstanceId"]
        return ids

    return run


@pytest.fixture
def certificate(aws: StrictAws) -> str:
    """The ARN of a certificate."""
    return str(aws.client("acm").request_certificate(**_CERTIFICATE)["CertificateArn"])


@pytest.fixture
def leftovers(aws: StrictAws) -> Callable[[], list[str]]:
    """What a bare boto3 script, which knows nothing of this project, finds of our making."""

    def look() -> list[str]:
        ec2, elb = aws.client("ec2"), aws.client("elbv2")
        groups = ec2.describe_security_groups()["SecurityGroups"]
        interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
        found: Iterable[Any] = (
            *(each["LoadBalancerArn"] for each in elb.describe_load_balancers()["LoadBalancers"]),
            *(each["TargetGroupArn"] for each in elb.describe_target_groups()["TargetGroups"]),
            *(each["GroupId"] for each in groups if each["GroupName"] != "default"),
            *(each["AllocationId"] for each in ec2.describe_addresses()["Addresses"]),
            *(
                each["NetworkInterfaceId"]
                for each in interfaces
                if "Attachment" not in each or "InstanceId" not in each["Attachment"]
            ),
        )
        return [str(each) for each in found]

    return look
