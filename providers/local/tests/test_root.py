"""The provider's folder: nothing is written outside of it, and nobody else reads it."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import stat
import threading
from pathlib import Path

import pytest

from cloudabstract_local.root import Root, UnsafeError

NASTY = ["..", ".", "", "/", "\0", "a/b", "../x", "/etc/passwd", "A", "ä", "-x", ".x", "x" * 201]
PIECES = ["..", ".", "/", "\\", "\0", "a", "B", "~", "%2e", "\n", " ", "x" * 300, "\u202e", "ß"]


def snapshot(folder: Path) -> set[str]:
    """Every path below `folder`."""
    return {str(each.relative_to(folder)) for each in folder.rglob("*")}


def modes(folder: Path) -> dict[str, int]:
    """Path -> permissions, of everything below `folder`."""
    return {
        str(each.relative_to(folder)): stat.S_IMODE(each.lstat().st_mode)
        for each in folder.rglob("*")
    }


@pytest.mark.parametrize("name", NASTY)
def test_names_that_are_no_names_are_refused(tmp_path: Path, name: str) -> None:
    """As a folder or as a file, read, written or removed."""
    folder = Root(tmp_path / "root").folder("x")

    for attempt in (
        lambda: Root(tmp_path / "root").folder(name),
        lambda: folder.write(name, b""),
        lambda: folder.remove(name),
        lambda: folder.folder(name),
    ):
        with pytest.raises(UnsafeError):
            attempt()


def test_two_thousand_hostile_names_write_nothing_outside(tmp_path: Path) -> None:
    """Names put together at random from what attacks are made of."""
    chance = random.Random(7)
    root = Root(tmp_path / "root")
    for _ in range(2000):
        segments = ["".join(chance.choices(PIECES, k=chance.randint(1, 4))) for _ in range(2)]
        try:
            root.folder(segments[0]).write(segments[1], b"x")
        except UnsafeError:
            continue

    assert all(each == "root" or each.startswith("root/") for each in snapshot(tmp_path))


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link where a folder or a file should be stops the call, and its target stays untouched."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_bytes(b"theirs")
    root = Root(tmp_path / "root")
    root.folder("real").write("file", b"ours")
    (root.path / "link").symlink_to(outside)
    (root.path / "real" / "linked").symlink_to(outside / "file")

    for attempt in (
        lambda: root.folder("link").write("file", b"x"),
        lambda: root.folder("link").remove("file"),
        lambda: root.folder("link").names(),
        lambda: root.folder("real").read("linked"),
    ):
        with pytest.raises(UnsafeError):
            attempt()
    root.folder("real").write("linked", b"replaced")
    assert (outside / "file").read_bytes() == b"theirs"
    assert snapshot(outside) == {"file"}


def test_a_folder_swapped_for_a_link_is_never_written_through(tmp_path: Path) -> None:
    """Somebody swaps folder and link as fast as they can; the target stays empty."""
    outside = tmp_path / "outside"
    outside.mkdir()
    root = Root(tmp_path / "root")
    folder = root.folder("x")
    folder.write("file", b"")
    over = threading.Event()

    def swap() -> None:
        for number in itertools.count():
            with contextlib.suppress(OSError):
                os.rename(folder.path, root.path / f"aside{number}")
            with contextlib.suppress(OSError):
                folder.path.symlink_to(outside)
            with contextlib.suppress(OSError):
                os.unlink(folder.path)
            if over.is_set():
                return

    swapping = threading.Thread(target=swap)
    swapping.start()
    for _ in range(300):
        with contextlib.suppress(UnsafeError, OSError):
            folder.write("file", b"x")
    over.set()
    swapping.join()

    assert snapshot(outside) == set()


def test_everything_is_private_under_umask_0(tmp_path: Path) -> None:
    """Folders 0700, files 0600, also the folders on the way to the root."""
    old = os.umask(0)
    try:
        Root(tmp_path / "a" / "b").folder("x", "y").write("z", b"")
    finally:
        os.umask(old)

    assert modes(tmp_path) == {
        "a": 0o700,
        "a/b": 0o700,
        "a/b/x": 0o700,
        "a/b/x/y": 0o700,
        "a/b/x/y/z": 0o600,
    }


def test_a_root_that_others_can_write_is_refused(tmp_path: Path) -> None:
    """In such a folder anybody could put links in our way."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)

    with pytest.raises(UnsafeError, match="can be written by others"):
        Root(shared).folder("x").write("file", b"")


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """A reader who opened the old file keeps it; nothing half-written is ever listed."""
    folder = Root(tmp_path / "root").folder("x")
    folder.write("file", b"old")
    with open(folder.path / "file", "rb") as reader:
        folder.write("file", b"new" * 100_000)
        assert reader.read() == b"old"

    assert folder.read("file") == b"new" * 100_000
    assert folder.names() == ["file"]


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk does not take the bytes, the old file stands and nothing is left over."""
    folder = Root(tmp_path / "root").folder("x")
    folder.write("file", b"old")

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.write("file", b"new")
    monkeypatch.undo()
    assert folder.read("file") == b"old"
    assert os.listdir(folder.path) == ["file"]


def test_what_killed_writers_left_goes_with_the_folder(tmp_path: Path) -> None:
    """A half-written file of a process that is gone does not keep a folder alive."""
    folder = Root(tmp_path / "root").folder("x")
    folder.write("file", b"")
    gone = 2**22 + 1  # no pid is as high
    (folder.path / f".tmp-{gone}-ab").touch()
    assert folder.dissolve() is False
    folder.remove("file")

    assert folder.dissolve() is True
    assert not folder.path.exists()


def test_the_lock_lets_one_in_at_a_time(tmp_path: Path) -> None:
    """Threads that count up together lose nothing, and no lock file stays."""
    root = Root(tmp_path / "root")
    total = [0]

    def count() -> None:
        for _ in range(50):
            with root.lock("count"):
                seen = total[0]
                threading.Event().wait(0)
                total[0] = seen + 1

    threads = [threading.Thread(target=count) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert total == [400]
    assert snapshot(root.path) == set()


def test_the_default_is_the_users_state_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a path it is below XDG_STATE_HOME."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    assert Root().path == tmp_path / "cloudabstract" / "local"
