"""Notes about endpoint groups, where they are used: in backend services.

Nothing of a group can be written on once it exists, and who is in it is told one group a call. But
services have descriptions, and so has each of their backends, which is a group; lists show them. So
the owner of a group that changed hands is noted in the description of its service, and a digest of
its members in that of the backend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cloudabstract_gcp import places, surface
from cloudabstract_gcp.calls import Compute, Json
from cloudabstract_gcp.descriptions import NOTES, Description
from cloudabstract_gcp.operations import Unfinished
from cloudabstract_gcp.surface import Location

NOTED = f'description : "{NOTES}"'  # filter for services with notes
Edit = Callable[[Description], Description]


def noted(told: Json) -> dict[str, Description]:
    """Group -> what is said of it, in Google's JSON of a service."""
    return {
        places.relative(each["group"]): Description.read(str(each.get("description", "")))
        for each in told.get("backends", ())
    }


def marks(compute: Compute) -> dict[str, Mapping[str, str]]:
    """Group -> the mark that a service notes of it; one list of the services that have notes."""
    found: dict[str, Mapping[str, str]] = {}
    for _, told in compute.everywhere(surface.BACKEND_SERVICES, NOTED).items:
        found |= Description.read(str(told.get("description", ""))).notes
    return found


def using(compute: Compute, link: str) -> Iterator[Json]:
    """Every service with the group `link` as a backend."""
    for _, told in compute.everywhere(surface.BACKEND_SERVICES).items:
        if link in noted(told):
            yield told


def note(compute: Compute, unfinished: Unfinished, service: str, link: str, edit: Edit) -> bool:
    """Change what `service` says of the group `link`, and wait until it is so. Raises CallFailed.

    False when the service does not use the group.
    """
    at = Location.of(surface.BACKEND_SERVICES, service)
    with unfinished.alone(at.link(compute.project)):
        told = compute.get(at)
        said = noted(told).get(link)
        if said is None:
            return False
        text = edit(said).text()
        if text == said.text():
            return True
        backends = [dict(each) for each in told["backends"]]
        for backend in backends:
            if places.relative(backend["group"]) == link:
                backend["description"] = text
        seen = {"fingerprint": told["fingerprint"]} if "fingerprint" in told else {}
        unfinished.finish(compute.write("patch", at, {"backends": backends, **seen}))
    return True
