"""A memory cloud with a clock that stands still, and its calls; the fixtures of the pytest plugin.

pytest finds the plugin by its entry point where cloudabstract is installed; from a bare clone the
names below do the same.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cloudabstract.testing import pytest_plugin
from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.memory import Cloud, Rules
from cloudabstract.testing.memory.calls import Calls, Request

Insert = Callable[..., Request]

memory_cloud = pytest_plugin.memory_cloud
cloudabstract_stack = pytest_plugin.cloudabstract_stack
assert_plan = pytest_plugin.assert_plan
crash_at = pytest_plugin.crash_at


@pytest.fixture
def clock() -> FakeClock:
    """A clock that only sleeps move."""
    return FakeClock()


@pytest.fixture
def cloud(clock: FakeClock) -> Cloud:
    """An empty cloud."""
    return Cloud(clock, Rules())


@pytest.fixture
def calls(cloud: Cloud) -> Calls:
    """A client of it."""
    return Calls(cloud)


@pytest.fixture
def disk() -> Insert:
    """A request for a disk; keywords override."""

    def request(name: str = "one", token: str = "", size: int = 2**30, **fields: object) -> Request:
        return Request(
            "memory.disk", "here-a", name, {"size": size, **fields}, {}, token or f"token-{name}"
        )

    return request
