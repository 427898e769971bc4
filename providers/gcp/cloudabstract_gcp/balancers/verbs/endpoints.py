"""`gcp.endpoints`: who is in an endpoint group. Attaching and detaching, and nothing else.

A registration has no name and no mark: it is its group's, under the group's link. Its verbs wait on
Google's side, for it is ready when the members are. Afterwards they note a digest of the members in
the backend service, at the backend that is this group (recall.py). The note saves calls later; that
it could not be written is no failure.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudabstract.provider import Batch, Found, Wanted
from cloudabstract_gcp import ownership, places, surface
from cloudabstract_gcp.balancers import bounds, kinds, recall
from cloudabstract_gcp.balancers.recall import Members, Recall
from cloudabstract_gcp.calls import Body, Compute, Json
from cloudabstract_gcp.errors import CallFailed
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.surface import Location

from .services import noted

log = logging.getLogger("cloudabstract.gcp")


class EndpointsDriver:
    """The verbs for `gcp.endpoints`. A group without members has no registration."""

    kind = kinds.ENDPOINTS.name

    def __init__(self, compute: Compute, unfinished: Unfinished, known: Recall) -> None:
        self._compute = compute
        self._unfinished = unfinished
        self._recall = known
        self._noting: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def observe(self, batch: Batch) -> Iterable[Found]:
        """The registrations of the groups that were found, and of those with these ids."""
        services = [each.raw for each in batch.used.get(kinds.BACKEND_SERVICE.name, ())]
        groups = {
            each.fields["link"]: each
            for each in batch.used.get(kinds.ENDPOINT_GROUP.name, ())
            if _asked_for(each, batch)
        }
        for link, group in groups.items():
            service, text = _service_of(link, services)
            members = self._recall.read(text, group.raw.get("size"))
            if members is None:
                members = self._members(link)
            if members:
                yield self._found(link, batch.place, service, members, group.labels)
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
        at = Location.of(surface.BACKEND_SERVICES, service)
        with self._noting[service]:
            try:
                told = self._compute.get(at)
                text = recall.note(members)
                if noted(told).get(link, text) == text:
                    return
                for backend in told["backends"]:
                    if places.relative(backend["group"]) == link:
                        backend["description"] = text
                names = ("backends", "fingerprint")
                changed = {name: told[name] for name in names if name in told}
                self._unfinished.finish(self._compute.write("patch", at, changed))
            except CallFailed as failed:
                log.debug("no note of %s: %s", link, failed)

    def _by_id(self, batch: Batch, ids: Iterable[str], services: Iterable[Json]) -> Iterator[Found]:
        for link in sorted(ids):
            members = self._members(link)
            if members:
                told = self._compute.get(Location.of(surface.ENDPOINT_GROUPS, link))
                labels, _ = ownership.described(str(told.get("description", "")))
                service, _ = _service_of(link, services)
                yield self._found(link, batch.place, service, members, labels)

    def _found(
        self, link: str, place: str, service: str, members: Members, labels: Mapping[str, str]
    ) -> Found:
        fields = {"group": link, "service": service, "members": members}
        return Found(self.kind, link, "", place, fields, dict(labels))


def _asked_for(group: Found, batch: Batch) -> bool:
    return group.fields["link"] in batch.ids or batch.takes(group.labels)


def _service_of(link: str, services: Iterable[Json]) -> tuple[str, str]:
    """(link of the service that has the group as a backend, what is noted there)."""
    holding = [(noted(each)[link], each) for each in services if link in noted(each)]
    if not holding:
        return "", ""
    text, told = max(holding, key=lambda each: each[0])
    return places.relative(told["selfLink"]), text


def _sent(member: Mapping[str, Any]) -> Json:
    port = {"port": member["port"]} if member["port"] else {}
    instance = {"instance": places.name_of(member["instance"])} if member["instance"] else {}
    return {**instance, "ipAddress": member["ipAddress"], **port}
