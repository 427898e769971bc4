"""`gcp.network_endpoint_group`: zonal groups. Nothing of one can change but who is in it.

So a group that changed hands has its owner noted where it is used (groups.py), and that goes before
what stands in its own description. Services with such notes are asked for in every look: one call,
and no page of any length unless there are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.provider import Batch, Wanted, Whose
from cloudabstract_gcp import places
from cloudabstract_gcp.balancers.verbs import groups
from cloudabstract_gcp.calls import Json
from cloudabstract_gcp.descriptions import owner_of
from cloudabstract_gcp.marking import NotingDriver
from cloudabstract_gcp.places import Scope
from cloudabstract_gcp.selection import Marked
from cloudabstract_gcp.surface import BACKEND_SERVICES, ENDPOINT_GROUPS, Location

_OUTSIDE = "NON_GCP_PRIVATE_IP_PORT"


class EndpointGroupDriver(NotingDriver):
    """Its `size`, how many endpoints Google counts in it, is of use to endpoints only: in `raw`."""

    kind = "gcp.network_endpoint_group"
    collection = ENDPOINT_GROUPS

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
        kind = told.get("networkEndpointType", "")
        inside = "" if kind == _OUTSIDE else places.subnetwork_of(told, self._compute.project)
        return {
            "zone": places.name_of(told.get("zone", "")),
            "networkEndpointType": kind,
            "network": places.relative(told.get("network", "")),
            "subnetwork": inside,
        }

    def asked(self, batch: Batch) -> tuple[Batch, Marked]:
        """With those whose note alone says that they are ours."""
        noted = groups.marks(self._compute)
        owners = {link: owner_of(mark) for link, mark in noted.items()}
        ours = {places.name_of(link) for link, it in owners.items() if batch.takes(it[0])}

        def marked(told: Json) -> tuple[dict[str, str], str]:
            owner = owners.get(places.relative(told["selfLink"]))
            return self.marked(told) if owner is None else owner

        if batch.whose is not Whose.ANYBODY:  # then they are listed anyway
            batch = replace(batch, names=batch.names | ours)
        return batch, marked

    def noting(self, told: Json) -> Iterable[Location]:
        link = places.relative(told["selfLink"])
        for each in groups.using(self._compute, link):
            yield Location.of(BACKEND_SERVICES, places.relative(each["selfLink"]))
