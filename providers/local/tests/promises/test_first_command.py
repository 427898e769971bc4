"""The README's first command: its program, run the way a script or a CI job runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[4] / "examples" / "hello"
Run = Callable[..., str]


@pytest.fixture
def hello(tmp_path: Path) -> Iterator[Run]:
    """Runs hello.py on state of this test's own until it ends and all its output is read."""
    (tmp_path / "run").mkdir()
    places = {"HOME": "", "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run"}
    env = {**os.environ, **{name: str(tmp_path / folder) for name, folder in places.items()}}

    def run(*arguments: str) -> str:
        command = [sys.executable, FOLDER / "hello.py", *arguments]
        done = subprocess.run(
            command, env=env, text=True, capture_output=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    yield run
    run("--stop")


def test_hello_ends_with_traffic_and_leaves_nothing_when_stopped(
    hello: Run, tmp_path: Path
) -> None:
    """Both backends answered, the claim is bound; a reader of its output is not kept waiting."""
    told = hello()
    counts = [line.split()[-1] for line in told.splitlines() if line.startswith("  hello-")]
    assert len(counts) == 2
    assert sum(map(int, counts)) == 40
    assert "VolumeClaim/guestbook is Bound: 64 MiB" in told
    assert "Nothing is left." in hello("--stop")
    files = [each.name for each in tmp_path.rglob("*") if each.is_file()]
    assert [name for name in files if not name.startswith("store.db")] == []
