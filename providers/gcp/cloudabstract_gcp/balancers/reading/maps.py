"""A URL map as default, hosts and paths: routes with the words of Ingress. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cloudabstract.model import Route
from cloudabstract.provider import Found
from cloudabstract_gcp.balancers.bounds import most

Shares = Sequence[Mapping[str, Any]]  # services with their weights
_REST = "/*"
_UNREADABLE = (
    "routeRules",
    "headerAction",
    "defaultUrlRedirect",
    "defaultCustomErrorResponsePolicy",
)
_ACTIONS = frozenset({"weightedBackendServices"})


def readable(url_map: Found) -> bool:
    """Whether hosts, paths and services are all that the map knows."""
    told: Mapping[str, Any] = url_map.raw or {}
    rules = [rule for it in told.get("pathMatchers", ()) for rule in it.get("pathRules", ())]
    every = [told, *told.get("pathMatchers", ()), *rules]
    if any(each.get(name) for each in every for name in (*_UNREADABLE, "urlRedirect")):
        return False
    actions = [
        each.get(name, {}) for each in every for name in ("defaultRouteAction", "routeAction")
    ]
    return all(each.keys() <= _ACTIONS for each in actions) and all(_services(url_map))


def leads(url_map: Found) -> Iterator[tuple[str, Shares]]:
    """Every destination with what it is called: those of paths, and `default` first."""
    yield "default", url_map.fields["default"]
    for host in url_map.fields["hosts"]:
        for rule in host["paths"]:
            yield f"{host['host']}{rule['path']}", rule["to"]


def below(url_map: Found) -> bool:
    """Whether for some path only what is below it is led somewhere: `/api/*` without `/api`."""
    return any(
        each["path"] not in ("/*", bare) and paths.get(bare) != each["to"]
        for host in url_map.fields["hosts"]
        if (paths := {rule["path"]: rule["to"] for rule in host["paths"]})
        for each in host["paths"]
        for bare in [each["path"].removesuffix(_REST)]
    )


def routes(url_map: Found, pools: Mapping[str, str]) -> Iterator[Route]:
    """The map's hosts and paths; `pools` has the name of each pool by its services."""
    apart = below(url_map)
    for each in url_map.fields["hosts"]:
        host = None if each["host"] == "*" else each["host"]
        paths = {rule["path"]: rule["to"] for rule in each["paths"]}
        for path, to in paths.items():
            backend = pools[key_of(to)]
            if path.endswith(_REST):
                yield Route(backend, host, path.removesuffix(_REST) or "/", "Prefix")
            elif apart or paths.get(f"{path.rstrip('/')}{_REST}") != to:
                yield Route(backend, host, path, "Exact")


def key_of(shares: Shares) -> str:
    """What tells one destination from another: its services."""
    return " ".join(sorted(each["service"] for each in shares))


def weights(shares: Shares, members: Mapping[str, int]) -> dict[str, int] | None:
    """Service -> the weight of each of its members; None where members cannot have such weights.

    Members of one weight are one service, so two services must not come to the same one.
    """
    if len(shares) == 1:
        return {shares[0]["service"]: 1}
    counts = [members.get(each["service"], 0) for each in shares]
    if not all(counts):
        return None
    whole = math.lcm(*counts)
    found = [each["weight"] * whole // count for each, count in zip(shares, counts, strict=True)]
    small = [each // math.gcd(*found) for each in found]
    if len(set(small)) < len(small) or max(small) > most("weight"):
        return None
    return {each["service"]: weight for each, weight in zip(shares, small, strict=True)}


def _services(url_map: Found) -> Iterator[bool]:
    """Whether each destination is made of backend services, not of buckets."""
    for _, shares in leads(url_map):
        yield all("/backendServices/" in each["service"] for each in shares)
