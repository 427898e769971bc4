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

_RETRY = {
    # Only what reached no backend is sent again, so that nothing is ever done twice.
    "retry_on": "connect-failure,refused-stream,reset-before-request",
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
        routes += [_route(frontend, each) for each in _specific_first(paths)]
    if frontend.pool:
        routes.append(_route(frontend, Path("", "/", False, frontend.pool)))
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


def _route(frontend: Frontend, path: Path) -> Json:
    match = _path_match(path)
    if path.host.startswith("*."):
        match["headers"] = [_one_label(path.host)]
    action: Json = {"cluster": path.pool, "timeout": "0s", "retry_policy": _RETRY}
    if frontend.by_source:
        action["hash_policy"] = _BY_SOURCE
    return {"match": match, "route": action}


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
