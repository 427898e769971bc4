"""`gcp.network_endpoint_group`: zonal groups. Nothing of one can change but who is in it.

So a group that changed hands has its owner noted where it is used (groups.py), and that goes before
what stands in its own description. Notes are read only where they may matter: for groups that are
ours by their description and that nobody here knows, for known ones that say nothing, and when
everybody's are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from cloudabstract.errors import ErrorCode
from cloudabstract.provider import Batch, Found, Wanted, Whose
from cloudabstract_gcp import places
from cloudabstract_gcp.balancers.verbs import groups
from cloudabstract_gcp.calls import Compute, Json
from cloudabstract_gcp.descriptions import Description, mark_of, owner_of
from cloudabstract_gcp.driver import ObjectDriver
from cloudabstract_gcp.errors import Refusal
from cloudabstract_gcp.places import Scope
from cloudabstract_gcp.selection import Marked
from cloudabstract_gcp.surface import ENDPOINT_GROUPS

_OUTSIDE = "NON_GCP_PRIVATE_IP_PORT"


class EndpointGroupDriver(ObjectDriver):
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
        """With those whose note alone says that they are ours, where nothing else is known."""
        notes = _Notes(self._compute)

        def marked(told: Json) -> tuple[dict[str, str], str]:
            own = self.marked(told)
            known = str(told.get("id", "")) in batch.ids
            matters = known or batch.takes(own[0]) or told["name"] in batch.names
            expected = known and bool(batch.labels and own[0])
            if expected or not matters:
                return own
            mark = notes.marks.get(places.relative(told["selfLink"]))
            return own if mark is None else owner_of(mark)

        lost = bool(batch.labels) and not batch.ids  # nothing is known of any: a lost store?
        if not lost and batch.whose is not Whose.ANY_STACK:
            return batch, marked
        owners = {places.name_of(link): owner_of(it)[0] for link, it in notes.marks.items()}
        ours = {name for name, labels in owners.items() if batch.takes(labels)}
        return replace(batch, names=batch.names | ours), marked

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Note the owner where the group is used. Raises CallFailed, Refusal."""
        link, mark = found.fields["link"], mark_of(labels, found.place)
        born = Description.read(str((found.raw or {}).get("description", ""))).mark or {}

        def edit(said: Description) -> Description:
            return replace(said, mark=None if mark == born else mark)

        users = [each["selfLink"] for each in groups.using(self._compute, link)]
        if not users and mark != born:
            text = f"no backend service uses {found.name}, and only there its owner can be noted"
            raise Refusal(ErrorCode.INVALID, text, "delete the group, or use it")
        for service in users:
            groups.note(self._compute, self._unfinished, service, link, edit)
        return replace(found, labels=dict(labels))


class _Notes:
    """The marks that services note of groups, read when they are first asked for."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute

    @cached_property
    def marks(self) -> Mapping[str, Mapping[str, str]]:
        """Group -> mark."""
        return groups.marks(groups.using(self._compute))
