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


def test_the_guides_tests_pass(tmp_path: Path) -> None:
    """In a folder with nothing but the example and the two tests."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    (tmp_path / "test_shop.py").write_text("\n\n".join(blocks))
    shutil.copy(ROOT / "examples" / "shop" / "shop.yaml", tmp_path)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shop.py"],
        cwd=tmp_path,
        env={**clean, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]
    assert f"{len(blocks)} passed" in result.stdout


def test_the_guides_first_test_is_short() -> None:
    """Ten lines, imports and blank lines apart."""
    code = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)[0]
    lines = [line for line in code.splitlines() if line.strip()]
    body = [line for line in lines if not line.startswith(("import ", "from "))]
    assert len(body) <= 10
