"""Killed at any step, nothing is doubled, halved or left: the next turn settles it.

Each story is told in a child process, which is killed before its first step that changes the disk,
in the next telling before its second, and so on until it gets through.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

STEPS = ("mkdir", "open", "pwrite", "rename", "rmdir", "symlink", "truncate", "unlink")
KILLED = 9


@contextlib.contextmanager
def killed_before(step: int) -> Iterator[None]:
    """End this process before the `step`-th call that can change the disk."""
    left = iter(range(step))

    def dying(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*arguments: Any, **options: Any) -> Any:
            reads = call.__name__ == "open" and not arguments[1] & (os.O_CREAT | os.O_RDWR)
            if not reads and next(left, None) is None:
                os._exit(KILLED)
            return call(*arguments, **options)

        return instead

    for name in STEPS:
        setattr(os, name, dying(getattr(os, name)))
    subprocess.run = dying(subprocess.run)  # type: ignore[assignment]
    yield


def told(story: Callable[[], object], step: int) -> bool:
    """Tell `story` in a child that dies at `step`; whether it got through."""
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException), killed_before(step):
            story()
            os._exit(0)
        os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, KILLED), "the story itself went wrong"
    return status == 0


def every_step(story: Callable[[], object], after: Callable[[], object]) -> int:
    """Tell `story` to the end, dying one step later each time; `after` looks and cleans up."""
    for step in range(1000):
        through = told(story, step)
        after()
        if through:
            return step
    raise AssertionError("the story has no end")


@pytest.mark.parametrize("medium", ["image", "directory"])
def test_a_birth_cut_short_is_finished_by_the_next_turn(bench: Any, medium: str) -> None:
    """One volume stands, usable, and needs no third turn."""
    volume = bench.volume() if medium == "image" else bench.folder()

    def after() -> None:
        bench.turn(volume)
        assert bench.changes(volume) == []
        bench.files(volume).put("file", b"written")
        assert len([each for each in bench.ours() if each.kind == f"local.{medium}"]) == 1
        bench.end()
        assert bench.left() == []

    assert every_step(lambda: bench.turn(volume), after) > 5


@pytest.mark.parametrize("medium", ["image", "directory"])
def test_a_birth_cut_short_and_not_wanted_any_more_leaves_nothing(bench: Any, medium: str) -> None:
    """What exists is found by its labels; what does not exist yet is swept away by looking."""
    volume = bench.volume() if medium == "image" else bench.folder()

    def after() -> None:
        bench.end()
        assert bench.left() == []

    assert every_step(lambda: bench.turn(volume), after) > 5


@pytest.mark.parametrize("medium", ["image", "directory"])
def test_a_deletion_cut_short_is_finished_by_the_next(bench: Any, medium: str) -> None:
    """Either the volume is there with its file, or it is gone; in the end nothing is left."""
    volume = bench.volume(mib=4) if medium == "image" else bench.folder()

    def born() -> None:
        bench.turn(volume)
        bench.files(volume).put("file", b"precious")

    def after() -> None:
        standing = [each for each in bench.ours() if each.kind == f"local.{medium}"]
        if standing:
            bench.turn(volume)
            assert bench.files(volume).digest("file")
        bench.end()
        assert bench.left() == []
        born()

    born()
    assert every_step(bench.end, after) > 3


def test_growth_cut_short_is_finished_and_keeps_every_file(bench: Any) -> None:
    """The size found is the filesystem's own, so the next turn sees what is missing."""
    small, large = bench.volume(mib=8), bench.volume(mib=24)

    def born() -> None:
        bench.turn(small)
        bench.files(small).put("file", b"kept" * 1000)

    def after() -> None:
        found = bench.turn(large)
        assert bench.status(large, found).capacity == 24 * 2**20
        assert bench.changes(large) == []
        assert bench.files(large).digest("file")
        bench.files(large).put("bulk", os.urandom(16 * 2**20))
        bench.end()
        assert bench.left() == []
        born()

    born()
    assert every_step(lambda: bench.turn(large), after) > 3


@pytest.mark.parametrize("medium", ["image", "directory"])
def test_a_snapshot_and_its_restore_cut_short_are_finished(bench: Any, medium: str) -> None:
    """In the end there is one snapshot and one restored volume, with the same bytes."""
    folder = {"provider_overrides": {"local": {"medium": medium}}}
    volume = bench.volume(mib=8, **folder)
    all_ = (volume, bench.snapshot(), bench.restored(mib=12, **folder))
    bench.turn(volume)
    bench.files(volume).put("file", b"copied" * 1000)
    original = bench.files(volume).digest("file")

    def after() -> None:
        bench.turn(*all_)
        assert bench.changes(*all_) == []
        assert bench.files(all_[2]).digest("file") == original
        for each in bench.ours():
            if not each.name.startswith("data-"):
                bench.drivers[each.kind].delete(each)
        assert [each for each in bench.left() if "data-" not in each] == []

    assert every_step(lambda: bench.turn(*all_), after) > 8
