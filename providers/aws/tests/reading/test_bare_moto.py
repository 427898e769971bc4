"""What stands on bare moto, in a user's own tests, is read back as well."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from cloudabstract import Stack
from cloudabstract.testing.clock import FakeClock

REGION = "us-east-1"


@pytest.fixture
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize("kind", ["network", "application"])
def test_a_balancer_and_a_volume_under_mock_aws(kind: str, tmp_path: Path) -> None:
    """moto leaves out much of what AWS tells; still the plan is empty after adopting."""
    with mock_aws():
        ec2, elb = boto3.client("ec2", REGION), boto3.client("elbv2", REGION)
        subnets = ec2.describe_subnets()["Subnets"]
        protocol = "TCP" if kind == "network" else "HTTP"
        group = elb.create_target_group(
            Name="web", Protocol=protocol, Port=80, VpcId=subnets[0]["VpcId"], TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]
        elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "172.31.0.5"}])
        ids = [each["SubnetId"] for each in subnets][:2]
        front = elb.create_load_balancer(Name="front", Type=kind, Subnets=ids)
        elb.create_listener(
            LoadBalancerArn=front["LoadBalancers"][0]["LoadBalancerArn"],
            Port=80,
            Protocol=protocol,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=5)
        config = {
            "stack": "shop",
            "target": "prod",
            "targets": {"prod": {"provider": "aws", "region": REGION}},
        }
        with Stack(config=config, store=tmp_path / "store.db", clock=FakeClock()) as shop:
            found = shop.discover()
            assert [each.resource.KIND for each in found] == ["LoadBalancer", "Volume"]
            assert all(shop.adopt(each).ok for each in found)
            plan = shop.plan([each.resource for each in found])
            assert [(str(each.part), dict(each.fields)) for each in plan.changes] == []
