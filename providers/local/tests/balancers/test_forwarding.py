"""l4: TCP and UDP to the backends that the spec names."""

from __future__ import annotations

from collections import Counter

from cloudabstract.model import BackendPool, Instance, Port, Selector
from cloudabstract_local.settings import InventoryHost

from .backends import Backends
from .bench import Bench, MakeBench, balancer, members, pool
from .clients import Line, ask_udp, greetings


def test_tcp_reaches_every_backend_in_turn(bench: Bench, backends: Backends) -> None:
    """A TCP frontend forwards bytes both ways, and spreads connections evenly."""
    web = pool(backends.echo("a"), backends.echo("b"))
    where = bench.serve(balancer("web", [Port(80)], backends=[web])), 80

    line = Line(where)
    line.greeting()
    assert line.echo("hello") == "hello"
    line.close()
    reached = Counter(greetings(where, 40))
    assert reached.keys() == {"a", "b"}
    assert abs(reached["a"] - reached["b"]) <= 4  # each worker thread counts for itself


def test_tcp_and_udp_share_a_number(bench: Bench, backends: Backends) -> None:
    """One balancer serves TCP and UDP on one port number."""
    dns = balancer(
        "dns",
        [Port(53, "tcp", backend="tcp"), Port(53, "udp", "UDP", backend="udp")],
        backends=[pool(backends.echo("tcp"), name="tcp"), pool(backends.udp("udp"), name="udp")],
    )
    where = bench.serve(dns), 53

    assert greetings(where, 1) == ["tcp"]
    assert ask_udp(where, "hi") == "udp hi"


def test_weights_are_shares_of_the_traffic(bench: Bench, backends: Backends) -> None:
    """A weight of 3 beside 1 gets three quarters; a weight of 0 gets nothing."""
    three, one, none = (backends.echo(name) for name in ("three", "one", "none"))
    weighed = (*members(three, weight=3), *members(one), *members(none, weight=0))
    web = balancer("web", [Port(80)], backends=[BackendPool("web", addresses=weighed)])
    reached = Counter(greetings((bench.serve(web), 80), 80))

    assert reached.keys() == {"three", "one"}
    assert 16 <= reached["one"] <= 24


def test_the_same_client_stays_with_its_backend(bench: Bench, backends: Backends) -> None:
    """With ClientIP every connection of one address goes to one backend; others go elsewhere."""
    web = pool(*(backends.echo(f"b{number}") for number in range(4)))
    sticky = balancer("web", [Port(80)], backends=[web], session_affinity="ClientIP")
    where = bench.serve(sticky), 80

    clients = [f"127.0.0.{number}" for number in range(2, 14)]
    reached = {each: set(greetings(where, 5, each)) for each in clients}

    assert all(len(names) == 1 for names in reached.values()), reached
    assert len(set.union(*reached.values())) > 1


def test_the_same_udp_client_stays_with_its_backend(bench: Bench, backends: Backends) -> None:
    """ClientIP holds for datagrams too, whatever port the client sends from."""
    web = pool(*(backends.udp(f"b{number}") for number in range(4)))
    dns = balancer("dns", [Port(53, protocol="UDP")], backends=[web], session_affinity="ClientIP")
    where = bench.serve(dns), 53

    assert len({ask_udp(where, "hi", "127.0.0.9") for _ in range(8)}) == 1


def test_inventory_hosts_are_backends(make_bench: MakeBench, backends: Backends) -> None:
    """`instances` picks hosts by name, `selector` by label; a named port is the host's own."""
    a, b = backends.echo("a"), backends.echo("b")
    bench = make_bench(
        inventory=(
            InventoryHost("one", a.address, {"app": "web"}, ports={"main": a.port}),
            InventoryHost("two", b.address, {"app": "db"}, ports={"main": b.port}),
        )
    )
    web = balancer(
        "web",
        [
            Port(80, "x", target_port="main", backend="x"),
            Port(81, "y", target_port="main", backend="y"),
        ],
        backends=[
            BackendPool("x", selector=Selector({"app": "web"})),
            BackendPool("y", instances=(Instance("two"), Instance("absent"))),
        ],
    )
    address = bench.serve(web)

    assert set(greetings((address, 80), 3)) == {"a"}
    assert set(greetings((address, 81), 3)) == {"b"}


def test_an_internal_balancer_has_an_internal_address(bench: Bench, backends: Backends) -> None:
    """Routability chooses the pool of the address, and nothing else."""
    web = pool(backends.echo("a"))
    address = bench.serve(balancer("web", [Port(80)], backends=[web], routability="Internal"))

    assert 101 <= int(address.rpartition(".")[2]) <= 200
    assert greetings((address, 80), 1) == ["a"]


def test_a_balancer_without_backends_stands_and_says_so(bench: Bench) -> None:
    """No backends is a state of the balancer, not an error."""
    web = balancer("web", [Port(80)])
    bench.apply(web)
    status = bench.status(web)

    degraded = status.condition("Degraded")
    assert degraded is not None
    assert (degraded.status, degraded.reason) == ("True", "NoBackends")
    assert greetings((status.addresses[0].ip, 80), 1) == [""]
