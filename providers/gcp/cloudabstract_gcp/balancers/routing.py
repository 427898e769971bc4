"""Host and path routes with the meaning of Kubernetes Ingress, for a URL map. Pure.

Of all routes that match a request, the one with the more specific host wins (exact, then wildcard,
then any), then Exact before Prefix, then the longer path. A URL map looks for the host first, and
then only at that host's paths, the longest first. So each host gets the paths of the less specific
hosts as well, but for those that its own routes match already.

Prefix /api means /api and whatever is below /api/, so it is two paths here: `/api`, `/api/*`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cloudabstract.model import Route

from . import bounds

ANY = "*"


@dataclass(frozen=True)
class Share:
    """One backend service and how much of a pool's traffic it gets."""

    service: Any  # a Ref to its link
    weight: int


def destination(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """Services with their weights, as small as they can be; without members, the first alone."""
    given = list(shares)
    serving = [each for each in given if each.weight] or given[:1]
    if len(serving) == 1:
        return [{"service": serving[0].service, "weight": 1}]
    weights = reduced([each.weight for each in serving])
    return [
        {"service": each.service, "weight": weight}
        for each, weight in zip(serving, weights, strict=True)
    ]


def hosts(
    routes: Iterable[Route], shares: Callable[[str], Iterable[Share]], below: bool = False
) -> list[dict[str, Any]]:
    """What is special about which host: `{"host", "paths": [{"path", "to"}]}`, sorted.

    With `below`, a prefix means what is below it, and not itself.
    """
    listed = list(routes)
    names = sorted({_host(each) for each in listed})
    return [
        {
            "host": name,
            "paths": [
                {"path": path, "to": destination(shares(backend))}
                for path, backend in sorted(_paths(name, listed, below).items())
            ],
        }
        for name in names
    ]


def _paths(host: str, routes: list[Route], below: bool) -> dict[str, str]:
    """The paths of one host, each once, and the pool that each leads to."""
    own: list[Route] = []
    for candidate in _wider(host):
        fresh = [each for each in routes if _host(each) == candidate]
        own += [each for each in _exact_first(fresh) if not _covered(each, candidate, own)]
    found: dict[str, str] = {}
    for each in own:
        for path in _spelled(each, below):
            found.setdefault(path, each.backend)
    return found


def _wider(host: str) -> list[str]:
    """The hosts whose routes a request to `host` can match, the most specific first."""
    if host == ANY:
        return [ANY]
    if host.startswith("*."):
        return [host, ANY]
    return [host, f"*.{host.partition('.')[2]}", ANY]


def _exact_first(routes: list[Route]) -> list[Route]:
    return sorted(routes, key=lambda each: each.path_type != "Exact")


def _covered(route: Route, host: str, own: list[Route]) -> bool:
    """Whether routes of a more specific host match everything that `route` matches."""
    above = [each for each in own if _host(each) != host]
    return any(
        each.path_type == "Prefix" and f"{route.path.rstrip('/')}/".startswith(_below(each))
        for each in above
    )


def _below(route: Route) -> str:
    return f"{route.path.rstrip('/')}/"


def _spelled(route: Route, below: bool) -> list[str]:
    if route.path_type == "Exact":
        return [route.path]
    prefix = route.path.rstrip("/")
    return [prefix, f"{prefix}/*"] if prefix and not below else [f"{prefix}/*"]


def _host(route: Route) -> str:
    return (route.host or ANY).lower()


def reduced(weights: list[int]) -> list[int]:
    """The same ratio in the smallest numbers, within Google's largest weight."""
    divisor = math.gcd(*weights)
    small = [each // divisor for each in weights]
    most = bounds.most("weight")
    if max(small) <= most:
        return small
    return [max(1, round(each * most / max(small))) for each in small]
