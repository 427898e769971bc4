"""Volumes of format xfs, where its programs are installed; elsewhere a refusal that names them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused
from cloudabstract_local.volumes import images, mounts, probe, tools

MIB = 2**20


def test_an_xfs_is_made_where_it_can_be(bench: Any, able: probe.Abilities) -> None:
    """Of 300 MiB at least, which is the smallest that mkfs.xfs makes; mounted where allowed."""
    volume = bench.volume(mib=64, fs_type="xfs")
    if not able.xfs:
        with pytest.raises(Refused, match=r"mkfs\.xfs is not installed") as caught:
            bench.turn(volume)
        assert "xfsprogs" in caught.value.failure.remedy
        assert bench.left() == []
        return
    status = bench.status(volume, bench.turn(volume))
    assert status.capacity == 300 * MIB
    assert bench.changes(volume) == []
    if able.mount:
        mount = mounts.at(Path(status.path))
        assert mount is not None
        assert mount.type == "xfs"


def test_an_xfs_grows_while_it_is_in_use(bench: Any, able: probe.Abilities) -> None:
    """Mounted it grows under an open file; nobody else can grow it, and that is told."""
    small, large = (bench.volume(mib=mib, fs_type="xfs") for mib in (300, 400))
    if not able.xfs:
        assert [each.code for each in bench.objections(small)][-1] == "VO017"
        return
    bench.turn(small)
    if not able.mount:
        with pytest.raises(Refused) as caught:
            bench.turn(large)
        assert caught.value.failure.code is ErrorCode.DENIED
        return
    path = Path(bench.status(small, bench.turn(small)).path)
    with (path / "file").open("wb") as file:
        file.write(os.urandom(MIB))
        found = bench.turn(large)
        file.write(os.urandom(MIB))
    assert bench.status(large, found).capacity == 400 * MIB
    assert bench.changes(large) == []


def test_a_copy_of_an_xfs_is_mounted_beside_its_origin(bench: Any, able: probe.Abilities) -> None:
    """Although both have the same identity; and it may be larger from the start."""
    volume, snapshot = bench.volume(mib=300, fs_type="xfs"), bench.snapshot()
    restored = bench.restored(mib=360, fs_type="xfs")
    assert able.xfs == (tools.find("mkfs.xfs") is not None)
    if not (able.xfs and able.mount):
        assert {part.key.kind for part in bench.parts(volume)} >= {"local.image"}
        return
    bench.turn(volume)
    bench.files(volume).put("file", os.urandom(MIB))
    before = bench.files(volume).digest("file")
    found = bench.turn(volume, snapshot, restored)
    assert bench.files(restored).digest("file") == before
    assert bench.status(restored, found).capacity == 360 * MIB
    image = Path(next(each for key, each in found.items() if key.role == "volume").fields["path"])
    assert images.size_inside(image, "xfs") == 300 * MIB
