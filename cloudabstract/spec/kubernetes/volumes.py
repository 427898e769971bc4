"""A PersistentVolume becomes a Volume; volume_sources.py tells what is behind it."""

from __future__ import annotations

from typing import Any

from cloudabstract.model import Volume

from ..document import Document
from ..paths import Path
from . import metadata, names, storing, volume_sources
from .drafts import Draft
from .lookup import at, items, mapping, text, texts
from .remarks import STORAGE, Remark, degrade, note
from .rules_sources import sources_of


def draft(document: Document) -> Draft:
    """The volume that this PersistentVolume stands for."""
    raw = document.raw
    spec = mapping(raw, "spec")
    made = Draft(Volume, metadata.portable(raw, namespaced=False))
    capacity = at(spec, "capacity", "storage")
    made.set("capacity", {"storage": storing.quantity(capacity)}, "spec", "capacity")
    made.set("accessModes", storing.unique(texts(spec, "accessModes")), "spec", "accessModes")
    name = storing.class_name(raw)
    made.set("volumeClassName", name, *storing.class_path(raw))
    _policy(made, text(spec, "persistentVolumeReclaimPolicy"))
    made.set("volumeMode", text(spec, "volumeMode") or None, "spec", "volumeMode")
    _claim_ref(made, mapping(spec, "claimRef"))
    topology, remarks = _topology(spec)
    made.set("topology", topology or None, "spec", "nodeAffinity")
    made.remarks += remarks
    for source in sources_of(spec)[:1]:
        made.remarks += volume_sources.read(made, source, mapping(spec, source))
    storing.mount_options(made, texts(spec, "mountOptions"), ("spec", "mountOptions"))
    return made


def _policy(made: Draft, written: str) -> None:
    path = ("spec", "persistentVolumeReclaimPolicy")
    if written == "Recycle":
        message = "volumes are not emptied and used again; this one is retained"
        made.remarks.append(degrade(STORAGE, path, message, "use Retain or Delete"))
        written = "Retain"
    made.set("reclaimPolicy", written or None, *path)


def _claim_ref(made: Draft, written: dict[str, Any]) -> None:
    wrong = [
        key
        for key, rule in (("name", names.wrong_subdomain), ("namespace", names.wrong_label))
        if text(written, key) and rule(written[key])
    ]
    if wrong:
        message = f"no claim can be called so: {names.shown(written[wrong[0]])}; it is left out"
        made.remarks.append(degrade(STORAGE, ("spec", "claimRef", wrong[0]), message))
    elif text(written, "name"):
        reference = {"name": written["name"]}
        if text(written, "namespace"):
            reference["namespace"] = written["namespace"]
        made.set("claimRef", reference, "spec", "claimRef")


def _topology(spec: Any) -> tuple[dict[str, Any], list[Remark]]:
    found: dict[str, Any] = {}
    remarks = []
    terms = items(spec, "nodeAffinity", "required", "nodeSelectorTerms")
    for number, term in enumerate(terms):
        path: Path = ("spec", "nodeAffinity", "required", "nodeSelectorTerms", number)
        for place, each in enumerate(items(term, "matchExpressions")):
            here = (*path, "matchExpressions", place)
            used = text(each, "operator") == "In" and storing.add_place(found, each)
            if not used:
                message = "only zones and regions say where a volume is; this is a cluster's nodes"
                remarks.append(note(STORAGE, here, message))
        if items(term, "matchFields"):
            message = "nodes by name have no meaning outside of their cluster"
            remarks.append(note(STORAGE, (*path, "matchFields"), message))
    return found, remarks
