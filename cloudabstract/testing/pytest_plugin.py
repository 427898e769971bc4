"""The pytest plugin: fixtures for tests of deployments and of providers, all of them lazy.

pytest loads this module in every project that has cloudabstract installed, so it imports nothing
that is not already there: a fixture imports what it needs when a test asks for it.

    memory_cloud            an empty cloud in memory, with a clock that only sleeps move
    cloudabstract_stack     make stacks on that cloud: `stack = cloudabstract_stack("shop")`
    assert_plan             `assert_plan(plan, create=["LoadBalancer/web"])`, and nothing else
    crash_at                a fault that ends a run before or after its n-th write
    aws                     a strict AWS in this process; needs extra `moto`
    gcp, gcp_emulator       an emulator of Google's Compute Engine
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cloudabstract.testing.aws.strict import StrictAws
    from cloudabstract.testing.calls import Fault
    from cloudabstract.testing.gce import Emulator
    from cloudabstract.testing.memory import Cloud
    from cloudabstract.testing.stacks import MemoryStack

# The suite's assertions are to be explained like those of a test file.
pytest.register_assert_rewrite("cloudabstract.testing.conformance")


@pytest.fixture
def memory_cloud() -> Cloud:
    """An empty memory cloud whose clock stands still between sleeps."""
    from cloudabstract.testing.clock import FakeClock
    from cloudabstract.testing.memory import Cloud

    return Cloud(FakeClock())


@pytest.fixture
def cloudabstract_stack(
    memory_cloud: Cloud, tmp_path: Path
) -> Iterator[Callable[..., MemoryStack]]:
    """Make a stack on `memory_cloud`; the argument is its name. All share one store."""
    from cloudabstract.testing.stacks import stacks

    with stacks(memory_cloud, tmp_path / "store.db") as make:
        yield make


@pytest.fixture
def assert_plan() -> Callable[..., None]:
    """A function that compares a plan's changes with those expected, resource by resource."""
    from cloudabstract.testing.plans import assert_plan

    return assert_plan


@pytest.fixture
def crash_at() -> Callable[..., Fault]:
    """`crash_at(3)` or `crash_at(3, "before")`: a fault that ends the run at its third write."""
    from cloudabstract.testing.faults import StopAfter, StopBefore

    def make(write: int, side: str = "after") -> Fault:
        return {"before": StopBefore, "after": StopAfter}[side](write)

    return make


@pytest.fixture
def aws(request: pytest.FixtureRequest) -> Iterator[StrictAws]:
    """A fresh strict AWS in this process, with the settings of fixture `aws_settings`, if any."""
    from cloudabstract.testing.aws import Settings, strict_aws

    try:
        settings = request.getfixturevalue("aws_settings")
    except pytest.FixtureLookupError:
        settings = Settings()
    with strict_aws(settings) as running:
        yield running


@pytest.fixture
def gcp_emulator() -> Iterator[Emulator]:
    """A started emulator of Compute Engine, with pages of two items."""
    from cloudabstract.testing.gce import Emulator

    with Emulator(page_size=2) as emulator:
        yield emulator


@pytest.fixture
def gcp(gcp_emulator: Emulator) -> Emulator:
    """The same by a shorter name."""
    return gcp_emulator
