"""A program that outlives the one who started it finishes its work, and nobody disturbs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused
from cloudabstract_local.volumes import copies, images, probe

# Starts a program on an image the way the drivers do, and is killed while that runs.
STARTER = """
import sys
from pathlib import Path
from cloudabstract_local.volumes import images, tools
with images.unchanging(Path(sys.argv[1])) as lock:
    tools.run("sh", "-c", "echo started >&2; read line < $1", "sh", sys.argv[2], keep=lock)
"""


@pytest.fixture
def orphan(bench: Any, tmp_path: Path) -> Iterator[Path]:
    """A program at work on the image of volume `data`; it ends when its pipe is written to."""
    bench.turn(bench.volume(mib=8))
    bench.end_of_power()
    image = next(each for each in bench.ours() if each.kind == "local.image")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    starter = subprocess.Popen([sys.executable, "-c", STARTER, image.fields["path"], str(pipe)])
    writing = os.open(pipe, os.O_WRONLY)  # opens when the program reads
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    yield pipe
    os.write(writing, b"end\n")
    os.close(writing)
    image_path = Path(image.fields["path"])
    while _is_locked(image_path):
        os.sched_yield()


def test_an_image_that_a_program_works_on_is_left_alone(
    bench: Any, able: probe.Abilities, orphan: Path
) -> None:
    """It is neither grown, nor mounted, copied or deleted: all of that is a conflict for now."""
    volume = bench.volume(mib=8)
    attempts = [
        lambda: bench.turn(bench.volume(mib=16)),
        bench.end,
        lambda: bench.drivers["local.snapshot"].create(_snapshot(bench, volume)),
    ]
    if able.mount:
        attempts.append(lambda: bench.turn(volume))
    for attempt in attempts:
        with pytest.raises(Refused, match="a program that changes it") as caught:
            attempt()
        assert caught.value.failure.code is ErrorCode.CONFLICT


def test_a_copied_folder_is_whole(tmp_path: Path) -> None:
    """Links, times and modes come along; what is mounted inside would not."""
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "sub").mkdir(parents=True)
    target.mkdir()
    (source / "sub" / "file").write_bytes(b"text")
    (source / "sub" / "file").chmod(0o640)
    (source / "link").symlink_to("/nowhere/at/all")
    os.utime(source / "sub" / "file", (1, 1))
    copies.tree(source, target)
    assert (target / "sub" / "file").read_bytes() == b"text"
    assert os.readlink(target / "link") == "/nowhere/at/all"
    found = (target / "sub" / "file").stat()
    assert (found.st_mode & 0o777, found.st_mtime) == (0o640, 1)


def _snapshot(bench: Any, volume: Any) -> Any:
    part = bench.parts(volume, bench.snapshot())[-1]
    found = {each.key: bench.see(each.key) for each in bench.parts(volume)}
    return bench.wanted(part, found)


def _is_locked(image: Path) -> bool:
    try:
        with images.unchanging(image):
            return False
    except (Refused, FileNotFoundError) as error:
        return isinstance(error, Refused)
