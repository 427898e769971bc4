"""Snapshots are whole, independent copies; restores and clones begin with the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.model import DataSource
from cloudabstract_local.failures import Refused
from cloudabstract_local.volumes import copies, freeze, probe

MIB = 2**20
FOLDER = {"provider_overrides": {"local": {"medium": "directory"}}}
MEDIA = pytest.mark.parametrize("overrides", [{}, FOLDER], ids=["image", "directory"])
HOLD = """
import sys, time
from pathlib import Path
from cloudabstract_local.volumes import freeze
with freeze.frozen(Path(sys.argv[1])) as held:
    print(held, flush=True)
    sys.stdin.read()
"""


@MEDIA
def test_a_restore_has_the_bytes_of_its_snapshot(bench: Any, overrides: dict[str, Any]) -> None:
    """Also after the original has changed, and in a larger volume than the original."""
    volume, snapshot = bench.volume(mib=8, **overrides), bench.snapshot()
    restored = bench.restored(mib=24, **overrides)
    bench.turn(volume)
    bench.files(volume).put("file", os.urandom(MIB))
    before = bench.files(volume).digest("file")
    bench.turn(volume, snapshot)
    bench.files(volume).put("file", b"changed since")
    found = bench.turn(volume, snapshot, restored)
    assert bench.files(restored).digest("file") == before
    assert bench.status(restored, found).capacity == 24 * MIB
    assert bench.changes(volume, snapshot, restored) == []


@MEDIA
def test_a_snapshot_needs_its_source_no_more(bench: Any, overrides: dict[str, Any]) -> None:
    """With the volume gone it still restores, and says how large a volume that takes."""
    volume, snapshot = bench.volume(mib=8, **overrides), bench.snapshot()
    bench.turn(volume)
    bench.files(volume).put("file", b"kept")
    before = bench.files(volume).digest("file")
    found = bench.turn(volume, snapshot)
    status = bench.status(snapshot, found)
    assert (status.ready_to_use, status.restore_size) == (True, 8 * MIB)
    for each in bench.ours():
        if each.name.startswith("data-"):
            bench.drivers[each.kind].delete(each)
    restored = bench.restored(mib=8, **overrides)
    bench.turn(snapshot, restored)
    assert bench.files(restored).digest("file") == before


@MEDIA
def test_a_clone_begins_as_its_origin_and_goes_its_own_way(
    bench: Any, overrides: dict[str, Any]
) -> None:
    """What is written to one is not seen in the other."""
    volume = bench.volume(mib=8, **overrides)
    clone = bench.volume("copy", 8, data_source=DataSource("Volume", "data"), **overrides)
    bench.turn(volume)
    bench.files(volume).put("file", b"shared")
    before = bench.files(volume).digest("file")
    bench.turn(volume, clone)
    bench.files(clone).put("file", b"own")
    assert bench.files(volume).digest("file") == before != bench.files(clone).digest("file")


def test_a_mounted_volume_stands_still_while_it_is_copied(
    bench: Any, able: probe.Abilities
) -> None:
    """A program that never stops writing does not tear the copy: its filesystem is clean.

    Unmounted, nothing writes, and the snapshot says that.
    """
    volume, snapshot, restored = bench.volume(mib=16), bench.snapshot(), bench.restored(mib=16)
    bench.turn(volume)
    bench.files(volume).put("log", b"0\n")
    stop = threading.Event()
    writer = threading.Thread(target=_keep_writing, args=(bench.files(volume), stop))
    if able.mount:
        writer.start()
    try:
        found = bench.turn(volume, snapshot)
    finally:
        stop.set()
        if able.mount:
            writer.join()
    copied = next(each for key, each in found.items() if key.role == "snapshot")
    assert copied.fields["copied"] == ("frozen" if able.mount else "unmounted")
    check = subprocess.run(["/sbin/e2fsck", "-fn", copied.fields["path"]], check=False)
    assert check.returncode == 0
    bench.turn(volume, snapshot, restored)
    assert bench.files(restored).digest("log")


def test_what_is_being_copied_is_mounted_afterwards(
    bench: Any, able: probe.Abilities, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two wait for each other; neither is told that the image is in use."""
    if not able.mount:
        pytest.skip("nothing can be mounted here")
    volume, snapshot = bench.volume(), bench.snapshot()
    bench.turn(volume, snapshot)
    image, mount, copy = sorted(bench.ours(), key=lambda each: each.kind)
    bench.drivers["local.mount"].delete(mount)
    bench.drivers["local.snapshot"].delete(copy)
    keys = {part.key.kind: part for part in bench.parts(volume, snapshot)}
    copying, go, real = threading.Event(), threading.Event(), copies.file

    def slowly(*arguments: Any) -> Any:
        copying.set()
        assert go.wait(30)
        return real(*arguments)

    monkeypatch.setattr(copies, "file", slowly)
    found = {part.key: image for part in bench.parts(volume) if part.key.kind == image.kind}

    def create(kind: str) -> Any:
        return bench.drivers[kind].create(bench.wanted(keys[kind], found))

    with ThreadPoolExecutor() as pool:
        taken = pool.submit(create, "local.snapshot")
        assert copying.wait(30)
        mounted = pool.submit(create, "local.mount")
        wait([mounted], timeout=0.2)
        go.set()
        assert mounted.result().fields["mounted"] is True
        assert taken.result().fields["copied"] == "unmounted"


def test_writers_go_on_when_the_one_who_froze_them_is_killed(
    bench: Any, able: probe.Abilities
) -> None:
    """The filesystem thaws although nobody was left to thaw it. Where nothing can be mounted, a
    folder of somebody else's filesystem cannot be frozen, and that is told."""
    if not able.mount:
        with freeze.frozen(bench.root.path.parent) as held:
            assert held is False
        return
    volume = bench.volume(mib=16)
    bench.turn(volume)
    point = bench.status(volume, bench.turn(volume)).path
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, point], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"True\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    Path(point, "file").write_bytes(b"written after the thaw")
    assert bench.files(volume).digest("file")


def test_a_restore_into_something_smaller_is_refused(bench: Any) -> None:
    """It names the code of the contract, and leaves nothing."""
    volume, snapshot = bench.volume(mib=16), bench.snapshot()
    bench.turn(volume, snapshot)
    before = bench.left()
    with pytest.raises(Refused, match="VO013") as caught:
        bench.turn(volume, snapshot, bench.restored(mib=8))
    assert caught.value.failure.code is ErrorCode.INVALID
    assert bench.left() == before


def test_a_restore_into_another_medium_is_refused(bench: Any) -> None:
    """An image does not become a folder, nor a folder an image."""
    bench.turn(bench.volume(), bench.snapshot())
    with pytest.raises(Refused, match="cannot become"):
        bench.turn(bench.volume(), bench.snapshot(), bench.restored(**FOLDER))


def test_a_copy_takes_only_the_room_of_what_is_in_it(bench: Any) -> None:
    """Holes stay holes: the snapshot of an empty GiB takes less than 16 MiB."""
    volume, snapshot = bench.volume(mib=1024), bench.snapshot()
    found = bench.turn(volume, snapshot)
    copied = next(each for key, each in found.items() if key.role == "snapshot")
    assert os.stat(copied.fields["path"]).st_size == 1024 * MIB
    assert os.stat(copied.fields["path"]).st_blocks * 512 < 16 * MIB


def test_taking_a_snapshot_twice_gives_the_first(bench: Any) -> None:
    """The verb may be repeated: the bytes are those of the first time."""
    volume, snapshot = bench.volume(mib=8), bench.snapshot()
    bench.turn(volume)
    bench.files(volume).put("file", b"first")
    before = bench.files(volume).digest("file")
    found = bench.turn(volume, snapshot)
    bench.files(volume).put("file", b"second")
    part = bench.parts(volume, snapshot)[-1]
    again = bench.drivers[part.key.kind].create(bench.wanted(part, found))
    assert again == found[part.key]
    bench.turn(volume, snapshot, bench.restored(mib=8))
    assert bench.files(bench.restored(mib=8)).digest("file") == before


def _keep_writing(files: Any, stop: threading.Event) -> None:
    count = 0
    while not stop.is_set():
        count += 1
        files.put("log", b"%d\n" % count * 1000)
