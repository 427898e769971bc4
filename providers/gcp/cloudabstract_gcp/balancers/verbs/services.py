"""`gcp.backend_service`: how traffic is spread over endpoint groups.

A backend of a service is a group, and how much it may get. The latter has no portable word: it is
set when the backend is added, and stays as it is, whoever changed it, through every change. So does
the backend's description, where other drivers leave notes about the group (groups.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Batch, Found, Incomplete
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.marking import MarkingDriver
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_AFFINITY_OFF = "ZONAL_AFFINITY_DISABLED"
_PASSTHROUGH = ("INTERNAL", "EXTERNAL")
_UNLIMITED = 1_000_000  # requests a second and endpoint: a group needs a bound, and this is none


class BackendServiceDriver(MarkingDriver):
    """Groups are named by full links, for Google takes no others here."""

    kind = "gcp.backend_service"
    collection = surface.BACKEND_SERVICES

    def body(self, fields: Mapping[str, Any]) -> Json:
        optional: Json = {}
        if fields["network"]:
            optional["network"] = fields["network"]
        if fields.get("timeoutSec"):
            optional["timeoutSec"] = fields["timeoutSec"]
        if fields.get("zonalAffinity") and fields["loadBalancingScheme"] == "INTERNAL":
            affinity = {"spillover": fields["zonalAffinity"]}
            optional["networkPassThroughLbTrafficPolicy"] = {"zonalAffinity": affinity}
        return {
            "loadBalancingScheme": fields["loadBalancingScheme"],
            "protocol": fields["protocol"],
            "healthChecks": fields["healthChecks"],
            "backends": [_backend(each, fields) for each in fields["backends"]],
            "sessionAffinity": fields["sessionAffinity"],
            "connectionDraining": {"drainingTimeoutSec": fields["drainingTimeoutSec"]},
            **optional,
        }

    def fields(self, told: Json) -> dict[str, Any]:
        draining = told.get("connectionDraining", {})
        zonal = told.get("networkPassThroughLbTrafficPolicy", {}).get("zonalAffinity", {})
        return {
            "scope": "region" if "region" in told else "global",
            "loadBalancingScheme": told.get("loadBalancingScheme", ""),
            "protocol": told.get("protocol", ""),
            "network": places.relative(told.get("network", "")),
            "healthChecks": [places.relative(each) for each in told.get("healthChecks", ())],
            "backends": _groups(told),
            "sessionAffinity": told.get("sessionAffinity", "NONE"),
            "drainingTimeoutSec": draining.get("drainingTimeoutSec", 0),
            "timeoutSec": told.get("timeoutSec", 30),
            "zonalAffinity": zonal.get("spillover", _AFFINITY_OFF),
        }

    def version(self, told: Json) -> str:
        """Of what is ours: a note about endpoints is no change of the service."""
        ours = json.dumps(self.fields(told), sort_keys=True)
        return hashlib.sha256(ours.encode()).hexdigest()[:16]

    def change(self, at: Location, told: Json, fields: Mapping[str, Any]) -> Operation:
        """Backends that stay, stay as they are."""
        body = self.body(fields)
        here = {places.relative(each["group"]): each for each in told.get("backends", ())}
        groups = zip(fields["backends"], body["backends"], strict=True)
        body["backends"] = [here.get(places.relative(group), made) for group, made in groups]
        return self.patch(at, told, body)

    def observe(self, batch: Batch) -> Iterable[Found]:
        """The same, each internal service with its network, which hand-made ones leave unsaid."""
        used = batch.used.get("gcp.network_endpoint_group", ())
        networks = {each.fields["link"]: each.fields["network"] for each in used}
        try:
            return [_placed(each, networks) for each in super().observe(batch)]
        except Incomplete as partly:
            found = [_placed(each, networks) for each in partly.found]
            raise Incomplete(found, partly.reason) from partly


def _placed(found: Found, networks: Mapping[str, str]) -> Found:
    """`found` in the network of its groups, if it does not name one."""
    fields = found.fields
    if fields.get("loadBalancingScheme") != "INTERNAL" or fields.get("network"):
        return found
    known = (networks[each] for each in fields["backends"] if each in networks)
    return replace(found, fields={**fields, "network": next(known, "")})


def _groups(told: Json) -> list[str]:
    """The links of the groups, by zone; within a zone as they are."""
    links = [places.relative(each["group"]) for each in told.get("backends", ())]
    return sorted(links, key=lambda link: places.scope_of(link).name)


def _backend(link: str, fields: Mapping[str, Any]) -> Json:
    """A new backend. An instance group gets what Google gives it."""
    made: Json = {"group": places.absolute(link)}
    if "/instanceGroups/" in link:
        return made
    if fields["scope"] == "region" and fields["loadBalancingScheme"] in _PASSTHROUGH:
        return {**made, "balancingMode": "CONNECTION"}
    return {**made, "balancingMode": "RATE", "maxRatePerEndpoint": _UNLIMITED}
