"""Imports run one way: the contracts in pyproject.toml hold, and each of them can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = "from importlinter.cli import lint_imports_command as run; run()"
PROVIDERS = ("local", "aws", "gcp")
INTRUDERS = {
    "a layer reaches up": ("cloudabstract/model/intruder.py", "import cloudabstract.engine"),
    "siblings know each other": ("cloudabstract/spec/intruder.py", "import cloudabstract.store"),
    "core knows a provider": ("cloudabstract/cli/intruder.py", "import cloudabstract_aws"),
    "a provider knows the engine": (
        "providers/aws/cloudabstract_aws/intruder.py",
        "import cloudabstract.engine",
    ),
    "a provider knows another": (
        "providers/aws/cloudabstract_aws/intruder.py",
        "import cloudabstract_gcp",
    ),
    "an SDK in the core": ("cloudabstract/engine/intruder.py", "import boto3"),
    "YAML outside of spec": ("cloudabstract/store/intruder.py", "import yaml"),
    "pydantic outside of spec": ("cloudabstract/model/intruder.py", "import pydantic"),
    "pluggy outside of plugins": ("cloudabstract/engine/intruder.py", "import pluggy"),
}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts over the sources in `tree`, which need not be installed."""
    sources = [str(tree), *(str(tree / "providers" / name) for name in PROVIDERS)]
    command = [sys.executable, "-c", LINT, "--config", "pyproject.toml", "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sources)}
    return subprocess.run(
        command, cwd=tree, env=environment, check=False, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources in a folder of their own, where a test may add to them."""
    tree = tmp_path_factory.mktemp("sources")
    only_code = shutil.ignore_patterns("__pycache__", "tests")
    shutil.copy(root / "pyproject.toml", tree)
    shutil.copytree(
        root / "cloudabstract", tree / "cloudabstract", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(root / "providers", tree / "providers", ignore=only_code)
    return tree


def test_every_contract_holds(root: Path) -> None:
    """No import in the core or in a provider breaks a contract."""
    result = lint(root)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("reason", INTRUDERS)
def test_a_contract_is_broken_when(reason: str, copy: Path) -> None:
    """One forbidden import, put into an otherwise sound tree, is found and named."""
    path, line = INTRUDERS[reason]
    intruder = copy / path
    intruder.write_text(f"{line}\n")
    try:
        result = lint(copy)
    finally:
        intruder.unlink()
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{intruder.parent.name}.intruder" in result.stdout
