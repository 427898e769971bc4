"""A PersistentVolumeClaim becomes a VolumeClaim, and so do the claims of a StatefulSet.

A claim that something fills which only a cluster can run (a volume populator, a source in another
namespace) is not provisioned: an empty volume in its place would be taken for the data.
"""

from __future__ import annotations

from typing import Any

from cloudabstract.model import VolumeClaim

from ..document import Document
from ..paths import Path
from . import metadata, names, storing
from .drafts import Draft
from .lookup import at, labels, mapping, text, texts
from .remarks import STORAGE, Remark, degrade, note

SHARED = "shared"  # the class that every target has for this
_SOURCES = {
    ("snapshot.storage.k8s.io", "VolumeSnapshot"): "VolumeSnapshot",
    ("", "PersistentVolumeClaim"): "VolumeClaim",
}


def stays(raw: Any, path: Path = ("spec",)) -> list[Remark]:
    """Why the claim is not provisioned: where its data comes from. Empty when it is."""
    for key in ("dataSourceRef", "dataSource"):
        source = mapping(raw, "spec", key)
        if source and _portable(source) is None:
            what = f"{text(source, 'kind')} {text(source, 'name')}"
            message = f"only a cluster can fill a volume from {what[:80]}; the claim is left out"
            return [degrade("CL004", (*path, key), message, "use a snapshot or a claim")]
    named = text(raw, "spec", "volumeName")
    if named and names.wrong_subdomain(named):
        message = f"no volume can be called {names.shown(named)}; the claim waits for ever"
        return [degrade("CL001", (*path, "volumeName"), message, "name one that exists")]
    return []


def draft(document: Document) -> Draft:
    """The claim that this PersistentVolumeClaim is."""
    made = Draft(VolumeClaim, metadata.portable(document.raw))
    if made.metadata.get("annotations", {}).pop(storing.CLASS, None) is not None:
        made.fields["spec.volumeClassName"] = "metadata.annotations"
    fill(made, document.raw, ("spec",))
    return made


def fill(made: Draft, raw: Any, path: Path) -> None:
    """Give the draft what the spec of a claim says; `path` is where it stands."""
    spec = mapping(raw, "spec")
    modes = storing.unique(texts(spec, "accessModes"))
    made.set("accessModes", modes, *path, "accessModes")
    wanted = storing.quantity(at(spec, "resources", "requests", "storage"))
    made.set("resources", {"requests": {"storage": wanted}}, *path, "resources")
    name = storing.class_name(raw)
    where = (*path, "storageClassName") if path != ("spec",) else storing.class_path(raw)
    if name is None and storing.is_shared(spec) and not _names_a_volume(spec):
        name, where = SHARED, (*path, "accessModes")
        message = f"several writers need a class that can be shared; {SHARED!r} is"
        made.remarks.append(note(STORAGE, where, message))
    made.set("volumeClassName", name, *where)
    made.set("volumeName", text(spec, "volumeName") or None, *path, "volumeName")
    made.set("volumeMode", text(spec, "volumeMode") or None, *path, "volumeMode")
    attributes = text(spec, "volumeAttributesClassName") or None
    made.set("volumeAttributesClassName", attributes, *path, "volumeAttributesClassName")
    if isinstance(at(spec, "selector"), dict):
        made.set("selector", selector(spec["selector"]), *path, "selector")
    key = "dataSourceRef" if mapping(spec, "dataSourceRef") else "dataSource"
    source = mapping(spec, key)
    made.set("dataSource", _portable(source) if source else None, *path, key)
    if mapping(spec, "resources", "limits"):
        message = "a claim asks for a size; there is no upper limit to it here"
        made.remarks.append(note(STORAGE, (*path, "resources", "limits"), message))


def _names_a_volume(spec: dict[str, Any]) -> bool:
    """Whether only volumes that exist will do."""
    return bool(spec.get("volumeName")) or isinstance(spec.get("selector"), dict)


def selector(written: dict[str, Any]) -> dict[str, Any]:
    """A label selector, without what is empty."""
    found: dict[str, Any] = {}
    if labels(written, "matchLabels"):
        found["matchLabels"] = labels(written, "matchLabels")
    expressions = [mapping(each) for each in written.get("matchExpressions") or ()]
    if expressions:
        found["matchExpressions"] = [
            {key: value for key, value in each.items() if value} for each in expressions
        ]
    return found


def _portable(source: dict[str, Any]) -> dict[str, str] | None:
    """The data source in portable words, or None when there are none for it."""
    if source.get("namespace") or names.wrong_subdomain(text(source, "name")):
        return None
    kind = _SOURCES.get((text(source, "apiGroup"), text(source, "kind")))
    return {"kind": kind, "name": text(source, "name")} if kind else None
