"""Every example, whole, on bare moto and the strict one: made, changed, grown, replaced, gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from cloudabstract import Stack
from cloudabstract.clock import Clock, SystemClock
from cloudabstract.engine import Action
from cloudabstract.testing.aws import Settings, patches, strict_aws

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
REGION = "us-east-1"
MACHINES: dict[str, dict[str, dict[str, str]]] = {
    "hello": {"hello-1": {}, "hello-2": {}},
    "shop": {
        "pages-1": {"app": "shop", "tier": "pages"},
        "api-1": {"app": "shop", "tier": "api"},
    },
    "tls": {"secure-1": {"app": "secure"}},
    "udp": {"names-1": {"app": "names"}},
    "snapshots": {},
    "kubernetes": {"search-1": {"app": "search"}, "mail-1": {"app": "mail"}},
}
KEPT = {"shop": 1, "kubernetes": 1}  # a volume and a snapshot whose policy is Retain
Document = dict[str, Any]


@contextmanager
def bare() -> Iterator[Clock]:
    """moto as it is, in this process."""
    from moto import mock_aws

    with patches.environment(REGION), mock_aws():
        yield SystemClock()


@contextmanager
def strict() -> Iterator[Clock]:
    """moto with its gaps closed, and states that take time."""
    with strict_aws(Settings(balancer_provisioning_seconds=5.0)) as aws:
        yield aws.clock


@pytest.fixture(params=[bare, strict], ids=lambda world: world.__name__)
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """The clock of a world that is empty."""
    world: Callable[[], AbstractContextManager[Clock]] = request.param
    with world() as there:
        yield there


def client(service: str) -> Any:
    """A bare client."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.client(service, REGION, **keys)


def documents(example: str) -> list[Document]:
    """The documents of an example."""
    name = "chart" if example == "kubernetes" else example
    text = (EXAMPLES / example / f"{name}.yaml").read_text()
    return [each for each in yaml.safe_load_all(text) if each]


def changed(each: Document) -> None:
    """What changes in place."""
    if each["kind"] == "LoadBalancer":
        each["spec"]["connectionDraining"] = "60s"
        each["spec"]["sourceRanges"] = ["203.0.113.0/24"]
    if each["kind"] == "Service" and each["spec"].get("type") == "LoadBalancer":
        each["spec"]["loadBalancerSourceRanges"] = ["203.0.113.0/24"]


def grown(each: Document) -> None:
    """More room in every claim."""
    if each["kind"] in ("VolumeClaim", "PersistentVolumeClaim"):
        each["spec"]["resources"]["requests"]["storage"] = "20Gi"


def replaced(each: Document) -> None:
    """Inside instead of outside, or the other way round: another balancer."""
    if each["kind"] == "LoadBalancer":
        inside = each["spec"].get("routability") == "Internal"
        each["spec"]["routability"] = "External" if inside else "Internal"
    if each["kind"] == "Service" and "annotations" in each["metadata"]:
        scheme = {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"}
        each["metadata"]["annotations"] = scheme


def alive() -> set[str]:
    """Everything there is that costs money or stands in the way, by bare boto3."""
    ec2, elb = client("ec2"), client("elbv2")
    interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
    own = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    return {
        *(each["VolumeId"] for each in ec2.describe_volumes()["Volumes"]),
        *(each["SnapshotId"] for each in own),
        *(each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]),
        *(each["AllocationId"] for each in ec2.describe_addresses()["Addresses"]),
        *(each["NetworkInterfaceId"] for each in interfaces),
        *(each["LoadBalancerArn"] for each in elb.describe_load_balancers()["LoadBalancers"]),
        *(each["TargetGroupArn"] for each in elb.describe_target_groups()["TargetGroups"]),
    }


@pytest.fixture
def stack(
    clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Stack]]:
    """Open a stack for the example, whose machines run; each time with a store of its own."""
    example = request.getfixturevalue("example")
    for name, labels in MACHINES[example].items():
        tags = [{"Key": key, "Value": value} for key, value in {"Name": name, **labels}.items()]
        client("ec2").run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        )
    asked = {"DomainName": "secure.example.com", "ValidationMethod": "DNS"}
    arn = client("acm").request_certificate(**asked)["CertificateArn"]
    target = {"provider": "aws", "region": REGION, "certificates": {"secure": arn}}
    config = {"stack": example, "target": "prod", "targets": {"prod": target}}
    opened: list[Stack] = []

    def one() -> Stack:
        store = tmp_path / f"store-{len(opened)}.db"
        opened.append(Stack(config=config, store=store, clock=clock))
        return opened[-1]

    yield one
    for each in opened:
        each.close()


@pytest.mark.parametrize("example", sorted(MACHINES))
def test_an_example_lives_its_whole_life(
    example: str, stack: Callable[[], Stack], clock: Clock, tmp_path: Path
) -> None:
    """After each chapter a plan is empty; at the end bare boto3 finds what was to be kept."""
    before, wanted, path = alive(), documents(example), tmp_path / "spec.yaml"
    first = stack()
    for chapter in (dict, changed, grown, replaced):  # `dict` changes nothing: it is made
        for each in wanted:
            chapter(each)
        path.write_text(yaml.safe_dump_all(wanted))
        plan = first.plan(path)
        report = first.apply(plan)
        assert report.ok, [str(each.failure or each.message) for each in report.failed]
        assert first.plan(path).empty
        gone = [each for each in plan.changes if each.loses_data or each.action is Action.RELEASE]
        assert gone == []
    first.close()
    last = stack()  # history is lost
    assert last.plan(path).empty
    names = [str(each) for each in last.apply(path).statuses]
    assert last.delete(allow_data_loss=names).ok
    clock.sleep(0 if isinstance(clock, SystemClock) else 120)
    assert len(alive() - before) == KEPT.get(example, 0)
