"""connectionDraining: open connections may finish, for as long as the balancer says."""

from __future__ import annotations

import threading

from cloudabstract.model import LoadBalancer, Port

from .backends import Backends
from .bench import Bench, balancer, pool
from .clients import Line, greetings
from .waiting import until


def web(backends: Backends, seconds: int, name: str = "web") -> LoadBalancer:
    """A TCP balancer that drains for so long."""
    return balancer(
        name, [Port(80)], backends=[pool(backends.echo("a"))], connection_draining=seconds
    )


def test_the_last_balancer_waits_for_its_connections(bench: Bench, backends: Backends) -> None:
    """Deleting takes no new connection, and is over as soon as the open ones are."""
    where = bench.serve(web(backends, 3600)), 80
    line = Line(where)
    line.greeting()
    deleting = threading.Thread(target=bench.remove)
    deleting.start()
    until(lambda: refused(where), "new connections are still taken")

    assert line.echo("still") == "still"
    assert deleting.is_alive()
    line.close()
    deleting.join(30)
    assert not deleting.is_alive()
    assert bench.pids() == []


def test_connections_are_cut_when_their_time_is_over(bench: Bench, backends: Backends) -> None:
    """A connection that does not end within the draining time is ended."""
    where = bench.serve(web(backends, 1)), 80
    line = Line(where)
    line.greeting()
    bench.remove()

    assert bench.pids() == []
    assert line.echo("late") == ""


def test_each_balancer_has_its_own_draining_time(bench: Bench, backends: Backends) -> None:
    """One of two balancers goes: its connections have their own time, not the other's."""
    short, long = web(backends, 1, "short"), web(backends, 3600, "long")
    bench.apply(short, long)
    lines = [Line((bench.status(each).addresses[0].ip, 80)) for each in (short, long)]
    for line in lines:
        line.greeting()
    bench.apply(long)

    assert lines[0].echo("late") == ""
    assert lines[1].echo("fine") == "fine"


def test_the_draining_time_can_change(bench: Bench, backends: Backends) -> None:
    """A balancer with another draining time is the same balancer, at the same address."""
    address = bench.serve(web(backends, 1))

    assert bench.serve(web(backends, 2)) == address
    assert greetings((address, 80), 1) == ["a"]
    assert len(bench.pids()) == 1


def test_one_of_several_can_change_its_draining_time(bench: Bench, backends: Backends) -> None:
    """It moves to the Envoy with that time, shorter or longer; the other stays where it is."""
    stays = web(backends, 30, "stays")
    for seconds in (30, 10, 50):
        moves = web(backends, seconds, "moves")
        bench.apply(stays, moves)
        for each in (stays, moves):
            assert greetings((bench.status(each).addresses[0].ip, 80), 1) == ["a"]
        assert bench.changes(stays, moves) == {}

    assert len(bench.pids()) == 2


def refused(where: tuple[str, int]) -> bool:
    """Whether nobody listens any more."""
    try:
        Line(where).close()
    except ConnectionRefusedError:
        return True
    return False
