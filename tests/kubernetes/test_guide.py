"""The guide says what the code does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_tables_of_the_guide_are_those_of_the_code() -> None:
    """If not: python tools/kubernetes_guide.py."""
    command = [sys.executable, str(ROOT / "tools/kubernetes_guide.py"), "--check"]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_guide_names_every_kind_that_is_read() -> None:
    """Each kind has a table of its fields."""
    from cloudabstract.spec.kubernetes import tables

    text = (ROOT / "docs/guides/kubernetes.md").read_text()
    for kind in tables.load("dispositions"):
        assert f"\n### {kind[0].upper()}{kind[1:]}\n" in text
