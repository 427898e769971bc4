"""What every run pays: help and version import next to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from cloudabstract.cli import table

PROBE = """
import json, sys
from cloudabstract.cli.main import main
try:
    main({arguments!r})
except SystemExit as ending:
    print(json.dumps([ending.code, sorted(sys.modules)]), file=sys.stderr)
"""
HEAVY = ("pydantic", "yaml", "sqlite3", "pluggy", "cloudabstract.engine", "cloudabstract.store")


def imported_by(*arguments: str) -> set[str]:
    """The modules that a command line has imported when it ends well."""
    command = [sys.executable, "-c", PROBE.format(arguments=list(arguments))]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    code, modules = json.loads(result.stderr)
    assert code == 0
    return set(modules)


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("apply", "--help")])
def test_help_and_version_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Neither a parser, nor the store, nor plugins, nor the engine."""
    assert imported_by(*arguments) & set(HEAVY) == set()


def test_root_help_imports_no_command() -> None:
    """The list of commands is a table."""
    commands = {f"cloudabstract.cli.commands.{name}" for name in table.SUMMARIES}
    assert imported_by("--help") & commands == set()


def test_a_command_imports_only_itself() -> None:
    """One command's help brings in no other command."""
    commands = {f"cloudabstract.cli.commands.{name}" for name in table.SUMMARIES}
    assert imported_by("get", "--help") & commands == {"cloudabstract.cli.commands.get"}


def test_the_version_is_printed_to_standard_output(run: Any) -> None:
    """`--version` is data."""
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("cloudabstract ")
    assert result.stderr == ""
