"""`gcp.url_map`: hosts and paths, and the backend services that they lead to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.driver import ObjectDriver
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_WEIGHTED = "weightedBackendServices"


class UrlMapDriver(ObjectDriver):
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
                    "pathRules": [_path_rule(rule) for rule in each["paths"]],
                }
                for each in hosts
            ],
        }

    def fields(self, told: Json) -> dict[str, Any]:
        matchers = {each["name"]: each for each in told.get("pathMatchers", ())}
        hosts = [
            {"host": host, "paths": _paths(matchers.get(rule.get("pathMatcher"), {}))}
            for rule in told.get("hostRules", ())
            for host in rule.get("hosts", ())
        ]
        return {
            "scope": "region" if "region" in told else "global",
            "default": _shares(told, "defaultService", "defaultRouteAction"),
            "hosts": sorted(hosts, key=lambda each: str(each["host"])),
        }

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        """The whole anew: a patch could not take away what leads elsewhere now."""
        names = ("name", "description", "fingerprint")
        kept = {name: told[name] for name in names if name in told}
        return self._compute.write("update", at, {**kept, **self.body(fields)})


def _matcher(host: str) -> str:
    return f"host-{hashlib.sha256(host.encode()).hexdigest()[:12]}"


def _default(shares: list[Json]) -> Json:
    return _leading(shares, "defaultService", "defaultRouteAction")


def _path_rule(rule: Mapping[str, Any]) -> Json:
    return {"paths": rule["paths"], **_leading(rule["to"], "service", "routeAction")}


def _leading(shares: list[Json], service: str, action: str) -> Json:
    """One service by itself, several with their weights."""
    if len(shares) == 1:
        return {service: shares[0]["service"]}
    weighted = [{"backendService": each["service"], "weight": each["weight"]} for each in shares]
    return {action: {_WEIGHTED: weighted}}


def _paths(matcher: Json) -> list[Json]:
    return [
        {"paths": list(rule.get("paths", ())), "to": _shares(rule, "service", "routeAction")}
        for rule in matcher.get("pathRules", ())
    ]


def _shares(told: Json, service: str, action: str) -> list[Json]:
    weighted = told.get(action, {}).get(_WEIGHTED, ())
    if not weighted:
        return [{"service": places.relative(told.get(service, "")), "weight": 1}]
    return [
        {
            "service": places.relative(each.get("backendService", "")),
            "weight": each.get("weight", 0),
        }
        for each in weighted
    ]
