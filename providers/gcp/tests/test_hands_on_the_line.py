"""A stranger at the command line: discover, adopt, plan, release, on the emulator over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from gcp_bench import hand, world
from gcp_bench.hand import REGION, Hand

from cloudabstract.cli.main import main
from cloudabstract.testing.gce import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A project in which somebody made a balancer and disks by hand."""
    with Emulator(None, None, (world.PROJECT,)) as served:
        made = Hand(served)
        hand.machines(made)
        hand.edge(made)
        hand.storage(made)
        yield served


@pytest.fixture(autouse=True)
def folder(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, and a state folder of its own."""
    cloud = {
        "provider": "gcp",
        "project": world.PROJECT,
        "region": REGION,
        "endpoint": emulator.url,
    }
    config = {"stack": "shop", "target": "cloud", "targets": {"cloud": cloud}}
    (tmp_path / "cloudabstract.yaml").write_text(json.dumps(config))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def run(*arguments: str) -> Result:
    """One command. Raises what it lets through."""
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_a_stranger_makes_what_is_there_his_own_and_lets_go_of_it(folder: Path) -> None:
    """Each document as it is printed goes into a file; the plan for the file is empty."""
    found = run("discover")
    assert found.exit_code == 0
    assert "firewall rules stay as they are" in found.stdout
    told = json.loads(run("discover", "-o", "json").stdout)
    names = [each["resource"] for each in told]
    assert "LoadBalancer/edge-rule" in names
    documents = []
    for name in sorted(names, key=lambda one: not one.startswith("Volume/")):
        adopted = run("adopt", name)
        assert adopted.exit_code == 0, adopted.output
        documents.append(adopted.stdout)
    (folder / "shop.yaml").write_text("---\n".join(documents))
    assert run("plan", "-f", "shop.yaml", "--detailed-exitcode").exit_code == 0
    assert run("drift", "--detailed-exitcode").exit_code == 0
    assert "belongs to no stack" in run("discover").output
    for name in reversed(names):
        assert run("release", name, "--yes").exit_code == 0
    again = json.loads(run("discover", "-o", "json").stdout)
    assert sorted(each["resource"] for each in again) == sorted(names)
