"""A rendered chart plans on AWS, with no cluster anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cloudabstract import Stack
from cloudabstract.testing.aws.strict import StrictAws

CHART = Path(__file__).resolve().parents[3] / "examples/kubernetes/chart.yaml"


def test_a_rendered_chart_plans(tmp_path: Path, aws: Any) -> None:
    """Nothing is refused, and every resource that comes of the chart is to be made."""
    target = {"provider": "aws", "region": aws.region}
    config = {"stack": "shop", "target": "here", "targets": {"here": target}}
    with Stack(config=config, store=tmp_path / "store.db") as stack:
        plan = stack.plan(CHART)
    assert plan.rejections == ()
    made = {str(plan.desired.author(each.part.resource)) for each in plan.changes}
    assert {
        "LoadBalancer/shop/mail",
        "LoadBalancer/shop/shop",
        "VolumeClaim/shop/uploads",
        "VolumeClaim/shop/data-database-0",
        "VolumeClaim/shop/data-database-1",
        "VolumeSnapshot/shop/before-sale",
    } == made


def test_a_rendered_chart_is_made_and_goes(tmp_path: Path, aws: StrictAws) -> None:
    """The second plan is empty; at the end the account is as it was, but for the kept snapshot."""
    claims = [
        f"VolumeClaim/shop/{name}" for name in ("data-database-0", "data-database-1", "uploads")
    ]
    target = {"provider": "aws", "region": aws.region}
    config = {"stack": "shop", "target": "here", "targets": {"here": target}}
    with Stack(config=config, store=tmp_path / "store.db", clock=aws.clock) as stack:
        assert stack.apply(CHART).ok
        assert stack.plan(CHART).changes == ()
        assert stack.delete(allow_data_loss=claims).ok
    assert aws.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert aws.client("elbv2").describe_target_groups()["TargetGroups"] == []
    ec2 = aws.client("ec2")
    assert ec2.describe_volumes()["Volumes"] == []
    snapshots = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    assert len([each for each in snapshots if each.get("Tags")]) == 1  # the others came with moto
