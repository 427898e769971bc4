"""The files of a spec are looked at, not read, to see whether they have changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cloudabstract.errors import SpecError
from cloudabstract.spec.changing import Files

CLAIM = """\
kind: VolumeClaim
metadata: {name: NAME}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 64Mi}}}
"""


def write(path: Path, name: str) -> None:
    """A claim in a file."""
    path.write_text(CLAIM.replace("NAME", name))


def names(files: Files) -> list[str]:
    """What is read."""
    return [each.metadata.name for each in files.read()]


def test_a_file_that_nobody_touches_has_not_changed(tmp_path: Path) -> None:
    """However often it is asked."""
    write(tmp_path / "a.yaml", "a")
    files = Files([str(tmp_path)])
    assert names(files) == ["a"]
    assert [files.changed() for _ in range(3)] == [False] * 3


@pytest.mark.parametrize("folder", [False, True])
def test_a_file_that_was_written_has_changed(tmp_path: Path, folder: bool) -> None:
    """Once the second look sees what the first saw: nobody is writing any more."""
    path = tmp_path / "a.yaml"
    write(path, "a")
    files = Files([str(tmp_path if folder else path)])
    assert names(files) == ["a"]
    write(path, "longer-name")
    assert [files.changed(), files.changed()] == [False, True]
    assert names(files) == ["longer-name"]
    assert [files.changed(), files.changed()] == [False, False]


def test_a_file_replaced_by_one_of_the_same_size_and_time_has_changed(tmp_path: Path) -> None:
    """Editors write a new file and rename it."""
    path, other = tmp_path / "a.yaml", tmp_path / "b.new"
    write(path, "a")
    files = Files([str(path)])
    assert names(files) == ["a"]
    write(other, "b")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.rename(path)
    assert [files.changed(), files.changed()] == [False, True]
    assert names(files) == ["b"]


def test_a_file_that_comes_and_one_that_goes_are_changes(tmp_path: Path) -> None:
    """Of a folder; hidden files and our own configuration do not count."""
    write(tmp_path / "a.yaml", "a")
    files = Files([str(tmp_path)])
    files.read()
    write(tmp_path / ".b.yaml", "b")
    write(tmp_path / "cloudabstract.yaml", "c")
    assert [files.changed(), files.changed()] == [False, False]
    write(tmp_path / "d.yaml", "d")
    assert [files.changed(), files.changed()] == [False, True]
    assert names(files) == ["a", "d"]
    (tmp_path / "a.yaml").unlink()
    assert [files.changed(), files.changed()] == [False, True]
    assert names(files) == ["d"]


def test_files_that_vanish_altogether_are_not_an_empty_spec(tmp_path: Path) -> None:
    """A volume that is not mounted for a moment must not look like the wish for nothing."""
    write(tmp_path / "a.yaml", "a")
    files = Files([str(tmp_path / "a.yaml")])
    files.read()
    (tmp_path / "a.yaml").unlink()
    assert [files.changed(), files.changed()] == [False, False]


def test_a_broken_file_is_told_and_read_again_when_it_changes(tmp_path: Path) -> None:
    """The error is that of any command."""
    path = tmp_path / "a.yaml"
    path.write_text("kind: [")
    files = Files([str(path)])
    with pytest.raises(SpecError):
        files.read()
    assert files.changed() is False
    write(path, "a")
    assert [files.changed(), files.changed()] == [False, True]
    assert names(files) == ["a"]
