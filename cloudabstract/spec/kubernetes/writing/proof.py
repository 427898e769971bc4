"""Manifests are read back, and corrected until they say exactly what they were written for.

resources --write--> manifests --read--> resources'
a field that differs goes into our own annotation; what still differs is written as ours
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cloudabstract.model import Resource, ResourceKey, wire
from cloudabstract.model.annotations import DEGRADED

from ...document import Document
from ..frontend import Kubernetes
from . import services, storage
from .manifests import Manifest, Shelf, Writer, annotated, full, sparse

_WRITERS: dict[str, Writer] = {
    "LoadBalancer": services.balancer,
    "Volume": storage.volume,
    "VolumeClaim": storage.claim,
    "VolumeClass": storage.volume_class,
    "VolumeAttributesClass": storage.attributes_class,
    "VolumeSnapshot": storage.snapshot,
}


def documents(resources: Iterable[Resource]) -> list[dict[str, Any]]:
    """The documents that stand for `resources`, in their order."""
    wanted = list(resources)
    shelf = Shelf({})
    written = [_written(each, shelf) for each in wanted]
    written = _corrected(wanted, written)
    while any(wrong := _wrong(wanted, written)):
        written = [[] if is_wrong else each for each, is_wrong in zip(written, wrong, strict=True)]
    found: list[dict[str, Any]] = []
    for resource, each in zip(wanted, written, strict=True):
        found += [one for one in each if one not in found] or [wire.to_document(resource)]
    return found


def _written(resource: Resource, shelf: Shelf) -> list[Manifest]:
    """The manifests of one resource, the one that stands for it first; none without a kind."""
    writer = _WRITERS.get(resource.KIND)
    return writer(resource, sparse(resource), shelf) if writer else []


def _corrected(wanted: Sequence[Resource], written: list[list[Manifest]]) -> list[list[Manifest]]:
    """The manifests with annotations for what they could not say."""
    said = _read(written)
    corrected = []
    for resource, manifests in zip(wanted, written, strict=True):
        other = said.get(resource.key)
        overlay = _difference(resource, other) if manifests else {}
        first = [annotated(manifests[0], overlay)] if overlay else manifests[:1]
        corrected.append(first + manifests[1:])
    return corrected


def _difference(resource: Resource, other: Resource | None) -> dict[str, Any]:
    """The fields of the spec that `other` does not say, or says otherwise; null is the default."""
    short, mine = sparse(resource), full(resource)
    if other is None:
        return short
    theirs = full(other)
    return {
        key: short.get(key, mine.get(key))
        for key in {**mine, **theirs}
        if mine.get(key) != theirs.get(key)
    }


def _wrong(wanted: Sequence[Resource], written: list[list[Manifest]]) -> list[bool]:
    """Which manifests do not read back as what they stand for."""
    said = _read(written, weakened=False)
    return [
        bool(manifests) and said.get(resource.key) != resource
        for resource, manifests in zip(wanted, written, strict=True)
    ]


def _read(written: list[list[Manifest]], *, weakened: bool = True) -> dict[ResourceKey, Resource]:
    """What the manifests say; without `weakened` nothing of which a part is not honoured."""
    found = [Document("", each, number) for number, each in enumerate(_flat(written))]
    readings = Kubernetes().read(found)
    return {
        resource.key: resource
        for each in readings
        if not each.problems
        for resource in each.resources
        if weakened or not each.degraded or DEGRADED in resource.metadata.annotations
    }


def _flat(written: list[list[Manifest]]) -> list[Manifest]:
    return [one for each in written for one in each]
