"""`doctor` finds what works and what does not, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gcp_bench import world
from gcp_bench.harness import GcpHarness, WiredProvider

from cloudabstract.provider import Finding
from cloudabstract.testing.gce import Emulator


@pytest.fixture
def harness() -> Iterator[GcpHarness]:
    """A world of one's own."""
    made = GcpHarness()
    yield made
    made.close()


def findings(**settings: object) -> dict[str, Finding]:
    """What doctor says, by name."""
    asked = {**vars(GcpHarness.settings()), **settings}
    session = WiredProvider(type(GcpHarness.settings())(**asked)).connect()
    return {each.name: each for each in session.checkup()}


def emulator_of(harness: GcpHarness) -> Emulator:
    return harness.emulator


def test_a_healthy_target_has_nothing_to_complain_about(harness: GcpHarness) -> None:
    """Identity, project, region, network, quotas, and every kind that is read; no write at all."""
    told = findings()
    assert [each for each in told.values() if not each.ok] == []
    assert {"identity", "project", "region", "network", "subnetwork"} <= told.keys()
    assert "us-central1-a" in told["region"].message
    assert emulator_of(harness).calls.mutating() == []


def test_what_may_not_be_read_is_named(harness: GcpHarness) -> None:
    """The permission stands in the message, the way out in the remedy."""
    emulator_of(harness).permissions.deny("compute.backendServices.list")
    found = findings()["reading backendServices"]
    assert not found.ok
    assert "compute.backendServices.list" in found.message
    assert "docs/guides/gcp.md" in found.remedy


def test_quotas_near_their_end_are_told(harness: GcpHarness) -> None:
    """With metric, usage and limit, where they are counted."""
    emulator = emulator_of(harness)
    emulator.world.put("addresses", "one", world.REGION, {"address": "203.0.113.50"})
    emulator.quotas.limit("STATIC_ADDRESSES", 1, world.REGION)
    found = findings()[f"quotas of {world.REGION}"]
    assert not found.ok
    assert "STATIC_ADDRESSES 1 of 1" in found.message


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("project", {"project": "nobody-has-this"}),
        ("region", {"region": "europe-west9"}),
        ("zones", {"zones": ("us-central1-z",)}),
        ("network", {"network": "elsewhere"}),
        ("subnetwork", {"subnetwork": "elsewhere"}),
    ],
)
def test_what_does_not_exist_is_told_with_a_way_out(
    harness: GcpHarness, name: str, settings: dict[str, object]
) -> None:
    """A target that points to nowhere."""
    found = findings(**settings)[name]
    assert not found.ok
    assert found.remedy
