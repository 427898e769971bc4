"""A wide world in no time: what a stack would have made is put into the project as it would stand.

Nothing is called: each part becomes the body of its own insert, and that is put where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cloudabstract.engine.finding import fields
from cloudabstract.model import Resource
from cloudabstract.provider import Found, PartKey, Wanted
from cloudabstract.testing.conformance.story import Story
from cloudabstract_gcp import places
from cloudabstract_gcp.balancers import recall
from cloudabstract_gcp.descriptions import Description
from cloudabstract_gcp.driver import ObjectDriver
from cloudabstract_gcp.session import GcpSession

from .world import PROJECT, REGION

_KIND = {"zone": "zone", "region": "region"}


def planted(told: Story, resources: Iterable[Resource]) -> None:
    """Let all objects of `resources` stand, as if they had been made by the stack of `told`."""
    emulator = told.harness.emulator  # type: ignore[attr-defined]
    session = told.harness.provider().connect()
    assert isinstance(session, GcpSession)
    drivers = session.drivers()
    made: dict[PartKey, Found] = {}
    for named in told.plan(tuple(resources)).desired.parts:
        want = fields.fill(dict(named.part.want), made.get)
        driver = drivers[named.key.kind]
        if not isinstance(driver, ObjectDriver):
            _registered(emulator, want)
            continue
        wanted = Wanted(named.key.kind, named.name, named.place, want, named.labels, "0" * 64)
        scope = driver.scope(wanted)
        body = driver.owned(driver.body(want), wanted) | _standing(named.key.kind, len(made))
        for backend in body.get("backends", ()):
            backend["description"] = ""
        put = emulator.world.put(driver.collection.name, named.name, scope.name, body)
        shown = {**put.fields, "selfLink": put.link, "id": put.id, "name": put.name}
        if scope.name:
            shown[_KIND[scope.level]] = f"projects/{PROJECT}/{scope.path}"
        link = {"link": places.relative(put.link)}
        made[named.key] = Found(
            named.key.kind, put.id, put.name, REGION, {**driver.fields(shown), **link}, {}
        )
    session.close()


def _standing(kind: str, number: int) -> dict[str, Any]:
    if kind == "gcp.address":
        return {"address": f"203.0.{number // 250}.{number % 250 + 1}", "status": "RESERVED"}
    return {}


def _registered(emulator: Any, want: Any) -> None:
    """The members of a group, and the note of them in the service that uses it."""
    record = emulator.world._record(want["group"])
    for each in want["members"]:
        instance = {"instance": f"https://www.googleapis.com/compute/v1/{each['instance']}"}
        port = {"port": each["port"]} if each["port"] else {}
        record.members.append({**instance, "ipAddress": each["ipAddress"], **port, "joined": 0.0})
    service = emulator.world._record(want["service"])
    for backend in service.fields["backends"]:
        if places.relative(backend["group"]) == want["group"]:
            said = Description().noted(recall.NOTE, recall.note(want["members"]))
            backend["description"] = said.text()
