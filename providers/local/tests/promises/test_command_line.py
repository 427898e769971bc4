"""The command as a stranger types it: exit codes, two at a time, and input that is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloudabstract import Stack

SPEC = """\
kind: LoadBalancer
metadata: {name: web}
spec:
  ports: [{port: 8080}]
  backends: [{name: pages, addresses: [{address: 127.0.0.1, port: 7}]}]
"""
CLAIM = """\
kind: VolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 64Mi}}
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(config: dict[str, Any], stack: Stack, tmp_path: Path) -> Run:
    """Runs the command in a folder with a spec and a configuration."""
    (tmp_path / "cloudabstract.yaml").write_text(yaml.safe_dump(config))
    (tmp_path / "shop.yaml").write_text(SPEC)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cloudabstract", *arguments]
        environment = os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")}
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    return call


def test_a_life_on_the_command_line(run: Run, leftovers: Callable[[], list[str]]) -> None:
    """plan tells of changes by exit code 2, apply makes them, plan is then 0, delete ends all."""
    assert run("plan", "-f", "shop.yaml", "--detailed-exitcode").returncode == 2
    applied = run("apply", "-f", "shop.yaml")
    assert applied.returncode == 0, applied.stderr
    assert run("plan", "-f", "shop.yaml", "--detailed-exitcode").returncode == 0
    (web,) = json.loads(run("get", "lb/web", "-o", "json").stdout)
    assert web["status"]["addresses"][0]["ip"].startswith("127.")
    deleted = run("delete", "--stack", "hello", "--all", "--yes")
    assert deleted.returncode == 0, deleted.stderr
    assert leftovers() == []


def test_a_claim_is_deleted_by_the_file_that_names_it(
    run: Run, tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    """Its volume was made for it, of several objects, and goes with it once the loss is agreed."""
    (tmp_path / "data.yaml").write_text(CLAIM)
    assert run("apply", "-f", "data.yaml").returncode == 0
    refused = run("delete", "-f", "data.yaml", "--yes")
    assert refused.returncode == 6
    assert "(for VolumeClaim/data)" in refused.stdout
    assert "--allow-data-loss VolumeClaim/data" in refused.stderr
    agreed = ("--yes", "--allow-data-loss", "VolumeClaim/data")
    assert run("delete", "-f", "data.yaml", *agreed).returncode == 0
    assert leftovers() == []


def test_of_two_applies_one_wins(run: Run, stack: Stack) -> None:
    """While one run holds the stack, another exits 4, saying who holds it and since when."""
    with stack.store.lease("hello", owner="somebody"):
        refused = run("apply", "-f", "shop.yaml")
    assert refused.returncode == 4
    assert "somebody@" in refused.stderr
    assert "since" in refused.stderr
    assert run("apply", "-f", "shop.yaml").returncode == 0


def test_a_wrong_spec_touches_nothing(
    run: Run, tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    """Every problem is told with file, line, field and remedy; exit code 5, nothing is made."""
    (tmp_path / "shop.yaml").write_text(SPEC.replace("8080", "70000").replace("ports", "port"))
    refused = run("apply", "-f", "shop.yaml")
    assert refused.returncode == 5
    assert "shop.yaml:4: LoadBalancer/web: spec.port: there is no such field" in refused.stderr
    assert "did you mean 'ports'?" in refused.stderr
    assert leftovers() == []


def test_what_the_target_lacks_is_said_at_plan_time(
    run: Run, tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    """A protocol that the target does not have is refused with its code and an alternative."""
    (tmp_path / "shop.yaml").write_text(SPEC.replace("{port: 8080}", "{port: 80, protocol: SCTP}"))
    refused = run("plan", "-f", "shop.yaml")
    assert refused.returncode == 5
    assert "LB003" in refused.stdout + refused.stderr
    assert "shop.yaml:4" in refused.stdout + refused.stderr
    assert leftovers() == []
