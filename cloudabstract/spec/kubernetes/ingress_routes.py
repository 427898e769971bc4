"""The rules of an Ingress as routes: each host and path with the pool that gets the requests.

Exact and Prefix mean the same here. ImplementationSpecific is what each controller makes of it: a
pattern for some, a path with a star at its end for others. It becomes the longest plain Prefix
that it begins with, and that is told.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from .. import networks
from ..paths import Path
from .ingress_pools import Pools
from .lookup import items, mapping, text
from .remarks import BALANCER, Remark, degrade, note

_PATTERN = re.compile(r"[(\[{*?+|^$\\]")  # where a pattern begins
_EXPRESSION = re.compile(r"[(\[{|^$\\]|\.\*")  # what no plain path has
_ROUTES = "LB016"


def routes(spec: dict[str, Any], pools: Pools) -> tuple[list[dict[str, Any]], list[Remark]]:
    """The routes of all rules, and what is to be said about them."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    remarks: list[Remark] = []
    for number, rule in enumerate(items(spec, "rules")):
        host = text(rule, "host")
        for place, each in enumerate(items(rule, "http", "paths")):
            path: Path = ("spec", "rules", number, "http", "paths", place)
            written = mapping(each)
            kind, url, said = _url(written, path)
            pool = pools.of(mapping(written, "backend"), (*path, "backend"))
            remarks += said
            if host and networks.wrong_host(host):
                message = f"the host {host!r} cannot be matched here; the path is left out"
                remarks.append(degrade(_ROUTES, ("spec", "rules", number, "host"), message))
            elif (host, url, kind) in found:
                remarks.append(_again(path, found[host, url, kind]["backend"], pool))
            else:
                found[host, url, kind] = _route(host, url, kind, pool)
        if not mapping(rule, "http"):
            message = "has no paths, so the default backend gets the host's requests"
            remarks.append(note(_ROUTES, ("spec", "rules", number), message))
    return list(found.values()), remarks


def _route(host: str, url: str, kind: str, pool: str) -> dict[str, Any]:
    route = {"path": url, "pathType": kind, "backend": pool}
    return {"host": host, **route} if host else route


def _again(path: Path, first: str, second: str) -> Remark:
    message = "an earlier path matches the same requests"
    if first == second:
        return note(_ROUTES, path, message)
    return degrade(_ROUTES, path, f"{message}, and has another backend; this one is never reached")


def _url(written: dict[str, Any], path: Path) -> tuple[str, str, list[Remark]]:
    """The portable path type and path, and how they differ from what is written."""
    kind, asked = text(written, "pathType"), text(written, "path")
    if kind in ("Exact", "Prefix") and not _EXPRESSION.search(asked):
        plain = _plain(asked)
        said = [] if plain == asked else [_respelt((*path, "path"), asked, plain)]
        return kind, plain, said
    match = _PATTERN.search(asked)
    plain = _plain(asked if match is None else asked[: match.start()])
    if match is None:
        message = "ImplementationSpecific is read as Prefix"
        return "Prefix", plain, [note(_ROUTES, (*path, "pathType"), message)]
    if asked[match.start() :] == "*" and asked.endswith("/*"):
        message = f"a star at the end is read as the Prefix {plain}"
        return "Prefix", plain, [note(_ROUTES, (*path, "path"), message)]
    message = f"{asked[:60]!r} is a pattern; it is read as the Prefix {plain}"
    return "Prefix", plain, [degrade(_ROUTES, (*path, "path"), message)]


def _plain(url: str) -> str:
    """`url` as routes take it: from the root, without what no path has."""
    if not url.startswith("/") or networks.wrong_path(url) is None:
        return url or "/"
    spelt = quote(url, safe="/%!$&'()*+,;=:@~-._")
    parts = [each for each in spelt.split("/") if each not in ("", ".", "..")]
    plain = "/" + "/".join(parts)
    return plain if networks.wrong_path(plain) is None else "/"


def _respelt(path: Path, asked: str, plain: str) -> Remark:
    return degrade(BALANCER, path, f"{asked[:60]!r} is matched as {plain[:60]}")
