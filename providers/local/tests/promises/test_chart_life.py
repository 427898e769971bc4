"""A rendered chart lives on one machine: it is made, nothing is left to do, and it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cloudabstract import Stack

CHART = Path(__file__).resolve().parents[4] / "examples/kubernetes/chart.yaml"
CLAIMS = tuple(
    f"VolumeClaim/shop/{name}" for name in ("data-database-0", "data-database-1", "uploads")
)


def test_a_rendered_chart_is_made_and_goes(
    stack: Stack, leftovers: Callable[[], list[str]]
) -> None:
    """The second plan is empty, and nothing stays behind but the snapshot that is to be kept."""
    report = stack.apply(CHART)
    assert report.ok
    assert report["LoadBalancer/shop/shop"].addresses
    assert stack.plan(CHART).changes == ()
    assert stack.delete(allow_data_loss=CLAIMS).ok
    assert all("snapshot" in each for each in leftovers())
