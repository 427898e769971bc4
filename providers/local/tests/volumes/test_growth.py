"""Volumes grow in place with their files; in use they wait; they never shrink."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused
from cloudabstract_local.volumes import images, probe

MIB = 2**20


def body(found: dict[Any, Any]) -> Any:
    """The part that holds the data."""
    return next(each for key, each in found.items() if key.role == "volume")


def test_a_volume_grows_with_its_files(bench: Any) -> None:
    """After growing from 16 to 48 MiB the file is the same, and another 32 MiB fit in."""
    bench.turn(bench.volume(mib=16))
    files = bench.files(bench.volume(mib=16))
    files.put("file", os.urandom(MIB))
    before = files.digest("file")
    found = bench.turn(bench.volume(mib=48))
    assert bench.status(bench.volume(mib=48), found).capacity == 48 * MIB
    assert files.digest("file") == before
    files.put("more", os.urandom(32 * MIB))
    assert bench.changes(bench.volume(mib=48)) == []


def test_growing_twice_is_growing_once(bench: Any) -> None:
    """The verb may be repeated; a size that is reached is success."""
    image = body(bench.turn(bench.volume(mib=8)))
    driver = bench.drivers[image.kind]
    first = driver.update(image, {"size": 16 * MIB})
    assert driver.update(image, {"size": 16 * MIB}) == first
    assert first.fields["size"] == 16 * MIB


def test_a_volume_in_use_stays_as_it_was(bench: Any, able: probe.Abilities) -> None:
    """Where it must be unmounted to grow, an open file is a conflict that names the program.

    Where nothing is mounted, or the kernel grows what is mounted, nobody is in the way.
    """
    bench.turn(bench.volume(mib=8))
    files = bench.files(bench.volume(mib=8))
    files.put("file", b"kept")
    before = files.digest("file")
    if not able.mount or able.online_growth:
        assert body(bench.turn(bench.volume(mib=16))).fields["size"] == 16 * MIB
        return
    mount = next(each for each in bench.ours() if each.kind == "local.mount")
    with (
        open(f"{mount.fields['path']}/file", "rb"),
        pytest.raises(Refused, match=rf"\(pid {os.getpid()}\)") as caught,
    ):
        bench.turn(bench.volume(mib=16))
    assert caught.value.failure.code is ErrorCode.CONFLICT
    assert files.digest("file") == before
    assert bench.changes(bench.volume(mib=8)) == []
    assert body(bench.turn(bench.volume(mib=16))).fields["size"] == 16 * MIB


def test_the_plan_says_that_the_volume_is_offline_while_it_grows(
    bench: Any, able: probe.Abilities
) -> None:
    """Exactly where it is mounted and the kernel does not let this user grow it so."""
    (part, *_) = bench.parts(bench.volume())
    offline = able.mount and not able.online_growth
    assert ("offline" in part.notes.get("update.size", "")) == offline


def test_a_kernel_that_breaks_its_promise_costs_a_moment_offline(bench: Any) -> None:
    """If growing online is refused after all, the volume is unmounted for it and mounted again."""
    image = body(bench.turn(bench.volume(mib=8)))
    bench.files(bench.volume()).put("file", b"kept")
    hopeful = replace(bench.able, online_growth=True)
    images.grow(Path(image.fields["path"]), "ext4", 16 * MIB, hopeful)
    assert images.size_inside(Path(image.fields["path"]), "ext4") == 16 * MIB
    assert bench.changes(bench.volume(mib=16)) == []
    assert bench.files(bench.volume()).digest("file")


@pytest.mark.parametrize("medium", ["image", "directory"])
def test_no_volume_shrinks(bench: Any, medium: str) -> None:
    """A smaller size is refused as impossible, and nothing has happened."""
    volume = bench.volume() if medium == "image" else bench.folder()
    standing = body(bench.turn(volume))
    with pytest.raises(Refused, match="shrink") as caught:
        bench.drivers[standing.kind].update(standing, {"size": 32 * MIB})
    assert caught.value.failure.code is ErrorCode.INVALID
    assert bench.changes(volume) == []


def test_a_broken_filesystem_is_not_grown(bench: Any) -> None:
    """What e2fsck does not dare to repair is left to a person, with the command to run."""
    image = body(bench.turn(bench.volume(mib=8)))
    bench.settings = replace(bench.settings, mount="never")
    for each in bench.ours():
        if each.kind == "local.mount":
            bench.drivers[each.kind].delete(each)
    with open(image.fields["path"], "r+b") as file:
        file.seek(2 * 1024)  # the group descriptors
        file.write(os.urandom(200 * 1024))
    with pytest.raises(Refused, match="has errors") as caught:
        bench.drivers[image.kind].update(image, {"size": 16 * MIB})
    assert caught.value.failure.code is ErrorCode.INVALID
    assert "e2fsck" in caught.value.failure.remedy


def test_a_folder_notes_the_size_that_it_was_told(bench: Any) -> None:
    """Nothing enforces it, so growing is a note; the plan says so."""
    bench.turn(bench.folder(mib=1))
    found = bench.turn(bench.folder(mib=5))
    assert bench.status(bench.folder(mib=5), found).capacity == 5 * MIB
    (part, *_) = bench.parts(bench.folder(mib=5))
    assert part.notes["size"] == "told, not enforced"
