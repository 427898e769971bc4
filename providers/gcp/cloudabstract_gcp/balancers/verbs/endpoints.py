"""`gcp.endpoints`: who is in an endpoint group. Attaching and detaching, and nothing else.

A registration has no name and no mark: it is its group's, under the group's link. Its verbs wait on
Google's side, for it is ready when the members are. Afterwards they note a digest of the members
where the group is used (recall.py, groups.py). The note saves calls later; that it could not be
written is no failure. A batch that asks `closely` reads the members of every group.

The health of members is told, in field `health`, where it costs little: for a few groups, and
closely.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cloudabstract.provider import Batch, Found, Wanted
from cloudabstract_gcp import places, surface
from cloudabstract_gcp.balancers import bounds, kinds, recall
from cloudabstract_gcp.balancers.recall import NOTE, Members, Recall
from cloudabstract_gcp.balancers.verbs import groups as noting
from cloudabstract_gcp.calls import Body, Compute, Json
from cloudabstract_gcp.descriptions import Description, owner_of
from cloudabstract_gcp.errors import CallFailed
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.surface import Location

log = logging.getLogger("cloudabstract.gcp")
_FEW = 4  # groups whose members' health is asked for in every look, a call each
_ASKED = "ResourceGroupReference"


class EndpointsDriver:
    """The verbs for `gcp.endpoints`. A group without members has no registration."""

    kind = kinds.ENDPOINTS.name

    def __init__(self, compute: Compute, unfinished: Unfinished, known: Recall) -> None:
        self._compute = compute
        self._unfinished = unfinished
        self._recall = known

    def observe(self, batch: Batch) -> Iterable[Found]:
        """The registrations of the groups that were found, and of those with these ids."""
        services = [each.raw for each in batch.used.get(kinds.BACKEND_SERVICE.name, ())]
        groups = {
            each.fields["link"]: each
            for each in batch.used.get(kinds.ENDPOINT_GROUP.name, ())
            if _asked_for(each, batch)
        }
        cheap = batch.closely or len(groups) <= _FEW
        for link, group in groups.items():
            service, said = _service_of(link, services)
            members = None
            if not batch.closely:
                members = self._recall.read(said.notes.get(NOTE, ""), group.raw.get("size"))
            if members is None:
                members = self._members(link)
            if members:
                found = self._found(link, batch.place, service, members, group.labels)
                yield self._with_health(found) if cheap and service else found
        yield from self._by_id(batch, batch.ids - groups.keys(), services)

    def create(self, wanted: Wanted) -> Found:
        """Make the wanted members the group's members."""
        return self._set(wanted.place, wanted.fields, wanted.labels)

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """The same, for other members, or to note them at another service."""
        return self._set(found.place, {**found.fields, **fields}, found.labels)

    def delete(self, found: Found) -> None:
        """Detach all members."""
        link = found.fields["group"]
        try:
            self._send("detach", link, self._members(link))
        except CallFailed as failed:
            if not failed.missing:
                raise

    def _set(self, place: str, fields: Mapping[str, Any], labels: Mapping[str, str]) -> Found:
        link, members = fields["group"], [dict(each) for each in fields["members"]]
        there = self._members(link)
        self._send("attach", link, [each for each in members if each not in there])
        self._send("detach", link, [each for each in there if each not in members])
        self._note(fields["service"], link, members)
        return self._found(link, place, fields["service"], members, labels)

    def _members(self, link: str) -> Members:
        """The members of a group, sorted. Empty when the group is gone."""
        at = Location.of(surface.ENDPOINT_GROUPS, link)
        body = Body("NetworkEndpointGroupsListEndpointsRequest", {"healthStatus": "SKIP"})
        try:
            told = list(self._compute.ask("list_network_endpoints", at, body))
        except CallFailed as failed:
            if failed.missing:
                return []
            raise
        members = [self._member(at, each["networkEndpoint"]) for each in told]
        return sorted(members, key=lambda each: tuple(each.values()))

    def _member(self, at: Location, told: Json) -> dict[str, Any]:
        name = places.name_of(told.get("instance", ""))
        project = self._compute.project
        instance = places.link(project, at.scope, "instances", name) if name else ""
        port = int(told.get("port", 0))
        return {"instance": instance, "ipAddress": told.get("ipAddress", ""), "port": port}

    def _send(self, verb: str, link: str, members: Members) -> None:
        """Attach or detach, as many at once as Google takes, and wait until it is done."""
        at = Location.of(surface.ENDPOINT_GROUPS, link)
        most = bounds.most("endpoints_of_a_call")
        for start in range(0, len(members), most):
            content = {"networkEndpoints": [_sent(each) for each in members[start : start + most]]}
            body = Body(f"NetworkEndpointGroups{verb.capitalize()}EndpointsRequest", content)
            operation = self._compute.write(f"{verb}_network_endpoints", at, body)
            self._unfinished.finish(operation)

    def _note(self, service: str, link: str, members: Members) -> None:
        try:
            text = recall.note(members)
            edit = partial(Description.noted, key=NOTE, note=text)
            noting.note(self._compute, self._unfinished, service, link, edit)
        except CallFailed as failed:
            log.debug("no note of %s: %s", link, failed)

    def _with_health(self, found: Found) -> Found:
        """`found` with what its service thinks of the members. A question that fails tells nothing.

        `health`: address, or address and port -> HEALTHY, UNHEALTHY ...
        """
        at = Location.of(surface.BACKEND_SERVICES, found.fields["service"])
        group = places.absolute(found.fields["group"])
        seen: dict[str, str] = {}
        try:
            told = list(self._compute.ask("get_health", at, Body(_ASKED, {"group": group})))
        except CallFailed as failed:
            log.debug("no health of %s: %s", found.id, failed)
            return found
        for each in (one for answer in told for one in answer.get("healthStatus", ())):
            address, state = str(each.get("ipAddress", "")), str(each.get("healthState", ""))
            seen[f"{address}:{each.get('port', 0)}"] = seen[address] = state
        return replace(found, fields={**found.fields, "health": seen})

    def _by_id(self, batch: Batch, ids: Iterable[str], services: Iterable[Json]) -> Iterator[Found]:
        """Of groups that are not ours, or not any more: their owner says whose these are."""
        wanted = sorted(ids)
        noted = noting.marks(self._compute) if wanted else {}
        for link in wanted:
            members = self._members(link)
            if members:
                told = self._compute.get(Location.of(surface.ENDPOINT_GROUPS, link))
                born = Description.read(str(told.get("description", ""))).mark
                labels, _ = owner_of(noted.get(link, born))
                service, _ = _service_of(link, services)
                yield self._found(link, batch.place, service, members, labels)

    def _found(
        self, link: str, place: str, service: str, members: Members, labels: Mapping[str, str]
    ) -> Found:
        fields = {"group": link, "service": service, "members": members}
        return Found(self.kind, link, "", place, fields, dict(labels))


def _asked_for(group: Found, batch: Batch) -> bool:
    return group.fields["link"] in batch.ids or batch.takes(group.labels)


def _service_of(link: str, services: Iterable[Json]) -> tuple[str, Description]:
    """(link of the service that has the group as a backend, what is said of it there)."""
    holding = [(its[link], each) for each in services if link in (its := noting.noted(each))]
    if not holding:
        return "", Description()
    said, told = max(holding, key=lambda each: str(each[0].notes.get(NOTE, "")))
    return places.relative(told["selfLink"]), said


def _sent(member: Mapping[str, Any]) -> Json:
    port = {"port": member["port"]} if member["port"] else {}
    instance = {"instance": places.name_of(member["instance"])} if member["instance"] else {}
    return {**instance, "ipAddress": member["ipAddress"], **port}
