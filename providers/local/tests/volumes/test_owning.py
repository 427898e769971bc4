"""Whose a volume is: labels, strangers, what was released, what has vanished, what is adopted."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import RELEASED, STACK, Batch, Incomplete, Marks
from cloudabstract_local import volumes
from cloudabstract_local.failures import Refused
from cloudabstract_local.volumes import tools

MIB = 2**20
PRECIOUS = [kind.name for kind in volumes.KINDS if kind.precious]


def body(bench: Any, kind: str = "local.image") -> Any:
    """The one object of that kind."""
    (found,) = [each for each in bench.ours() if each.kind == kind]
    return found


@pytest.mark.parametrize("kind", PRECIOUS)
def test_what_holds_data_can_be_marked(bench: Any, kind: str) -> None:
    """The engine releases, protects and adopts by changing labels."""
    assert isinstance(bench.drivers[kind], Marks)


def test_a_released_volume_keeps_data_and_record(bench: Any) -> None:
    """It is no longer found by its stack's labels, still by its name, and taken back by marking."""
    volume = bench.volume()
    bench.turn(volume)
    bench.files(volume).put("file", b"kept")
    before, image = bench.files(volume).digest("file"), body(bench)
    driver = bench.drivers[image.kind]
    driver.mark(image, {RELEASED: "shop"})
    assert [each for each in bench.ours() if each.kind == image.kind] == []
    (part, *_) = bench.parts(volume)
    assert bench.see(part.key).labels == {RELEASED: "shop"}
    bench.restart()
    assert bench.files(volume).digest("file") == before
    bench.drivers[image.kind].mark(image, image.labels)
    assert body(bench) == image


def test_a_name_of_somebody_else_is_not_taken(bench: Any) -> None:
    """Making a volume where a stranger's stands fails, and the stranger's is as it was."""
    volume = bench.volume()
    bench.turn(volume)
    image = body(bench)
    bench.drivers[image.kind].mark(image, {STACK: "other"})
    (part, *_) = bench.parts(volume)
    with pytest.raises(Refused) as caught:
        bench.drivers[image.kind].create(bench.wanted(part))
    assert caught.value.failure.code is ErrorCode.TAKEN
    assert bench.see(part.key).labels == {STACK: "other"}


@pytest.mark.parametrize("medium", ["image", "directory"])
def test_vanished_data_is_not_replaced_by_nothing(bench: Any, medium: str) -> None:
    """If somebody removed the file, the volume is absent, and the same wish does not make an empty
    one. Only a new token does: it says that the loss is known."""
    volume = bench.volume() if medium == "image" else bench.folder()
    bench.turn(volume)
    (part, *_) = bench.parts(volume)
    standing = bench.see(part.key)
    bench.end_of_power()
    path = Path(standing.fields["path"])
    path.unlink() if medium == "image" else shutil.rmtree(path)
    assert bench.see(part.key) is None
    driver = bench.drivers[part.key.kind]
    with pytest.raises(Refused, match="vanished") as caught:
        driver.create(bench.wanted(part))
    assert caught.value.failure.code is ErrorCode.INVALID
    assert str(path) in caught.value.failure.message
    assert driver.create(bench.wanted(part, token="1" * 64)).fields["path"] == str(path)


def test_an_overwritten_image_is_failed_not_ready(bench: Any) -> None:
    """If there is no filesystem in it any more, it is told, and left for a person to look at."""
    volume = bench.volume()
    bench.turn(volume)
    bench.end_of_power()
    with open(body(bench).fields["path"], "r+b") as file:
        file.write(bytes(MIB))
    image = body(bench)
    assert (image.health.value, "no ext4" in image.reason) == ("FAILED", True)
    (part, *_) = bench.parts(volume)
    (ready,) = bench.status(volume, {part.key: image}).conditions
    assert (ready.status, ready.reason) == ("False", "Failed")


def test_a_torn_record_makes_observation_incomplete(bench: Any) -> None:
    """What cannot be read is not absent."""
    bench.turn(bench.volume())
    name = body(bench).name
    (bench.root.path / "records" / "local.image" / f"{name}.json").write_text("{")
    with pytest.raises(Incomplete, match=name):
        bench.drivers["local.image"].observe(Batch("local", {STACK: "shop"}))


def imported(bench: Any, name: str = "old.img", mib: int = 8) -> Path:
    """An image that was there before us."""
    folder = bench.root.path / "imports"
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    path = folder / name
    with path.open("wb") as file:
        file.truncate(mib * MIB)
    subprocess.run([tools.find("mke2fs") or "", "-q", "-F", "-t", "ext4", path], check=True)
    return path


def test_an_existing_image_is_adopted_with_its_files(bench: Any) -> None:
    """It is found by its id, marked, mounted where allowed, grown; and stays when we let it go."""
    path, driver = imported(bench), bench.drivers["local.image"]
    volume = bench.volume(mib=8, external_ref="imports/old.img")
    (part, *_) = bench.parts(volume)
    assert part.external == "imports/old.img"
    batch = Batch("local", {STACK: "shop"}, ids=frozenset({part.external}))
    (stranger,) = driver.observe(batch)
    assert (stranger.labels, stranger.fields["size"]) == ({}, 8 * MIB)
    ours = driver.mark(stranger, {STACK: "shop"})
    noted = {**stranger.fields, "made": 8 * MIB}
    assert body(bench) == ours == replace(stranger, labels={STACK: "shop"}, fields=noted)
    assert driver.update(ours, {"size": 16 * MIB}).fields["size"] == 16 * MIB
    driver.delete(ours)
    assert bench.ours() == []
    assert path.stat().st_size == 16 * MIB


def test_an_existing_folder_is_adopted(bench: Any) -> None:
    """It keeps its files, and no size is asked of it."""
    path = bench.root.path / "imports" / "old"
    path.mkdir(parents=True, mode=0o700)
    (path / "file").write_bytes(b"kept")
    bench.root.path.chmod(0o700)
    (part,) = bench.parts(bench.folder(external_ref="imports/old"))
    driver = bench.drivers[part.key.kind]
    (found,) = driver.observe(Batch("local", {}, ids=frozenset({part.external})))
    ours = driver.mark(found, {STACK: "shop"})
    assert (part.want, Path(ours.fields["path"], "file").read_bytes()) == ({}, b"kept")
    driver.mark(ours, {})
    assert bench.ours() == []
    assert (path / "file").exists()


@pytest.mark.parametrize("ref", ["imports/missing", "imports/link", "imports/../records"])
def test_what_is_not_there_cannot_be_adopted(bench: Any, ref: str, tmp_path: Path) -> None:
    """Nor can a link that leads out of the root, nor a path."""
    (imported(bench).parent / "link").symlink_to(imported(bench, "other.img"))
    batch = Batch("local", {}, ids=frozenset({ref}))
    assert list(bench.drivers["local.image"].observe(batch)) == []


def test_looking_makes_nothing(bench: Any) -> None:
    """Observing every kind, and surveying, leave a root that does not exist as it is."""
    assert bench.ours() == []
    assert bench.changes(bench.volume(), bench.folder("shared"))
    assert not bench.root.path.exists()
