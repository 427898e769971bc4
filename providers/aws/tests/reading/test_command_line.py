"""Discover, adopt, plan and release, as a person types them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cloudabstract.cli.main import main

Hands = Any  # see conftest.py
CONFIG = """\
stack: shop
target: prod
targets:
  prod: {provider: aws, region: us-east-1}
  here: {provider: local, root: ./root}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line in a folder with two targets."""
    (tmp_path / "cloudabstract.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_from_made_by_hand_to_ours_and_back(hands: Hands, run: Callable[..., Result]) -> None:
    """What is printed plans empty here, and without objection on this machine; let go of, it is
    offered again."""
    front = hands.balancer("Shop-Front")
    machines = hands.instances(1)
    hands.listener(front, 80, hands.group("web", *machines))
    volume = hands.volume("pg data", 20)
    found = run("discover")
    assert found.exit_code == 0, found.output
    assert f"# aws.volume {volume} (pg data) in us-east-1" in found.stdout
    assert "name: shop-front" in found.stdout
    assert "name: pg-data" in found.stdout
    only = run("discover", "--kind", "lb")
    assert "pg-data" not in only.stdout
    documents = [run("adopt", "lb/shop-front"), run("adopt", volume, "--as", "archive")]
    assert [each.exit_code for each in documents] == [0, 0]
    Path("shop.yaml").write_text("---\n".join(each.stdout for each in documents))
    plan = run("plan", "-f", "shop.yaml")
    assert plan.exit_code == 0
    assert "Nothing to do." in plan.stdout
    there = run("plan", "-t", "here", "-f", "shop.yaml")
    assert there.exit_code == 0, there.output
    assert "reject" not in there.stdout
    assert "nothing here that belongs to no stack" in run("discover").stderr
    assert run("release", "vol/archive", "--yes").exit_code == 0
    assert "name: pg-data" in run("discover").stdout
