"""A URL map means what Kubernetes Ingress means, request by request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cloudabstract.model import Route
from cloudabstract_gcp.balancers import routing
from cloudabstract_gcp.balancers.routing import Share

DEFAULT = "default"


def chosen_by_map(hosts: list[dict[str, Any]], host: str, path: str) -> str:
    """Where Google sends a request: the host's rules, of these the longest path."""
    by_host = {each["host"]: each["paths"] for each in hosts}
    wildcard = f"*.{host.partition('.')[2]}"
    rules = by_host.get(host) or by_host.get(wildcard) or by_host.get("*") or []
    fits = [
        (len(pattern), pattern == path, rule["to"][0]["service"])
        for rule in rules
        for pattern in [rule["path"]]
        if pattern == path or (pattern.endswith("/*") and path.startswith(pattern[:-1]))
    ]
    exact = [each for each in fits if each[1]]
    return max(exact or fits, default=(0, False, DEFAULT))[2]


def chosen_by_ingress(routes: Iterable[Route], host: str, path: str) -> str:
    """What the words of Ingress say: best host, then Exact, then the longest path."""
    ranks = {host: 2, f"*.{host.partition('.')[2]}": 1, None: 0}
    fits = [
        (ranks[each.host], each.path_type == "Exact", len(each.path.rstrip("/")), -at, each.backend)
        for at, each in enumerate(routes)
        if each.host in ranks and matches(each, path)
    ]
    return max(fits)[-1] if fits else DEFAULT


def matches(route: Route, path: str) -> bool:
    if route.path_type == "Exact":
        return route.path == path
    prefix = route.path.rstrip("/")
    return path == prefix or path.startswith(f"{prefix}/")


def drawn(routes: list[Route]) -> list[dict[str, Any]]:
    return routing.hosts(routes, lambda name: [Share(name, 1)])


HOSTS = st.sampled_from([None, "a.example.com", "b.example.com", "*.example.com"])
PATHS = st.sampled_from(["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c", "/x"])
ROUTES = st.lists(
    st.tuples(HOSTS, PATHS, st.sampled_from(["Prefix", "Exact"])), max_size=6, unique=True
)


@settings(max_examples=400, deadline=None)
@given(ROUTES, st.sampled_from(["a.example.com", "b.example.com", "c.example.com", "other.org"]))
def test_a_url_map_chooses_what_ingress_chooses(routes: Any, host: str) -> None:
    """For any routes and any request; two routes of one meaning: the first counts."""
    listed = [
        Route(f"to-{n}", at, path, kind) for n, (at, path, kind) in enumerate(unambiguous(routes))
    ]
    hosts = drawn(listed)
    for path in ("/", "/a", "/a/", "/a/b", "/a/b/", "/ab", "/a/b/c", "/a/z", "/x/y", "/zzz"):
        assert chosen_by_map(hosts, host, path) == chosen_by_ingress(listed, host, path), path


def unambiguous(routes: Iterable[tuple[Any, str, str]]) -> list[tuple[Any, str, str]]:
    """Without a second spelling of the same prefix: /a and /a/."""
    kept: dict[tuple[Any, str, str], tuple[Any, str, str]] = {}
    for host, path, kind in routes:
        same = path if kind == "Exact" else path.rstrip("/")
        kept.setdefault((host, same, kind), (host, path, kind))
    return list(kept.values())


def test_no_host_has_a_path_twice() -> None:
    """Google refuses such a map."""
    routes = [
        Route("one", "a.example.com", "/a", "Exact"),
        Route("two", "a.example.com", "/a"),
        Route("three", "*.example.com", "/a"),
        Route("four", None, "/a"),
    ]
    for each in drawn(routes):
        paths = [rule["path"] for rule in each["paths"]]
        assert len(paths) == len(set(paths)), each["host"]


def test_weights_are_a_ratio_within_googles_bounds() -> None:
    """Reduced, and at most 1000; what has no member gets nothing."""
    assert weights(300, 100) == [3, 1]
    assert weights(2500, 0, 500) == [5, 1]
    assert weights(1_999_998, 999) == [1000, 1]


def test_a_pool_without_members_is_still_somewhere_to_send_requests() -> None:
    """A map must lead somewhere; there Google answers that nobody is there."""
    assert routing.destination([Share("a", 0), Share("b", 0)]) == [{"service": "a", "weight": 1}]


def weights(*given_: int) -> list[int]:
    shares = [Share(str(n), weight) for n, weight in enumerate(given_)]
    return [each["weight"] for each in routing.destination(shares)]
