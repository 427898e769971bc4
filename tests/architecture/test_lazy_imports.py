"""Start-up is cheap: what is heavy is imported by those who use it, when they use it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SDKS = {"boto3", "botocore", "envoy", "google", "googleapiclient", "grpc", "libcloud", "moto"}
HEAVY = SDKS | {"hypothesis", "pydantic", "pydantic_core", "pytest", "requests", "rich", "yaml"}
PROBE = "import {}, json, sys; print(json.dumps(sorted({{n.split('.')[0] for n in sys.modules}})))"
EAGER = (
    "cloudabstract",
    "cloudabstract.model",
    "cloudabstract.provider",
    "cloudabstract.cli.main",
    "cloudabstract_local.plugin",
    "cloudabstract_aws.plugin",
    "cloudabstract_gcp.plugin",
)


def imported_by(module: str) -> set[str]:
    """The top-level names in sys.modules once a fresh interpreter has imported `module`."""
    command = [sys.executable, "-c", PROBE.format(module)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(json.loads(result.stdout))


@pytest.mark.parametrize("module", EAGER)
def test_importing_brings_in_nothing_heavy(module: str) -> None:
    """A fresh interpreter that imports this module has loaded no SDK and no heavy library."""
    assert imported_by(module) & HEAVY == set()


@pytest.mark.parametrize("name", ["local", "aws", "gcp"])
def test_a_provider_is_not_imported_before_it_is_opened(name: str) -> None:
    """Its plugin is asked for an offer in every command, whatever the target is."""
    asked = f"cloudabstract_{name}.plugin as plugin; plugin.cloudabstract_providers(); import sys"
    command = [sys.executable, "-c", f"import {asked}; print(*sys.modules)"]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    loaded = {each for each in result.stdout.split() if each.startswith(f"cloudabstract_{name}")}
    assert loaded == {f"cloudabstract_{name}{each}" for each in ("", ".plugin", ".settings")}


def test_importing_the_package_needs_no_third_party_library() -> None:
    """`import cloudabstract` loads none of the command line's and the plugins' libraries either."""
    assert imported_by("cloudabstract") & (HEAVY | {"click", "platformdirs", "pluggy"}) == set()


def test_the_probe_sees_a_heavy_import() -> None:
    """The check is not blind: a module known to load YAML is seen to do so."""
    assert "yaml" in imported_by("yaml.loader")
