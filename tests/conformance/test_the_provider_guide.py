"""The guide's provider is a provider: its code, as printed, passes the suite."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "provider-guide.md"


def written(folder: Path) -> list[str]:
    """Write every block of the guide that begins with a file's name; their names."""
    blocks = re.findall(r"```python\n# (\S+\.py)\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    for name, code in blocks:
        (folder / name).write_text(code)
    return [name for name, _ in blocks]


def test_the_guides_provider_passes_the_suite(tmp_path: Path) -> None:
    """Nothing fails but what its harness says is lacking, and something passes in each layer."""
    assert written(tmp_path) == ["jar.py", "test_jar.py"]
    path = os.pathsep.join([str(ROOT), str(tmp_path)])
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rxX", "-p", "no:cacheprovider", "test_jar.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]
    assert "a jar has no network" in result.stdout
    passed = re.search(r"(\d+) passed", result.stdout)
    assert passed is not None
    assert int(passed[1]) > 100


def test_the_guides_provider_is_short() -> None:
    """The promise of 150 lines is kept: all of it but blank lines."""
    code = re.findall(r"```python\n# jar\.py\n(.*?)```", GUIDE.read_text(), re.DOTALL)[0]
    lines = [line for line in code.splitlines() if line.strip()]
    assert len(lines) <= 150
