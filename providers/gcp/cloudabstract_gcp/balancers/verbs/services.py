"""`gcp.backend_service`: how traffic is spread over endpoint groups.

The description of each backend is not ours to set here: there the endpoints' driver notes who is in
the group (endpoints.py). It is kept through every change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.driver import ObjectDriver
from cloudabstract_gcp.operations import Operation
from cloudabstract_gcp.surface import Location

_AFFINITY_OFF = "ZONAL_AFFINITY_DISABLED"
_PASSTHROUGH = ("INTERNAL", "EXTERNAL")


class BackendServiceDriver(ObjectDriver):
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
            "backends": [_backend(each) for each in fields["backends"]],
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
            "backends": [
                {
                    "group": places.relative(each["group"]),
                    "balancingMode": each.get("balancingMode", ""),
                    "maxRatePerEndpoint": int(each.get("maxRatePerEndpoint", 0)),
                }
                for each in told.get("backends", ())
            ],
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
        body = self.body(fields)
        notes = noted(told)
        for backend in body["backends"]:
            note = notes.get(places.relative(backend["group"]))
            if note:
                backend["description"] = note
        return self.patch(at, told, body)


def noted(told: Json) -> dict[str, str]:
    """Group -> what its backend's description says, in Google's JSON of a service."""
    return {
        places.relative(each["group"]): str(each.get("description", ""))
        for each in told.get("backends", ())
    }


def _backend(wanted: Mapping[str, Any]) -> Json:
    made: Json = {
        "group": places.absolute(wanted["group"]),
        "balancingMode": wanted["balancingMode"],
    }
    if wanted["maxRatePerEndpoint"]:
        made["maxRatePerEndpoint"] = wanted["maxRatePerEndpoint"]
    return made
