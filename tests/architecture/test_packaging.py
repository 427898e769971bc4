"""What users install: wheels that are complete, found as plugins, and have no tests in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECTS = {
    "cloudabstract": ".",
    "cloudabstract_local": "providers/local",
    "cloudabstract_aws": "providers/aws",
    "cloudabstract_gcp": "providers/gcp",
}
LIST_PLUGINS = """
import importlib.metadata, json
points = importlib.metadata.entry_points(group="cloudabstract")
print(json.dumps({point.name: point.value for point in points}))
"""


@pytest.fixture(scope="module")
def wheels(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A wheel of each project, built without a network: the build backend is installed here."""
    folder = tmp_path_factory.mktemp("wheels")
    sources = [str(root / path) for path in PROJECTS.values()]
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    pip = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder)]
    subprocess.run([*pip, *sources], check=True)
    return {path.name.split("-")[0]: path for path in folder.glob("*.whl")}


@pytest.mark.slow
def test_each_project_makes_one_wheel(wheels: dict[str, Path]) -> None:
    """pip builds the core and every provider from a clone."""
    assert set(wheels) == set(PROJECTS)


@pytest.mark.slow
@pytest.mark.parametrize("project", PROJECTS)
def test_a_wheel_holds_the_package_and_no_tests(
    project: str, wheels: dict[str, Path], root: Path
) -> None:
    """Every file of the package is in its wheel, data files too, and nothing else is."""
    package = root / PROJECTS[project] / project
    files = [path for path in package.rglob("*") if path.is_file()]
    expected = {
        path.relative_to(package.parent).as_posix()
        for path in files
        if "__pycache__" not in path.parts
    }
    names = zipfile.ZipFile(wheels[project]).namelist()
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert [name for name in names if "tests" in Path(name).parts] == []


@pytest.mark.slow
def test_providers_are_found_once_installed(wheels: dict[str, Path], tmp_path: Path) -> None:
    """pip installs the wheels side by side, and each provider is there as an entry point."""
    options = ["--quiet", "--no-deps", "--no-index", "--target", str(tmp_path)]
    install = [sys.executable, "-m", "pip", "install", *options, *map(str, wheels.values())]
    subprocess.run(install, check=True)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-S", "-c", LIST_PLUGINS]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert json.loads(result.stdout) == {
        "local": "cloudabstract_local.plugin",
        "aws": "cloudabstract_aws.plugin",
        "gcp": "cloudabstract_gcp.plugin",
    }
