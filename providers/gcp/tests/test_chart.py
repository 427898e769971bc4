"""A rendered chart plans on Google Cloud, with no cluster anywhere."""

from __future__ import annotations

from pathlib import Path

from cloudabstract import Stack
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.gce import Emulator

CHART = Path(__file__).resolve().parents[3] / "examples/kubernetes/chart.yaml"


def test_a_rendered_chart_plans(tmp_path: Path, gcp_emulator: Emulator) -> None:
    """Nothing is refused, and every resource that comes of the chart is to be made."""
    target = {
        "provider": "gcp",
        "project": "acme",
        "region": "us-central1",
        "endpoint": gcp_emulator.url,
    }
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


def test_a_rendered_chart_is_made_and_goes(tmp_path: Path) -> None:
    """The second plan is empty; at the end the project is as it was, but for the kept snapshot."""
    claims = [
        f"VolumeClaim/shop/{name}" for name in ("data-database-0", "data-database-1", "uploads")
    ]
    clock = FakeClock()
    with Emulator(clock, 2, ("acme",)) as emulator:
        target = {"provider": "gcp", "project": "acme", "region": "us-central1"}
        target["endpoint"] = emulator.url
        config = {"stack": "shop", "target": "here", "targets": {"here": target}}
        with Stack(config=config, store=tmp_path / "store.db", clock=clock) as stack:
            assert stack.apply(CHART).ok
            assert stack.plan(CHART).changes == ()
            assert stack.delete(allow_data_loss=claims).ok
        for kind in ("forwardingRules", "backendServices", "healthChecks", "disks", "firewalls"):
            assert emulator.world.all(kind) == [], kind
        assert len(emulator.world.all("snapshots")) == 1
