"""Envoy's life: it dies and is brought back, is tampered with and repaired, and leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.model import LoadBalancer, Port
from cloudabstract_local.failures import Refused

from .backends import Backends
from .bench import Bench, MakeBench, balancer, pool
from .clients import get, greetings
from .waiting import until


@pytest.fixture
def web(backends: Backends) -> LoadBalancer:
    """A balancer on port 80 with one backend."""
    return balancer(
        "web", [Port(80)], load_balancer_class="l7", backends=[pool(backends.http("a"))]
    )


def test_a_killed_envoy_is_drift_and_comes_back(bench: Bench, web: LoadBalancer) -> None:
    """After kill -9 the listener is found not serving; applying again starts Envoy."""
    where = bench.serve(web), 80
    os.kill(bench.envoy(), signal.SIGKILL)
    until(lambda: not bench.pids(), "Envoy still runs")

    assert list(bench.changes(web).values()) == [{"serving": True}]
    programmed = bench.status(web).condition("Programmed")
    assert programmed is not None
    assert (programmed.status, programmed.reason) == ("False", "Infrastructure")
    bench.apply(web)
    assert bench.changes(web) == {}
    assert get(where) == (200, "a")


def test_a_stuck_envoy_is_replaced(bench: Bench, web: LoadBalancer) -> None:
    """An Envoy that does not answer its owner is ended and started anew."""
    where = bench.serve(web), 80
    stuck = bench.envoy()
    os.kill(stuck, signal.SIGSTOP)

    assert list(bench.changes(web).values()) == [{"serving": True}]
    bench.apply(web)
    assert bench.envoy() != stuck
    assert get(where) == (200, "a")


@pytest.mark.parametrize("victim", ["lds.json", "cds.json", "eds", "rds"])
def test_a_deleted_file_of_envoy_is_drift(bench: Bench, web: LoadBalancer, victim: str) -> None:
    """Whatever derived file is removed, it shows, and is derived again."""
    bench.serve(web)
    folder = bench.root.path / "envoy" / "30"
    path = folder / victim
    for file in [path] if path.is_file() else list(path.iterdir()):
        file.unlink()

    assert list(bench.changes(web).values()) == [{"serving": True}]
    bench.apply(web)
    assert bench.changes(web) == {}


def test_an_edited_file_of_envoy_is_drift(bench: Bench, web: LoadBalancer) -> None:
    """Traffic sent elsewhere by hand is found, and brought back."""
    where = bench.serve(web), 80
    (routes,) = (bench.root.path / "envoy" / "30" / "rds").iterdir()
    edited = json.loads(routes.read_text())
    edited["resources"][0]["virtual_hosts"][0]["routes"] = []
    temporary = routes.with_suffix(".new")
    temporary.write_text(json.dumps(edited))
    temporary.rename(routes)
    until(lambda: get(where)[0] == 404, "Envoy did not read the edited file")

    assert list(bench.changes(web).values()) == [{"serving": True}]
    bench.apply(web)
    assert get(where) == (200, "a")


def test_a_deleted_record_is_made_again(bench: Bench, web: LoadBalancer) -> None:
    """Records are the truth: a listener whose record is gone is absent, and comes back."""
    where = bench.serve(web), 80
    (record,) = (bench.root.path / "records" / "local.listener").iterdir()
    record.unlink()

    assert list(bench.changes(web).values()) == [{"absent": True}]
    assert (bench.serve(web), 80) == where
    assert get(where) == (200, "a")


def test_every_deleted_record_comes_back_at_the_same_address(
    bench: Bench, web: LoadBalancer
) -> None:
    """Lose all records, and the same spec gives the same balancer, on the Envoy that runs."""
    where = bench.serve(web), 80
    pid = bench.envoy()
    for record in (bench.root.path / "records").rglob("*.json"):
        record.unlink()

    assert (bench.serve(web), 80) == where
    assert get(where) == (200, "a")
    assert bench.envoy() == pid


def test_deleting_leaves_no_process_and_no_file(bench: Bench, web: LoadBalancer) -> None:
    """With the last listener Envoy goes, and everything that was kept for it."""
    where = bench.serve(web), 80
    bench.remove()

    assert bench.pids() == []
    assert [each for each in bench.files() if not (bench.root.path / each).is_dir()] == []
    with pytest.raises(ConnectionRefusedError):
        get(where)


def test_deleting_after_envoy_was_killed_leaves_nothing_either(
    bench: Bench, web: LoadBalancer
) -> None:
    """A dead Envoy is not started to be stopped."""
    bench.serve(web)
    os.kill(bench.envoy(), signal.SIGKILL)
    until(lambda: not bench.pids(), "Envoy still runs")
    bench.remove()

    assert bench.pids() == []
    assert [each for each in bench.files() if not (bench.root.path / each).is_dir()] == []


def test_what_serves_cannot_be_deleted(bench: Bench, web: LoadBalancer) -> None:
    """Address, pool and endpoints of a serving listener: CONFLICT, and nothing changes."""
    where = bench.serve(web), 80
    for kind in ("local.address", "local.pool", "local.endpoints"):
        (needed,) = bench.ours(kind)
        with pytest.raises(Refused, match="in use by") as refused:
            bench.drivers[kind].delete(needed)
        assert refused.value.failure.code is ErrorCode.CONFLICT

    assert bench.changes(web) == {}
    assert get(where) == (200, "a")


def test_envoy_outlives_the_session_and_is_known_to_the_next(
    make_bench: MakeBench, web: LoadBalancer
) -> None:
    """The process belongs to the root, not to the session that started it."""
    first = make_bench()
    where = first.serve(web), 80
    first.session.close()
    pid = first.envoy()
    os.kill(pid, 0)
    second = make_bench()

    assert second.changes(web) == {}
    assert os.getsid(pid) != os.getsid(0)
    second.remove()
    assert second.pids() == []
    with pytest.raises(ConnectionRefusedError):
        get(where)


def test_a_recycled_pid_is_never_signalled(bench: Bench, web: LoadBalancer) -> None:
    """A pid file with somebody else's number stops nobody: births do not match."""
    bench.serve(web)
    os.kill(bench.envoy(), signal.SIGKILL)
    until(lambda: not bench.pids(), "Envoy still runs")
    pid_file = bench.root.path / "envoy" / "30" / "envoy.pid"
    old = pid_file.read_text()
    pid_file.write_text(f"{os.getpid()} {old.partition(' ')[2]}")

    bench.remove()  # would end this very test
    assert not pid_file.exists()


def test_everything_is_private_whatever_the_umask(bench: Bench, web: LoadBalancer) -> None:
    """Files are 0600, folders 0700, the admin socket 0600, also under umask 0."""
    old = os.umask(0)
    try:
        bench.serve(web)
    finally:
        os.umask(old)

    for path in (bench.root.path, *bench.root.path.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_port_that_a_stranger_has_is_named_with_its_owner(
    bench: Bench, web: LoadBalancer
) -> None:
    """The failure says which address and port, and which process has it."""
    address = bench.serve(web)
    both = balancer("web", [Port(80, "one"), Port(81, "two")], backends=web.spec.backends)
    with socket.create_server((address, 81)), pytest.raises(Refused) as refused:
        bench.apply(both)

    failure = refused.value.failure
    assert failure.code is ErrorCode.EXHAUSTED
    assert f"{address}:81/TCP is in use by" in failure.message
    assert f"(pid {os.getpid()})" in failure.message
    assert bench.changes(web).keys() - {"LoadBalancer/web#local.listener:tcp-80-ipv4"} == set()
    assert [each.fields["port"] for each in bench.ours("local.listener")] == [80]


def test_a_udp_port_is_never_shared_in_silence(make_bench: MakeBench, backends: Backends) -> None:
    """Two roots cannot take one UDP port, although Envoy would let them."""
    one = make_bench()
    dns = balancer("dns", [Port(53, protocol="UDP")], backends=[pool(backends.udp("a"))])
    address = one.serve(dns)
    two = make_bench(root=f"{one.root.path}-two", pools={"External": (address,)})

    with pytest.raises(Refused, match="in use by envoy"):
        two.apply(dns)
    assert two.pids() == []


def test_long_paths_of_the_root_are_no_obstacle(make_bench: MakeBench, web: LoadBalancer) -> None:
    """A unix socket's address is short; the root's path need not be."""
    bench = make_bench()
    deep = make_bench(root=str(bench.root.path / ("d" * 60) / ("e" * 60)))

    assert get((deep.serve(web), 80)) == (200, "a")
    deep.remove()


def test_tcp_and_http_serve_from_one_envoy(bench: Bench, backends: Backends) -> None:
    """All balancers of a root share its process."""
    one = balancer("one", [Port(80)], backends=[pool(backends.echo("a"))])
    two = balancer("two", [Port(80)], load_balancer_class="l7", backends=[pool(backends.http("b"))])
    bench.apply(one, two)
    addresses = [bench.status(each).addresses[0].ip for each in (one, two)]

    assert greetings((addresses[0], 80), 1) == ["a"]
    assert get((addresses[1], 80)) == (200, "b")
    assert bench.envoy()
