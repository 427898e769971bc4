"""`gcp.url_map`: hosts and paths, and the backend services that they lead to.

People write the same map in many ways: several hosts to one matcher, several paths to a rule, a
matcher with a default of its own. Fields have one form of it: each host by itself, each path by
itself, sorted; where a host's matcher leads elsewhere by default, that is its path `/*`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cloudabstract_gcp import places, surface
from cloudabstract_gcp.balancers import routing
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.marking import MarkingDriver
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_WEIGHTED = "weightedBackendServices"
_ALL = "/*"
_KEPT = ("name", "description", "fingerprint")


class UrlMapDriver(MarkingDriver):
    """Each host is a host rule with a path matcher of its own, named after it."""

    kind = "gcp.url_map"
    collection = surface.URL_MAPS

    def body(self, fields: Mapping[str, Any]) -> Json:
        hosts = fields["hosts"]
        return {
            **_default(fields["default"]),
            "hostRules": [
                {"hosts": [each["host"]], "pathMatcher": _matcher(each["host"])} for each in hosts
            ],
            "pathMatchers": [
                {
                    "name": _matcher(each["host"]),
                    **_default(fields["default"]),
                    "pathRules": _rules(each["paths"]),
                }
                for each in hosts
            ],
        }

    def fields(self, told: Json) -> dict[str, Any]:
        default = _shares(told, "defaultService", "defaultRouteAction")
        matchers = {each["name"]: each for each in told.get("pathMatchers", ())}
        hosts = [
            {"host": host, "paths": _paths(matchers.get(rule.get("pathMatcher"), {}), default)}
            for rule in told.get("hostRules", ())
            for host in rule.get("hosts", ())
        ]
        return {
            "scope": "region" if "region" in told else "global",
            "default": default,
            "hosts": sorted(hosts, key=lambda each: str(each["host"])),
        }

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        """The whole anew: a patch could not take away what leads elsewhere now."""
        kept = {name: told[name] for name in _KEPT if name in told}
        return self._compute.write("update", at, {**kept, **self.body(fields)})


def _matcher(host: str) -> str:
    return f"host-{hashlib.sha256(host.encode()).hexdigest()[:12]}"


def _default(shares: list[Json]) -> Json:
    return _leading(shares, "defaultService", "defaultRouteAction")


def _rules(paths: list[Json]) -> list[Json]:
    """One rule for all paths that lead to the same."""
    together: dict[str, tuple[list[str], list[Json]]] = {}
    for each in paths:
        key = json.dumps(each["to"], sort_keys=True)
        together.setdefault(key, ([], each["to"]))[0].append(each["path"])
    return [
        {"paths": listed, **_leading(to, "service", "routeAction")}
        for listed, to in together.values()
    ]


def _leading(shares: list[Json], service: str, action: str) -> Json:
    """One service by itself, several with their weights."""
    if len(shares) == 1:
        return {service: shares[0]["service"]}
    weighted = [{"backendService": each["service"], "weight": each["weight"]} for each in shares]
    return {action: {_WEIGHTED: weighted}}


def _paths(matcher: Json, default: list[Json]) -> list[Json]:
    found = dict(_by_path(matcher))
    own = _shares(matcher, "defaultService", "defaultRouteAction")
    if own != default and own[0]["service"]:
        found.setdefault(_ALL, own)
    return [{"path": path, "to": to} for path, to in sorted(found.items())]


def _by_path(matcher: Json) -> Iterator[tuple[str, list[Json]]]:
    for rule in matcher.get("pathRules", ()):
        for path in rule.get("paths", ()):
            yield path, _shares(rule, "service", "routeAction")


def _shares(told: Json, service: str, action: str) -> list[Json]:
    """The services with their weights, in the smallest numbers."""
    weighted = [each for each in told.get(action, {}).get(_WEIGHTED, ()) if each.get("weight")]
    if not weighted:
        return [{"service": places.relative(told.get(service, "")), "weight": 1}]
    links = [places.relative(each.get("backendService", "")) for each in weighted]
    weights = routing.reduced([int(each["weight"]) for each in weighted])
    return [{"service": link, "weight": each} for link, each in zip(links, weights, strict=True)]
