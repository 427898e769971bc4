"""Where a volume can be used: paths, devices, attachments; also after a restart of the machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.model import Performance
from cloudabstract_local.failures import Refused
from cloudabstract_local.volumes import mounts, probe

MIB = 2**20
ROX = ("ReadOnlyMany",)


def test_the_status_says_where_the_files_are(bench: Any, able: probe.Abilities) -> None:
    """Mounted: the path is a filesystem of its own, without set-uid and devices. Unmounted: the
    path is empty, and a condition says where the image is and that this user may not mount it."""
    volume = bench.volume()
    status = bench.status(volume, bench.turn(volume))
    mounted = status.condition("Mounted")
    assert mounted is not None
    if not able.mount:
        assert (status.path, mounted.status, mounted.reason) == ("", "False", "NotAllowed")
        assert mounted.message.endswith(".img")
        return
    mount = mounts.at(Path(status.path))
    assert mount is not None
    assert mount.type == "ext4"
    assert {"rw", "nosuid", "nodev"} <= set(mount.options.split(","))
    assert mounted.status == "True"


def test_mount_options_are_used(bench: Any, able: probe.Abilities) -> None:
    """They are on the mount; changing them mounts it anew. Where nothing is mounted, no part asks
    for them, and the check tells."""
    before, after = (
        bench.volume(mount_options=("noatime",)),
        bench.volume(mount_options=("noexec",)),
    )
    bench.turn(before)
    if not able.mount:
        assert [each.key.kind for each in bench.parts(before)] == ["local.image"]
        return
    assert bench.changes(after) == ["update local.mount: options"]
    status = bench.status(after, bench.turn(after))
    mount = mounts.at(Path(status.path))
    assert mount is not None
    options = mount.options.split(",")
    assert "noexec" in options
    assert "noatime" not in options


def test_a_block_volume_is_a_device(bench: Any, able: probe.Abilities) -> None:
    """It has exactly the size, keeps the bytes, and grows while it is open. Where no devices can be
    set up, the image itself is there."""
    volume = bench.volume(mib=8, volume_mode="Block")
    status = bench.status(volume, bench.turn(volume))
    body = next(each for each in bench.ours() if each.kind == "local.image")
    place = status.device if able.mount else body.fields["path"]
    with open(place, "r+b", buffering=0) as device:
        assert device.seek(0, os.SEEK_END) == 8 * MIB
        device.seek(4 * MIB)
        device.write(b"raw bytes" + bytes(503))
        bench.turn(bench.volume(mib=16, volume_mode="Block"))
        assert device.seek(0, os.SEEK_END) == 16 * MIB
    assert Path(place).read_bytes()[4 * MIB :][:9] == b"raw bytes"
    bench.end()
    assert bench.left() == []


def test_many_may_write_to_a_shared_volume(bench: Any) -> None:
    """Tier `shared` gives a folder, for any number of consumers, each with a path of its own."""
    volume = bench.volume(performance=Performance("shared"), access_modes=("ReadWriteMany",))
    first, second = bench.attachment(name="first"), bench.attachment(name="second")
    found = bench.turn(volume, first, second)
    paths = [Path(bench.status(each, found).path) for each in (first, second)]
    (paths[0] / "file").write_bytes(b"seen by all")
    assert (paths[1] / "file").read_bytes() == b"seen by all"
    assert bench.changes(volume, first, second) == []


@pytest.mark.parametrize("medium", ["image", "directory"])
def test_read_only_many_cannot_be_written(bench: Any, able: probe.Abilities, medium: str) -> None:
    """A volume that offers nothing else is mounted for reading. Where that is impossible no mount
    is planned, and the check objects."""
    make = bench.volume if medium == "image" else bench.folder
    volume = make(access_modes=ROX)
    status = bench.status(volume, bench.turn(volume))
    if not able.mount:
        codes = {each.code for each in bench.objections(volume)}
        assert "VO002" in codes
        return
    with pytest.raises(OSError, match="Read-only"):
        Path(status.path, "file").write_bytes(b"no")
    bench.end()
    assert bench.left() == []


def test_an_attachment_for_reading_shows_the_files_and_takes_none(
    bench: Any, able: probe.Abilities
) -> None:
    """While the volume itself can be written. Without mounts the check refuses it beforehand."""
    volume, reader = bench.volume(), bench.attachment(read_only=True)
    if not able.mount:
        assert [each.code for each in bench.objections(reader)] == ["VO017"]
        return
    bench.turn(volume)
    bench.files(volume).put("file", b"text")
    status = bench.status(reader, bench.turn(volume, reader))
    assert Path(status.path, "file").read_bytes() == b"text"
    with pytest.raises(OSError, match="Read-only"):
        Path(status.path, "other").write_bytes(b"no")
    bench.files(volume).put("other", b"yes")
    assert bench.changes(volume, reader) == []


def test_an_attachment_leads_to_the_volume_wherever_it_is(bench: Any) -> None:
    """To the mounted files, the device, the folder; or to the image where nothing is mounted."""
    volume, raw = bench.volume(), bench.volume("raw", volume_mode="Block")
    both = bench.attachment(), bench.attachment("raw", "disk")
    found = bench.turn(volume, raw, *both)
    for attachment in both:
        status = bench.status(attachment, found)
        assert status.condition("Attached").status == "True"
        assert Path(status.path).exists()
        assert Path(status.path).resolve() != Path(status.path)
    bench.end()
    assert bench.left() == []


def test_only_one_may_use_a_volume_of_one_pod(bench: Any) -> None:
    """ReadWriteOncePod: the second attachment is a conflict that names the first."""
    volume = bench.volume(access_modes=("ReadWriteOncePod",))
    bench.turn(volume, bench.attachment(name="first"))
    with pytest.raises(Refused, match="first-attachment") as caught:
        bench.turn(volume, bench.attachment(name="second"))
    assert caught.value.failure.code is ErrorCode.CONFLICT
    for each in bench.ours():
        if each.kind == "local.attachment":
            bench.drivers[each.kind].delete(each)
    assert bench.turn(volume, bench.attachment(name="second"))


def test_after_a_restart_of_the_machine_the_next_turn_mounts_again(
    bench: Any, able: probe.Abilities
) -> None:
    """Records survive, mounts and devices do not: that is drift, and is put right."""
    volume, raw = bench.volume(), bench.volume("raw", volume_mode="Block")
    attached = bench.attachment(), bench.attachment("raw", "disk"), bench.attachment(name="own")
    everything = (volume, raw, *attached)
    bench.turn(*everything)
    bench.files(volume).put("file", b"kept")
    before = bench.files(volume).digest("file")
    bench.end_of_power()
    bench.restart()
    lost = ["update local.mount: mounted", "update local.loop: attached"]
    lost += ["update local.attachment: attached"] * 3
    assert bench.changes(*everything) == (lost if able.mount else [])
    bench.turn(*everything)
    assert bench.files(volume).digest("file") == before
    assert bench.changes(*everything) == []


def test_files_written_below_an_unmounted_path_are_not_hidden(
    bench: Any, able: probe.Abilities
) -> None:
    """They would be invisible under the mount: the turn refuses and says where they are. Where
    nothing is mounted there is no such path."""
    volume = bench.volume()
    path = bench.status(volume, bench.turn(volume)).path
    assert bool(path) == able.mount
    if not path:
        return
    subprocess.run(["umount", path], check=True)
    Path(path, "stray").write_bytes(b"written meanwhile")
    with pytest.raises(Refused, match="stray"):
        bench.turn(volume)
    Path(path, "stray").unlink()
    assert bench.changes(volume) == ["update local.mount: mounted"]
    bench.turn(volume)
