"""healthCheck: who gets traffic, and what the status says of each backend."""

from __future__ import annotations

from cloudabstract.model import HealthCheck, LoadBalancer, Port

from .backends import Backends
from .bench import Bench, balancer, pool
from .clients import ask_udp, get, greetings
from .waiting import until

QUICK = HealthCheck(interval=1, timeout=1, healthy_threshold=1, unhealthy_threshold=2)


def health(bench: Bench, resource: LoadBalancer) -> dict[int, str]:
    """Port of each backend -> its health in the status."""
    return {each.port: each.health for each in bench.status(resource).backends}


def test_a_dead_backend_gets_nothing(bench: Bench, backends: Backends) -> None:
    """After `unhealthyThreshold` failed checks a backend is out, and the status says so."""
    alive, dead = backends.echo("alive"), backends.echo("dead")
    web = balancer("web", [Port(80)], backends=[pool(alive, dead)], health_check=QUICK)
    where = bench.serve(web), 80
    assert health(bench, web) == {alive.port: "Healthy", dead.port: "Healthy"}
    dead.stop()

    until(lambda: health(bench, web)[dead.port] == "Unhealthy", "the dead backend is not noticed")
    assert set(greetings(where, 10)) == {"alive"}


def test_all_dead_means_no_answer(bench: Bench, backends: Backends) -> None:
    """When every backend is unhealthy none of them gets traffic: there is no panic."""
    sick = backends.http("sick")
    check = HealthCheck(path="/check", interval=1, timeout=1, unhealthy_threshold=1)
    web = balancer(
        "web", [Port(80)], load_balancer_class="l7", backends=[pool(sick)], health_check=check
    )
    where = bench.serve(web), 80
    assert get(where) == (200, "sick")
    sick.status = 500

    until(lambda: get(where)[0] == 503, "a sick backend still gets traffic")
    sick.status = 200
    until(lambda: get(where) == (200, "sick"), "a healthy backend gets no traffic")


def test_http_checks_count_to_their_threshold(bench: Bench, backends: Backends) -> None:
    """One bad answer does not take a backend out when two are needed."""
    backend = backends.http("a")
    check = HealthCheck(path="/check", interval=1, timeout=1, unhealthy_threshold=3)
    web = balancer(
        "web", [Port(80)], load_balancer_class="l7", backends=[pool(backend)], health_check=check
    )
    where = bench.serve(web), 80
    seen = len(backend.checks)
    backend.bad_checks = 2

    until(lambda: len(backend.checks) >= seen + 4, "checks stopped")
    assert backend.checks[seen : seen + 2] == [500, 500]
    assert get(where) == (200, "a")
    assert health(bench, web) == {backend.port: "Healthy"}


def test_checks_go_to_their_own_port(bench: Bench, backends: Backends) -> None:
    """With `port`, health is asked for there, and traffic goes where it went."""
    traffic, monitor = backends.echo("traffic"), backends.http("monitor")
    check = HealthCheck(path="/check", port=monitor.port, interval=1, timeout=1)
    web = balancer("web", [Port(80)], backends=[pool(traffic)], health_check=check)

    assert greetings((bench.serve(web), 80), 2) == ["traffic", "traffic"]
    assert monitor.checks


def test_https_checks_of_plain_backends_are_encrypted(bench: Bench, backends: Backends) -> None:
    """protocol HTTPS checks over TLS although traffic is plain: a plain server fails it."""
    backend = backends.http("plain")
    check = HealthCheck("HTTPS", "/check", interval=1, timeout=1, unhealthy_threshold=1)
    web = balancer("web", [Port(80)], backends=[pool(backend)], health_check=check)
    bench.serve(web)

    assert health(bench, web) == {backend.port: "Unhealthy"}


def test_udp_backends_are_checked_over_tcp_where_that_is_possible(
    bench: Bench, backends: Backends
) -> None:
    """With `healthCheck.port` UDP backends are checked; without, their health is not known."""
    backend, monitor = backends.udp("a"), backends.echo("monitor")
    unchecked = balancer("dns", [Port(53, protocol="UDP")], backends=[pool(backend)])
    assert ask_udp((bench.serve(unchecked), 53), "hi") == "a hi"
    assert health(bench, unchecked) == {backend.port: "Unknown"}
    check = HealthCheck(port=monitor.port, interval=1, timeout=1, unhealthy_threshold=1)
    checked = balancer(
        "dns", [Port(53, protocol="UDP")], backends=[pool(backend)], health_check=check
    )
    bench.apply(checked)

    assert health(bench, checked) == {backend.port: "Healthy"}
    monitor.stop()
    until(lambda: health(bench, checked)[backend.port] == "Unhealthy", "the check is not used")
