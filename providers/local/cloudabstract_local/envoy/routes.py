"""Host and path routes with the meaning of Kubernetes Ingress, as Envoy's route tables. Pure.

Of all routes that match a request, the one with the more specific host wins (exact, then wildcard,
then any); then Exact before Prefix; then the longer path. What matches none goes to the frontend's
own pool, and is answered with 404 where it has none. Prefix means whole path elements, a wildcard
host exactly one label, and ports in the Host header do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .clusters import TYPE
from .nouns import Frontend, Json, Path

# What reached no backend is sent again, whatever it is. A request that was on its way when its
# backend died is sent again only if doing it twice is doing it once (RFC 9110, safe methods).
_UNSENT = "connect-failure,refused-stream,reset-before-request"
_RETRY = {
    "retry_on": _UNSENT,
    "num_retries": 4,
    "retry_host_predicate": [
        {
            "name": "envoy.retry_host_predicates.previous_hosts",
            "typed_config": {
                "@type": f"{TYPE}extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
            },
        }
    ],
    "host_selection_retry_max_attempts": 5,
}
_SAFE = {
    "name": ":method",
    "string_match": {"safe_regex": {"regex": "GET|HEAD|OPTIONS"}},
}
_BY_SOURCE = [{"connection_properties": {"source_ip": True}, "terminal": True}]


def route_table(frontend: Frontend) -> Json:
    """The route configuration of an HTTP frontend; in a file of its own, so that changing routes
    leaves connections alone."""
    hosts = sorted({each.host.lower() for each in frontend.paths} - {""})
    return {
        "@type": f"{TYPE}config.route.v3.RouteConfiguration",
        "name": frontend.name,
        "ignore_port_in_host_matching": True,
        "request_headers_to_remove": ["x-envoy-external-address"],  # said in X-Forwarded-For
        "virtual_hosts": [_virtual_host(frontend, host) for host in ("", *hosts)],
    }


def _virtual_host(frontend: Frontend, host: str) -> Json:
    routes: list[Json] = []
    for candidate in _hosts_matching(frontend, host):
        paths = (each for each in frontend.paths if each.host.lower() == candidate)
        routes += [route for each in _specific_first(paths) for route in _routes(frontend, each)]
    if frontend.pool:
        routes += _routes(frontend, Path("", "/", False, frontend.pool))
    return {"name": host or "any", "domains": [host or "*"], "routes": routes}


def _hosts_matching(frontend: Frontend, host: str) -> list[str]:
    """The hosts of routes that a request in the virtual host of `host` can match, best first."""
    wildcard = "*." + host.partition(".")[2]
    known = {each.host.lower() for each in frontend.paths}
    wider = (host, wildcard, "") if not host.startswith("*.") else (host, "")
    return [each for each in dict.fromkeys(wider) if each in known]


def _specific_first(paths: Iterable[Path]) -> list[Path]:
    unique = {(each.path, each.exact): each for each in reversed(list(paths))}  # the first counts
    return sorted(unique.values(), key=lambda each: (not each.exact, -len(each.path), each.path))


def _routes(frontend: Frontend, path: Path) -> list[Json]:
    """The same way twice: for safe methods, which are retried more, and for all others."""
    match = _path_match(path)
    headers = [_one_label(path.host)] if path.host.startswith("*.") else []
    action: Json = {"cluster": path.pool, "timeout": "0s"}
    if frontend.by_source:
        action["hash_policy"] = _BY_SOURCE
    safe = _RETRY | {"retry_on": f"{_UNSENT},reset"}
    return [
        {
            "match": match | {"headers": [*headers, _SAFE]},
            "route": action | {"retry_policy": safe},
        },
        {
            "match": match | ({"headers": headers} if headers else {}),
            "route": action | {"retry_policy": _RETRY},
        },
    ]


def _path_match(path: Path) -> Json:
    if path.exact:
        return {"path": path.path}
    prefix = path.path.rstrip("/")
    return {"path_separated_prefix": prefix} if prefix else {"prefix": "/"}


def _one_label(host: str) -> Json:
    pattern = rf"(?i)[^.]+{re.escape(host[1:].lower())}(:\d+)?"
    return {
        "name": ":authority",
        "string_match": {"safe_regex": {"regex": pattern}},
    }
