"""Worlds for tests of volumes: stories in this process, and a stack over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gcp_bench import world
from gcp_bench.harness import GcpHarness

from cloudabstract import Stack
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.conformance.story import Story, story
from cloudabstract.testing.gce import Emulator


@pytest.fixture
def told() -> Iterator[Story]:
    """The story of one stack on an emulator that is called without HTTP."""
    with story(GcpHarness) as begun:
        yield begun


@pytest.fixture
def emulator(told: Story) -> Emulator:
    """The emulator of `told`."""
    assert isinstance(told.harness, GcpHarness)
    return told.harness.emulator


@pytest.fixture
def served() -> Iterator[Emulator]:
    """A furnished emulator that is served over HTTP, with a time of its own."""
    with world.emulator_with(None, page=None) as running:
        yield running


@pytest.fixture
def stack(served: Emulator, tmp_path: Path) -> Iterator[Stack]:
    """A stack on `served`, configured as users do; its engine does not really sleep."""
    target = {
        "provider": "gcp",
        "project": world.PROJECT,
        "region": world.REGION,
        "endpoint": served.url,
    }
    config = {"stack": "shop", "targets": {"seoul": target}, "store": str(tmp_path / "store.db")}
    with Stack(config=config, clock=FakeClock()) as opened:
        yield opened
