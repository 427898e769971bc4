"""The pytest plugin: fixtures for tests of deployments, each loaded when asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from cloudabstract.model import Metadata, Storage, Volume, VolumeSpec
from cloudabstract.testing.calls import Crash
from cloudabstract.testing.conformance import samples
from cloudabstract.testing.memory import Cloud

PROBE = (
    "import json, sys, pytest; before = set(sys.modules);"
    "import cloudabstract.testing.pytest_plugin;"
    "print(json.dumps(sorted(set(sys.modules) - before)))"
)


def test_the_plugin_loads_nothing_of_the_library() -> None:
    """In a fresh interpreter it brings in itself and its empty parents only."""
    result = subprocess.run(
        [sys.executable, "-c", PROBE], check=True, capture_output=True, text=True
    )
    packages = {".".join(name.split(".")[:3]) for name in json.loads(result.stdout)}
    ours = {name for name in packages if name.startswith("cloudabstract")}
    assert ours <= {"cloudabstract", "cloudabstract.testing", "cloudabstract.testing.pytest_plugin"}
    assert packages & {"pydantic", "yaml", "moto", "boto3", "sqlite3"} == set()


def test_a_deployment_is_planned_applied_and_looked_at(
    cloudabstract_stack: Callable[[str], Any],
    memory_cloud: Cloud,
    assert_plan: Callable[..., None],
) -> None:
    """From nothing to a balancer, a change of it, and nothing again."""
    stack = cloudabstract_stack("shop")
    web = samples.balancer()
    assert_plan(stack.plan([web]), create=["LoadBalancer/web"])
    assert stack.apply([web])["LoadBalancer/web"].addresses
    assert_plan(stack.plan([web]))
    assert_plan(stack.plan([samples.changed_balancer(web)]), update=["LoadBalancer/web"])
    memory_cloud.remove(memory_cloud.objects("memory.listener")[0])
    assert_plan(stack.plan([web]), create=["LoadBalancer/web"])
    assert stack.delete().ok
    assert memory_cloud.objects() == ()


def test_assert_plan_tells_what_was_planned(
    cloudabstract_stack: Callable[[str], Any], assert_plan: Callable[..., None]
) -> None:
    """The message has both sides."""
    stack = cloudabstract_stack("shop")
    with pytest.raises(AssertionError, match=r"planned: .*LoadBalancer/web.*expected: \{\}"):
        assert_plan(stack.plan([samples.balancer()]))


def test_a_crash_can_be_put_at_any_write(
    cloudabstract_stack: Callable[[str], Any],
    memory_cloud: Cloud,
    crash_at: Callable[..., Any],
) -> None:
    """The run ends there; the next one goes on."""
    stack = cloudabstract_stack("shop")
    volume = Volume(Metadata("archive", ""), VolumeSpec(Storage(2**30), ("ReadWriteOnce",)))
    with pytest.raises(Crash):
        stack.apply([volume], crash_at(1))
    assert len(memory_cloud.objects()) == 1
    assert stack.apply([volume]).ok
    assert len(memory_cloud.objects()) == 1
