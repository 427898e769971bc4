"""Deleting removes the bytes, for good; what is in use stays, and the error says who uses it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused
from cloudabstract_local.volumes import loops, probe, trees


def test_nothing_is_left_of_a_stack(bench: Any) -> None:
    """No file, no mount, no loop device; and deleting what is gone is success."""
    volume, raw = bench.volume(), bench.volume("raw", volume_mode="Block")
    folder, snapshot = bench.folder("shared"), bench.snapshot()
    attached = bench.attachment(), bench.attachment("raw", "disk"), bench.attachment("shared", "x")
    bench.turn(volume, raw, folder, snapshot, bench.restored(), *attached)
    everything = bench.ours()
    bench.end()
    assert bench.left() == []
    for each in everything:
        bench.drivers[each.kind].delete(each)
    assert bench.ours() == []


def test_a_mounted_image_in_use_is_not_deleted(bench: Any, able: probe.Abilities) -> None:
    """An open file below the mount is a conflict that names the program; nothing is lost. An image
    that is not mounted is not in use."""
    volume = bench.volume()
    bench.turn(volume)
    bench.files(volume).put("file", b"kept")
    before = bench.files(volume).digest("file")
    image = next(each for each in bench.ours() if each.kind == "local.image")
    path = bench.status(volume, bench.turn(volume)).path
    if able.mount:
        with (
            open(f"{path}/file", "rb"),
            pytest.raises(Refused, match=rf"\(pid {os.getpid()}\)") as caught,
        ):
            bench.drivers[image.kind].delete(image)
        assert caught.value.failure.code is ErrorCode.CONFLICT
        assert bench.files(volume).digest("file") == before
    bench.drivers[image.kind].delete(image)
    bench.end()
    assert bench.left() == []


def test_an_open_device_is_not_removed(bench: Any, able: probe.Abilities) -> None:
    """Neither the device nor its image goes while a program has the device open."""
    bench.turn(bench.volume(mib=8, volume_mode="Block"))
    image = next(each for each in bench.ours() if each.kind == "local.image")
    devices = loops.of(Path(image.fields["path"]))
    assert bool(devices) == able.mount
    for device in devices:
        with open(device.device, "rb"), pytest.raises(Refused, match=str(os.getpid())) as caught:
            bench.drivers[image.kind].delete(image)
        assert caught.value.failure.code is ErrorCode.CONFLICT
    bench.end()
    assert bench.left() == []


def test_a_mount_of_somebody_else_is_not_taken_down(
    bench: Any, able: probe.Abilities, tmp_path: Path
) -> None:
    """If the image is mounted outside of the root, deleting it is a conflict that says where."""
    bench.turn(bench.volume())
    image = next(each for each in bench.ours() if each.kind == "local.image")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = ["mount", "-o", "loop", image.fields["path"], str(elsewhere)]
    mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert mounted == able.mount
    if mounted:
        try:
            with pytest.raises(Refused, match="elsewhere"):
                bench.drivers[image.kind].delete(image)
        finally:
            subprocess.run(["umount", str(elsewhere)], check=True)
    bench.end()
    assert bench.left() == []


def test_a_folder_with_a_mount_inside_is_not_deleted(bench: Any, able: probe.Abilities) -> None:
    """Removing the tree would remove what is mounted there."""
    bench.turn(bench.folder())
    body = next(each for each in bench.ours() if each.kind == "local.directory")
    inside = Path(body.fields["path"], "inside")
    inside.mkdir()
    command = ["mount", "-t", "tmpfs", "none", str(inside)]
    mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert mounted == able.mount
    if mounted:
        with pytest.raises(Refused, match="inside") as caught:
            bench.drivers[body.kind].delete(body)
        assert caught.value.failure.code is ErrorCode.CONFLICT
        subprocess.run(["umount", str(inside)], check=True)
    bench.end()
    assert bench.left() == []


def test_links_in_a_folder_are_removed_not_followed(bench: Any, tmp_path: Path) -> None:
    """A symbolic link to a file or folder outside leaves what it leads to alone."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_bytes(b"not ours")
    bench.turn(bench.folder())
    body = next(each for each in bench.ours() if each.kind == "local.directory")
    Path(body.fields["path"], "folder").symlink_to(outside)
    Path(body.fields["path"], "file").symlink_to(outside / "file")
    bench.end()
    assert bench.left() == []
    assert (outside / "file").read_bytes() == b"not ours"


def test_deep_and_locked_trees_are_removed(bench: Any, tmp_path: Path) -> None:
    """Three thousand levels, a folder that forbids everything, and a file that forbids writing."""
    top = tmp_path / "top"
    top.mkdir()
    descriptor = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    locked = top / "locked" / "inside"
    locked.mkdir(parents=True)
    (locked / "file").write_bytes(b"x")
    (locked / "file").chmod(0)
    locked.chmod(0)
    locked.parent.chmod(0o500)
    parent = os.open(tmp_path, os.O_RDONLY)
    trees.remove("top", parent)
    assert os.listdir(parent) == []
    trees.remove("top", parent)
    os.close(parent)
