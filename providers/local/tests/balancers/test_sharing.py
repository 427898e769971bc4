"""Several stacks, threads and processes change one root, and one Envoy, at the same time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.model import LoadBalancer, Port
from cloudabstract.provider import Found, Wanted
from cloudabstract_local.failures import Refused
from cloudabstract_local.records import TornError
from cloudabstract_local.root import UnsafeError

from .backends import Backend, Backends
from .bench import Bench, MakeBench, balancer, pool
from .clients import greetings

_CHILD = """
import sys
sys.path[:0] = sys.argv[1].split(":")
from balancers.bench import Bench, balancer
from cloudabstract.model import BackendPool, Member, Port
from cloudabstract_local.settings import LocalSettings
root, range_, stack, address, port = sys.argv[2:]
bench = Bench(LocalSettings(root=root, pools={"External": (range_,)}), stack)
served = [BackendPool("web", addresses=[Member(address, int(port))])]
for round in range(3):
    web = balancer("web", [Port(80)], backends=served)
    print(bench.serve(web), flush=True)
    bench.apply(web, balancer("other", [Port(81)], backends=served))
bench.apply(web)
"""


def web(backend: Backend, name: str = "web") -> LoadBalancer:
    """A TCP balancer over one backend."""
    return balancer(name, [Port(80)], backends=[pool(backend)])


def test_two_processes_change_one_root(make_bench: MakeBench, backends: Backends) -> None:
    """Both get what they asked for, from one Envoy, and neither sees the other's balancers."""
    settings = make_bench().settings
    served = {stack: backends.echo(stack) for stack in ("red", "blue")}
    children = {
        stack: subprocess.Popen(
            [
                *(sys.executable, "-c", _CHILD, ":".join([_tests(), *sys.path])),
                *(str(settings.root), settings.pools["External"][0], stack),
                *(backend.address, str(backend.port)),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for stack, backend in served.items()
    }
    said = {stack: child.communicate(timeout=100)[0].split() for stack, child in children.items()}

    assert [child.returncode for child in children.values()] == [0, 0]
    for stack, addresses in said.items():
        assert len(set(addresses)) == 1
        assert greetings((addresses[0], 80), 2) == [stack, stack]
        assert len(make_bench(stack).ours("local.listener")) == 1
    assert make_bench().envoy()


def test_many_threads_change_one_root(make_bench: MakeBench, backends: Backends) -> None:
    """Eight stacks are made at once, and then removed at once; nothing is left."""
    backend = backends.echo("a")
    benches = [make_bench(f"stack{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        addresses = list(threads.map(lambda bench: bench.serve(web(backend)), benches))

    assert len(set(addresses)) == 8
    assert {name for each in addresses for name in greetings((each, 80), 1)} == {"a"}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(Bench.remove, benches))
    assert benches[0].pids() == []


def test_a_stranger_is_not_ours_and_not_ours_to_take(
    make_bench: MakeBench, backends: Backends
) -> None:
    """Its objects are not listed, and its names cannot be had; they stay as they are."""
    one = make_bench("one")
    one.apply(web(backends.echo("a")))
    (theirs,) = one.ours("local.pool")
    two = make_bench("two")

    assert two.ours("local.pool") == ()
    with pytest.raises(Refused) as refused:
        two.drivers["local.pool"].create(
            Wanted(theirs.kind, theirs.name, theirs.place, theirs.fields, {"stack": "two"}, "t")
        )
    assert refused.value.failure.code is ErrorCode.TAKEN
    assert one.ours("local.pool") == (theirs,)


def test_a_crash_between_record_and_envoy_is_repaired(bench: Bench, backends: Backends) -> None:
    """Killed right after its record was written, a create goes on where it stopped."""
    resource, other = web(backends.echo("a")), balancer("other", [Port(90)])
    bench.apply(resource, other)
    address = bench.status(resource).addresses[0].ip
    found = bench.found(resource).values()
    (listener,) = [each for each in found if each.kind == "local.listener"]
    record = bench.root.path / "records" / "local.listener" / f"{listener.name}.json"
    written = record.read_bytes()
    bench.drivers["local.listener"].delete(listener)
    record.write_bytes(written)  # as it is when a create dies before Envoy was told

    assert list(bench.changes(resource).values()) == [{"serving": True}]
    bench.apply(resource, other)
    assert greetings((address, 80), 1) == ["a"]


def test_a_torn_record_stops_changes_and_is_named(bench: Bench, backends: Backends) -> None:
    """Deriving a configuration from half of the records would stop the other half."""
    resource = web(backends.echo("a"))
    where = bench.serve(resource), 80
    (record,) = (bench.root.path / "records" / "local.listener").iterdir()
    record.write_bytes(record.read_bytes()[:40])

    with pytest.raises(TornError, match=record.name):
        bench.drivers["local.pool"].delete(bench.ours("local.pool")[0])
    assert greetings(where, 1) == ["a"]


@pytest.mark.parametrize("name", ["../../x", "/x", "a/b", "", ".x", "X", "a\0", "x" * 300])
@pytest.mark.parametrize("kind", ["local.address", "local.pool", "local.listener"])
def test_hostile_names_write_nothing(bench: Bench, kind: str, name: str) -> None:
    """Whatever a driver is given as a name, nothing appears, inside the root or outside."""
    (part, *_) = [
        each
        for each in bench.provider.expand(balancer("web", [Port(80)]), bench.facts)
        if each.key.kind == kind
    ]
    driver = bench.drivers[kind]
    before = sorted(bench.root.path.parent.rglob("*"))
    with pytest.raises(UnsafeError):
        driver.create(Wanted(kind, name, "local", part.want, {"stack": "shop"}, "t"))
    with pytest.raises((UnsafeError, Refused)):
        driver.update(Found(kind, name, name, "local", {}, {}), {"serving": True})

    assert sorted(bench.root.path.parent.rglob("*")) in (before, [*before, bench.root.path])


def test_locks_of_killed_processes_are_free(bench: Bench, backends: Backends) -> None:
    """A process killed while it holds the lock holds up nobody."""
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from cloudabstract_local.root import Root\n"
        f"with Root({str(bench.root.path)!r}).lock('balancers'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    applying = threading.Thread(target=bench.apply, args=(web(backends.echo("a")),))
    applying.start()
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    applying.join(60)

    assert not applying.is_alive()
    assert len(bench.ours("local.listener")) == 1


def _tests() -> str:
    return str(Path(__file__).parent.parent)
