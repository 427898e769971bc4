"""`gcp.network_endpoint_group`: zonal groups. Nothing of one can change but who is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.provider import Wanted
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.driver import ObjectDriver
from cloudabstract_gcp.places import Scope


class EndpointGroupDriver(ObjectDriver):
    """Its `size`, how many endpoints Google counts in it, is of use to endpoints only: in `raw`."""

    kind = "gcp.network_endpoint_group"
    collection = surface.ENDPOINT_GROUPS

    def scope(self, wanted: Wanted) -> Scope:
        return places.zone(wanted.fields["zone"])

    def body(self, fields: Mapping[str, Any]) -> Json:
        inside = {"subnetwork": fields["subnetwork"]} if fields["subnetwork"] else {}
        return {
            "networkEndpointType": fields["networkEndpointType"],
            "network": fields["network"],
            **inside,
        }

    def fields(self, told: Json) -> dict[str, Any]:
        return {
            "zone": places.name_of(told.get("zone", "")),
            "networkEndpointType": told.get("networkEndpointType", ""),
            "network": places.relative(told.get("network", "")),
            "subnetwork": places.relative(told.get("subnetwork", "")),
        }
