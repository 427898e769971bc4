"""The claims of a StatefulSet: for each template and replica one, `<template>-<set>-<ordinal>`.

The Pods stay in a cluster. A claim that the input has on its own as well is that claim: Kubernetes
uses what is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.model import VolumeClaim

from ..document import Document
from ..paths import Path
from . import claims, metadata, names, rules_volumes, storing
from .drafts import Draft
from .lookup import items, labels, mapping, text, whole
from .neighbours import Neighbours, key_of
from .remarks import STORAGE, Remark, degrade, note, rejects

MOST = 10_000  # claims of one set

NO_CLAIMS = "its Pods run in a cluster, and it has no volumeClaimTemplates"
NO_REPLICAS = "it has no replicas, so no claims"


def stays(raw: Any) -> str:
    """Why nothing of this StatefulSet is provisioned, or ""."""
    if not items(raw, "spec", "volumeClaimTemplates"):
        return NO_CLAIMS
    return NO_REPLICAS if whole(raw, "spec", "replicas") == 0 else ""


def too_many(raw: Any) -> Iterator[Remark]:
    """A remark when it has more replicas than are ever meant."""
    templates = len(items(raw, "spec", "volumeClaimTemplates"))
    if templates * (whole(raw, "spec", "replicas") or 1) > MOST:
        message = f"more than {MOST} claims come of this"
        yield Remark(("spec", "replicas"), message, "split the set")


def drafts(document: Document, near: Neighbours) -> Iterator[Draft]:
    """The claims of all replicas."""
    raw = document.raw
    replicas = whole(raw, "spec", "replicas")
    first = whole(raw, "spec", "ordinals", "start") or 0
    made: set[tuple[str, str]] = set()
    for ordinal in range(first, first + (1 if replicas is None else replicas)):
        for number, template in enumerate(items(raw, "spec", "volumeClaimTemplates")):
            if claims.stays(template) or unmade(template):
                continue
            name = f"{text(template, 'metadata', 'name')}-{document.name}-{ordinal}"
            key = (key_of(document)[0], name)
            if near.claims.setdefault(key, document) is document and key not in made:
                made.add(key)
                yield _claim(document, mapping(template), name, number)


def unmade(template: Any, path: Path = ()) -> list[Remark]:
    """Why no claim comes of `template`, though a cluster takes the set: it looks at claims late."""
    return [
        degrade(STORAGE, (*path, *each.path), f"{each.message}; no claim is made", each.remedy)
        for each in rules_volumes.claim(template)
        if rejects([each])
    ]


def _claim(document: Document, template: dict[str, Any], name: str, number: int) -> Draft:
    raw = document.raw
    written = metadata.portable({"metadata": {**mapping(template, "metadata"), "name": name}})
    written.pop("namespace", None)
    written.get("annotations", {}).pop(storing.CLASS, None)
    if document.namespace:
        written["namespace"] = document.namespace
    selected = labels(raw, "spec", "selector", "matchLabels")
    if selected:
        written["labels"] = {**written.get("labels", {}), **selected}
    path = ("spec", "volumeClaimTemplates", number)
    made = Draft(VolumeClaim, written)
    made.fields["metadata"] = f"spec.volumeClaimTemplates[{number}].metadata"
    claims.fill(made, template, (*path, "spec"))
    return made


def remarks(document: Document, near: Neighbours) -> Iterator[Remark]:
    """What is to be said about the set as a whole."""
    raw = document.raw
    if metadata.SPEC in metadata.annotations_of(raw):
        annotation = ("metadata", "annotations", metadata.SPEC)
        yield degrade(STORAGE, annotation, "of several claims it cannot be said which one is meant")
    for number, template in enumerate(items(raw, "spec", "volumeClaimTemplates")):
        path = ("spec", "volumeClaimTemplates", number)
        name = f"{text(template, 'metadata', 'name')}-{document.name}-0"
        yield from claims.stays(template, (*path, "spec"))
        yield from unmade(template, path)
        if wrong := names.wrong_subdomain(name):
            yield Remark((*path, "metadata", "name"), *wrong)
        others = [key for key, owner in near.claims.items() if owner is not document]
        space = key_of(document)[0]
        if any(key[0] == space and key[1].startswith(name[:-1]) for key in others):
            message = "some of these claims are in the input on their own, and are used as they are"
            yield note(STORAGE, path, message)
