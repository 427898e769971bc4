"""Which cloud a target means: a world of this process by name, or a file."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cloudabstract.errors import ConfigError
from cloudabstract.provider import Batch, Wanted
from cloudabstract.testing.memory import Cloud, MemoryProvider, MemorySettings, forget, world
from cloudabstract.testing.memory.things import CloudError

FIELDS = {"protocol": "TCP"}


def wanted(name: str) -> Wanted:
    """A pool of stack `shop`."""
    return Wanted("memory.pool", name, "here", FIELDS, {"stack": "shop"}, f"{name:0>64}")


def pools(settings: MemorySettings) -> list[str]:
    """The names of the stack's pools, seen through a session of its own."""
    session = MemoryProvider(settings).connect()
    found = session.drivers()["memory.pool"].observe(Batch("here", {"stack": "shop"}))
    return sorted(each.name for each in found)


def test_targets_of_one_world_share_a_cloud() -> None:
    """What one makes the other sees; another world is empty."""
    session = MemoryProvider(MemorySettings(world="shared")).connect()
    session.drivers()["memory.pool"].create(wanted("web"))
    assert pools(MemorySettings(world="shared")) == ["web"]
    assert pools(MemorySettings(world="apart")) == []
    forget("shared")
    assert world("shared").objects() == ()
    forget("shared")
    forget("apart")


def test_a_file_is_shared_by_providers(tmp_path: Path) -> None:
    """Each call reads what others have written, so that processes can take turns."""
    settings = MemorySettings(path=str(tmp_path / "deep" / "cloud.json"))
    drivers = MemoryProvider(settings).connect().drivers()
    drivers["memory.pool"].create(wanted("web"))
    assert pools(settings) == ["web"]
    (found,) = drivers["memory.pool"].observe(Batch("here", {"stack": "shop"}))
    MemoryProvider(settings).connect().drivers()["memory.pool"].delete(found)
    assert pools(settings) == []


def test_the_file_is_whole_at_every_moment(tmp_path: Path) -> None:
    """Writers in several threads and providers lose nothing; every line is valid JSON."""
    path = tmp_path / "cloud.json"
    settings = MemorySettings(path=str(path))

    def make(number: int) -> int:
        MemoryProvider(settings).connect().drivers()["memory.pool"].create(wanted(f"web-{number}"))
        return len([json.loads(line) for line in path.read_text().splitlines()])

    with ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(make, range(12)))
    assert min(seen) >= 1
    assert len(pools(settings)) == 12
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cloud.json", "cloud.json.lock"]


def test_a_token_is_remembered_in_the_file(tmp_path: Path) -> None:
    """A new process with the same token gets the same object."""
    settings = MemorySettings(path=str(tmp_path / "cloud.json"))
    first = MemoryProvider(settings).connect().drivers()["memory.pool"].create(wanted("web"))
    again = MemoryProvider(settings).connect().drivers()["memory.pool"].create(wanted("web"))
    assert again.id == first.id


def test_a_line_that_was_cut_short_never_happened(tmp_path: Path) -> None:
    """The writer was killed: the object is not there, and the next one can be written."""
    path = tmp_path / "cloud.json"
    settings = MemorySettings(path=str(path))
    drivers = MemoryProvider(settings).connect().drivers()
    drivers["memory.pool"].create(wanted("web"))
    drivers["memory.pool"].create(wanted("api"))
    path.write_bytes(path.read_bytes()[:-9])
    assert pools(settings) == ["web"]
    drivers["memory.pool"].create(wanted("new"))
    assert pools(settings) == ["new", "web"]


def test_a_file_of_old_lines_is_replaced_by_a_short_one(tmp_path: Path) -> None:
    """Nothing is lost by that: not the objects, not the tokens of objects that are gone."""
    path = tmp_path / "cloud.json"
    settings = MemorySettings(path=str(path))
    others = MemoryProvider(settings).connect().drivers()["memory.pool"]
    pool = MemoryProvider(settings).connect().drivers()["memory.pool"]
    kept, gone = pool.create(wanted("kept")), pool.create(wanted("gone"))
    pool.delete(gone)
    longest = 0
    for turn in range(600):
        others.delete(pool.create(wanted(f"t{turn}")))
        longest = max(longest, len(path.read_bytes().splitlines()))
    assert longest <= 1000
    assert pools(settings) == ["kept"]
    assert pool.create(wanted("kept")).id == kept.id
    with pytest.raises(CloudError, match="token"):
        MemoryProvider(settings).connect().drivers()["memory.pool"].create(wanted("gone"))


def test_a_reader_does_not_go_on_in_another_file(tmp_path: Path) -> None:
    """Whatever was put in its place, of whatever size, is read from its beginning."""
    path, other = tmp_path / "cloud.json", tmp_path / "other.json"
    reader = MemoryProvider(MemorySettings(path=str(path))).connect().drivers()["memory.pool"]
    reader.create(wanted("web"))
    writer = MemoryProvider(MemorySettings(path=str(other))).connect().drivers()["memory.pool"]
    for name in ("api", "new", "old"):
        writer.create(wanted(name))
    path.write_bytes(other.read_bytes())  # in place: nothing of the file itself tells them apart
    seen = reader.observe(Batch("here", {"stack": "shop"}))
    assert sorted(each.name for each in seen) == ["api", "new", "old"]


def test_a_call_that_fails_changes_nothing(tmp_path: Path) -> None:
    """What it had begun is not in the file, nor in what this process knows."""
    cloud = Cloud(path=tmp_path / "cloud.json")
    cloud.plant("memory.pool", "web")
    with pytest.raises(ZeroDivisionError), cloud.turn() as state:
        state.take(cloud.one("memory.pool").id)
        raise ZeroDivisionError
    assert cloud.one("memory.pool").name == "web"


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    """It is named, with the line and what to do, and left as it is."""
    path = tmp_path / "shop.yaml"
    path.write_text("kind: Volume\n")
    with pytest.raises(ConfigError, match="line 1 is not of a memory cloud; give it a `path`"):
        pools(MemorySettings(path=str(path)))
    assert path.read_text() == "kind: Volume\n"
