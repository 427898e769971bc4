"""A volume has the size that was asked for: not less, and what is more does not fit in."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from cloudabstract.model import Storage

MIB = 2**20


@pytest.fixture
def content() -> bytes:
    """A mebibyte that no filesystem can squeeze."""
    return os.urandom(MIB)


def test_nearly_all_of_a_claim_is_for_files(bench: Any, content: bytes) -> None:
    """Of 64 MiB at least 58 can be filled with files."""
    volume = bench.volume(mib=64)
    bench.turn(volume)
    bench.files(volume).put("large", content * 58)
    assert bench.files(volume).digest("large")


def test_the_mebibyte_after_the_last_is_refused(bench: Any, content: bytes) -> None:
    """A file of 65 MiB does not fit into 64 MiB: no space left on device."""
    volume = bench.volume(mib=64)
    bench.turn(volume)
    with pytest.raises(OSError, match=r"(?i)no space|wrote less"):
        bench.files(volume).put("larger", content * 65)


def test_files_that_were_there_stay_when_the_volume_is_full(bench: Any, content: bytes) -> None:
    """Running full damages nothing that was written before."""
    volume = bench.volume(mib=8)
    bench.turn(volume)
    files = bench.files(volume)
    files.put("first", content)
    before = files.digest("first")
    with pytest.raises(OSError, match=r"(?i)no space|wrote less"):
        files.put("second", content * 9)
    assert files.digest("first") == before


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        (1, 4 * MIB),
        (4 * MIB, 4 * MIB),
        (64 * MIB, 64 * MIB),
        (64 * MIB + 1, 64 * MIB + 4096),
        (100_000_000, 100_003_840),
    ],
)
def test_sizes_are_rounded_up_never_down(bench: Any, asked: int, made: int) -> None:
    """To 4 KiB, and to the smallest ext4 with a journal; the image is that large, and told so."""
    volume = bench.volume()
    volume = replace(volume, spec=replace(volume.spec, capacity=Storage(asked)))
    found = bench.turn(volume)
    (image,) = [each for each in found.values() if each.kind == "local.image"]
    assert image.fields["size"] == made >= asked
    assert os.stat(image.fields["path"]).st_size == made
    assert bench.status(volume, found).capacity == made
    assert bench.changes(volume) == []


def test_an_image_takes_only_the_room_of_its_files(bench: Any) -> None:
    """A fresh image of 10 GiB is sparse: less than 32 MiB of the disk."""
    found = bench.turn(bench.volume(mib=10 * 1024))
    (image,) = [each for each in found.values() if each.kind == "local.image"]
    assert os.stat(image.fields["path"]).st_blocks * 512 < 32 * MIB
