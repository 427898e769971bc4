"""Changes while clients are at work: no request fails, and open connections stay."""

from __future__ import annotations

from dataclasses import replace

from cloudabstract.model import HealthCheck, LoadBalancer, Port, Route

from .backends import Backend, Backends
from .bench import Bench, balancer, pool
from .clients import Line, Prober, get


def web(*backends: Backend, **spec: object) -> LoadBalancer:
    """An l7 balancer over these backends."""
    return balancer("web", [Port(80)], load_balancer_class="l7", backends=[pool(*backends)], **spec)


def test_swapping_all_backends_fails_no_request(bench: Bench, backends: Backends) -> None:
    """Old backends answer until a new one is healthy, even when none of them stays."""
    a, b = backends.http("a"), backends.http("b")
    with Prober((bench.serve(web(a)), 80)) as prober:
        for new in (b, a, b):
            bench.apply(web(new))
            prober.wait_for(5)

    assert prober.failures == []
    assert set(prober.answers) == {"a", "b"}
    assert prober.answers[-1] == "b"


def test_scaling_changes_one_part(bench: Bench, backends: Backends) -> None:
    """Adding a backend is a change of the endpoints, and of nothing else."""
    a, b = backends.http("a"), backends.http("b")
    bench.apply(web(a))

    (changed,) = bench.changes(web(a, b))
    assert changed == "LoadBalancer/web#local.endpoints:web-tcp-80"


def test_every_kind_of_change_fails_no_request(bench: Bench, backends: Backends) -> None:
    """Checks, affinity, routes, ports, classes of pools: all change under way."""
    a, b = backends.http("a"), backends.http("b")
    spec = web(a, b).spec
    steps = [
        replace(spec, health_check=HealthCheck(path="/check", interval=2, timeout=1)),
        replace(spec, session_affinity="ClientIP"),
        replace(spec, routes=(Route("web", "shop.example.com", "/x"),)),
        replace(spec, ports=(Port(80, "one"), Port(81, "two"))),
        replace(spec, backends=(pool(b, a, name="renamed"),)),
        replace(spec, source_ranges=("127.0.0.0/8",)),
        spec,
    ]
    resource = web(a, b)
    with Prober((bench.serve(resource), 80)) as prober:
        for step in steps:
            bench.apply(replace(resource, spec=step))
            prober.wait_for(5)

    assert prober.failures == []


def test_other_balancers_come_and_go_unnoticed(bench: Bench, backends: Backends) -> None:
    """Making and removing a balancer beside this one touches none of its connections."""
    a = backends.echo("a")
    stays = balancer("stays", [Port(80)], backends=[pool(a)])
    comes = balancer("comes", [Port(80)], backends=[pool(a)])
    line = Line((bench.serve(stays), 80))
    line.greeting()

    bench.apply(stays, comes)
    assert line.echo("one") == "one"
    bench.apply(stays)
    assert line.echo("two") == "two"


def test_an_open_connection_outlives_changes_of_its_pool(bench: Bench, backends: Backends) -> None:
    """A connection to a backend that was taken out, or is checked otherwise, is not cut."""
    a, b = backends.echo("a"), backends.echo("b")
    line = Line((bench.serve(balancer("web", [Port(80)], backends=[pool(a)])), 80))
    assert line.greeting() == "a"

    bench.apply(balancer("web", [Port(80)], backends=[pool(b)]))
    assert line.echo("one") == "one"
    bench.apply(
        balancer(
            "web", [Port(80)], backends=[pool(b)], health_check=HealthCheck(interval=3, timeout=1)
        )
    )
    assert line.echo("two") == "two"


def test_a_new_port_serves_beside_the_old_ones(bench: Bench, backends: Backends) -> None:
    """Ports come and go one by one; the address is the same."""
    a = backends.http("a")
    one = web(a)
    address = bench.serve(one)
    both = replace(one, spec=replace(one.spec, ports=(Port(80, "one"), Port(8080, "two"))))

    assert bench.serve(both) == address
    assert get((address, 8080)) == (200, "a")
    bench.apply(one)
    assert [each.fields["port"] for each in bench.ours("local.listener")] == [80]


def test_applying_again_changes_nothing(bench: Bench, backends: Backends) -> None:
    """What was applied is found as it was wanted."""
    resource = web(backends.http("a"), session_affinity="ClientIP", source_ranges=("127.0.0.0/8",))
    bench.apply(resource)

    assert bench.changes(resource) == {}
