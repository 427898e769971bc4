"""l7: hosts, paths and headers, with the meaning they have in Kubernetes Ingress."""

from __future__ import annotations

import pytest

from cloudabstract.model import Port, Route

from .backends import Backends
from .bench import Bench, balancer, pool
from .clients import get

ROUTES = (
    Route("exact-host", "shop.example.com"),
    Route("shop-api", "shop.example.com", "/api"),
    Route("shop-api-v2", "shop.example.com", "/api/v2/"),
    Route("exact-path", "shop.example.com", "/api/v2", "Exact"),
    Route("wildcard", "*.example.com"),
    Route("anywhere", None, "/health"),
)
CASES = [
    ("shop.example.com", "/", "exact-host", "the root prefix takes every path"),
    ("shop.example.com", "/api", "shop-api", "a prefix takes itself"),
    ("shop.example.com", "/api/", "shop-api", "a prefix takes its folder"),
    ("shop.example.com", "/api/x?y=1", "shop-api", "queries do not count"),
    ("shop.example.com", "/apix", "exact-host", "a prefix takes whole elements only"),
    ("shop.example.com", "/API", "exact-host", "paths know case"),
    ("shop.example.com", "/api/v2/x", "shop-api-v2", "the longest prefix wins"),
    ("shop.example.com", "/api/v2", "exact-path", "Exact comes before Prefix"),
    ("shop.example.com", "/api/v2/", "shop-api-v2", "Exact takes nothing more"),
    ("shop.example.com", "/x/../api", "shop-api", "paths are made straight first"),
    ("SHOP.example.com:8080", "/api", "shop-api", "hosts know neither case nor port"),
    ("blog.example.com", "/api", "wildcard", "a wildcard takes one label"),
    ("blog.example.com:80", "/", "wildcard", "a wildcard does not mind the port"),
    ("a.b.example.com", "/", "default", "a wildcard does not take two labels"),
    ("example.com", "/", "default", "a wildcard does not take none"),
    ("shop.example.com", "/health", "exact-host", "a named host wins over any host"),
    ("blog.example.com", "/health", "wildcard", "a wildcard wins over any host"),
    ("other.org", "/health/x", "anywhere", "no host is any host"),
    ("a.b.example.com", "/health", "anywhere", "any host includes those a wildcard leaves out"),
    ("other.org", "/", "default", "what matches nothing goes to the port's own pool"),
]


@pytest.fixture
def routed(bench: Bench, backends: Backends) -> tuple[str, int]:
    """A balancer with ROUTES, and a pool for each that answers with its name."""
    names = dict.fromkeys(("default", *(route.backend for route in ROUTES)))
    pools = [pool(backends.http(name), name=name) for name in names]
    web = balancer(
        "web",
        [Port(80, backend="default")],
        load_balancer_class="l7",
        backends=pools,
        routes=ROUTES,
    )
    return bench.serve(web), 80


def test_requests_go_where_ingress_sends_them(routed: tuple[str, int]) -> None:
    """Every case of host and path reaches the pool that its rule names."""
    reached = {
        (host, path, why): get(routed, path, {"Host": host})[1] for host, path, _, why in CASES
    }

    assert reached == {(host, path, why): name for host, path, name, why in CASES}


def test_what_matches_no_route_is_not_found(bench: Bench, backends: Backends) -> None:
    """Without a match, a request goes to the port's pool if that is the only one there is."""
    web = balancer(
        "web",
        [Port(80)],
        load_balancer_class="l7",
        backends=[pool(backends.http("a"), name="a")],
        routes=[Route("a", "shop.example.com", "/api")],
    )
    where = bench.serve(web), 80

    assert get(where, "/elsewhere", {"Host": "other.org"}) == (200, "a")


def test_an_empty_pool_answers_503(bench: Bench) -> None:
    """A pool without backends answers, and says that nobody is there."""
    web = balancer("web", [Port(80)], load_balancer_class="l7")

    assert get((bench.serve(web), 80))[0] == 503


def test_backends_learn_who_asks(bench: Bench, backends: Backends) -> None:
    """X-Forwarded-For ends with the client's address, whatever the client put there."""
    backend = backends.http("a")
    web = balancer("web", [Port(80)], load_balancer_class="l7", backends=[pool(backend)])
    where = bench.serve(web), 80
    get(where, "/", {"X-Forwarded-For": "203.0.113.9"}, source="127.0.0.9")

    (_, headers, _), *_ = backend.requests
    named = {name.lower(): value for name, value in headers.items()}
    forwarded = [each.strip() for each in named["x-forwarded-for"].split(",")]
    assert forwarded == ["203.0.113.9", "127.0.0.9"]
    assert named["x-forwarded-proto"] == "http"
    assert not [name for name in named if name.startswith("x-envoy")]


def test_the_same_http_client_stays_with_its_backend(bench: Bench, backends: Backends) -> None:
    """ClientIP on l7 goes by the address of the connection."""
    web = balancer(
        "web",
        [Port(80)],
        load_balancer_class="l7",
        backends=[pool(*(backends.http(f"b{number}") for number in range(4)))],
        session_affinity="ClientIP",
    )
    where = bench.serve(web), 80
    clients = [f"127.0.0.{number}" for number in range(2, 12)]
    reached = {each: {get(where, source=each)[1] for _ in range(4)} for each in clients}

    assert all(len(names) == 1 for names in reached.values()), reached
    assert len(set.union(*reached.values())) > 1


def test_a_dead_backend_costs_no_request(bench: Bench, backends: Backends) -> None:
    """Before health checks notice, requests to a refused connection are sent to another backend."""
    alive, dying = backends.http("alive"), backends.http("dying")
    web = balancer("web", [Port(80)], load_balancer_class="l7", backends=[pool(alive, dying)])
    where = bench.serve(web), 80
    assert {get(where)[1] for _ in range(10)} == {"alive", "dying"}
    dying.stop()

    assert {get(where) for _ in range(20)} == {(200, "alive")}
