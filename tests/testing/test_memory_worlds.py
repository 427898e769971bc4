"""Which cloud a target means: a world of this process by name, or a file."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cloudabstract.provider import Batch, Wanted
from cloudabstract.testing.memory import MemoryProvider, MemorySettings, forget, world

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
    """Each call reads and replaces the file, so that processes can take turns."""
    settings = MemorySettings(path=str(tmp_path / "deep" / "cloud.json"))
    drivers = MemoryProvider(settings).connect().drivers()
    drivers["memory.pool"].create(wanted("web"))
    assert pools(settings) == ["web"]
    (found,) = drivers["memory.pool"].observe(Batch("here", {"stack": "shop"}))
    MemoryProvider(settings).connect().drivers()["memory.pool"].delete(found)
    assert pools(settings) == []


def test_the_file_is_whole_at_every_moment(tmp_path: Path) -> None:
    """Writers in several threads and providers lose nothing; readers always find valid JSON."""
    path = tmp_path / "cloud.json"
    settings = MemorySettings(path=str(path))

    def make(number: int) -> int:
        MemoryProvider(settings).connect().drivers()["memory.pool"].create(wanted(f"web-{number}"))
        return len(json.loads(path.read_text())["things"])

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
