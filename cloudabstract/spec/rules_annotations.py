"""Rules for annotations of our own: a misspelt one would be passed over in silence."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from cloudabstract.model import Resource, ResourceKey, weakness
from cloudabstract.model.annotations import (
    DEGRADED,
    DRIFT,
    DRIFTS,
    IGNORE_FIELDS,
    KNOWN,
    MOVED_FROM,
    PREFIX,
    entries,
    origin,
)

from .decode import Complaint

_PATH = ("metadata", "annotations")


def own_annotations_are_known(resource: Resource) -> Iterator[Complaint]:
    """What begins with our prefix is one of ours, and says what it may say."""
    found = resource.metadata.annotations
    for key in found:
        if key.startswith(PREFIX) and key not in KNOWN:
            near = difflib.get_close_matches(key, KNOWN, n=1, cutoff=0.6)
            remedy = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(KNOWN)}"
            yield Complaint((*_PATH, key), f"there is no annotation {key[:80]!r}", remedy)
    if found.get(DRIFT, DRIFTS[0]) not in DRIFTS:
        message = f"{found[DRIFT][:80]!r} is not one of {', '.join(DRIFTS)}"
        yield Complaint((*_PATH, DRIFT), message)
    if IGNORE_FIELDS in found and not entries(found[IGNORE_FIELDS]):
        message = "it names no field"
        yield Complaint((*_PATH, IGNORE_FIELDS), message, "write them as the plan does: size,tier")
    if MOVED_FROM in found:
        yield from _move(resource)
    try:
        weakness.weaknesses(resource.metadata)
    except ValueError as error:
        yield Complaint((*_PATH, DEGRADED), str(error), "leave the annotation out")


def _move(resource: Resource) -> Iterator[Complaint]:
    path = (*_PATH, MOVED_FROM)
    try:
        old = origin(resource)
    except ValueError as error:
        yield Complaint(path, str(error), f"write {resource.KIND}/NAME, as it was called before")
        return
    if old == resource.key:
        yield Complaint(path, "this is its own name", "leave the annotation out")


def moves_lead_from_what_is_gone(
    resources: Sequence[Resource],
) -> Iterator[tuple[ResourceKey, Complaint]]:
    """A resource cannot have become another and still be there, nor two others."""
    movers = [each for each in resources if MOVED_FROM in each.metadata.annotations]
    present = {each.key for each in resources} if movers else set()
    taken: dict[ResourceKey, ResourceKey] = {}
    for each in movers:
        path = (*_PATH, MOVED_FROM)
        try:
            old = origin(each)
        except ValueError:
            continue
        if old is None or old == each.key:
            continue
        if old in present:
            remedy = "take the annotation off, once the move was applied; or rename the other"
            yield each.key, Complaint(path, f"{old} is still in the spec", remedy)
        elif taken.setdefault(old, each.key) != each.key:
            yield each.key, Complaint(path, f"{old} has become {taken[old]} already")
