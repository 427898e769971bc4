"""The tests that the guide prints pass as they are printed, on bare moto and on the strict one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "guides" / "testing-with-moto.md"


def blocks() -> list[str]:
    """The Python of the page."""
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """A test file of its own, run where nothing of this machine is seen."""
    (folder / "test_shop.py").write_text(text)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shop.py"],
        cwd=folder,
        env={**clean, "HOME": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_guides_tests_pass(tmp_path: Path) -> None:
    """In a folder with nothing but the example and the tests."""
    shutil.copy(ROOT / "examples" / "shop" / "shop.yaml", tmp_path)
    result = run(tmp_path, "\n\n".join(blocks()))
    assert result.returncode == 0, result.stdout[-4000:]
    assert f"{len(blocks())} passed" in result.stdout


def test_the_guides_first_test_needs_an_empty_folder(tmp_path: Path) -> None:
    """Pasted as it is, with no file beside it, and no credentials or region anywhere."""
    (first, *_) = blocks()
    result = run(tmp_path, first)
    assert result.returncode == 0, result.stdout[-4000:]
    assert "1 passed" in result.stdout


def test_the_guides_first_test_is_short() -> None:
    """Ten lines, imports and blank lines apart."""
    lines = [line for line in blocks()[0].splitlines() if line.strip()]
    body = [line for line in lines if not line.startswith(("import ", "from "))]
    assert len(body) <= 10
