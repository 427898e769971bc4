"""The metadata of manifests: Kubernetes' rules for it, and what portable metadata becomes of it.

Annotations under `cloudabstract.dev/` are our own: `cloudabstract.dev/spec` holds, as JSON, fields
of the portable spec for which Kubernetes has no words. They replace what the manifest says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from cloudabstract.model.annotations import SPEC

from ..document import Document
from ..paths import Path
from . import names
from .lookup import at, items, labels, mapping, text, texts, whole
from .remarks import CLUSTER, Remark, note

__all__ = ["SPEC", "annotations_of", "label_rules", "own_words", "portable", "rules"]

_ANNOTATIONS_BYTES = 256 * 2**10

# Written by tools about their own work, often long, sometimes with what is nobody's business.
_BOOKKEEPING = frozenset(
    {
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "pv.kubernetes.io/bind-completed",
        "pv.kubernetes.io/bound-by-controller",
        "pv.kubernetes.io/provisioned-by",
        "volume.beta.kubernetes.io/storage-provisioner",
        "volume.kubernetes.io/storage-provisioner",
        "volume.kubernetes.io/selected-node",
    }
)

Wrong = names.Wrong


def rules(
    raw: Any, wrong_name: Callable[[str], Wrong | None], *, namespaced: bool = True
) -> Iterator[Remark]:
    """Kubernetes' own rules for the metadata of one object."""
    name = at(raw, "metadata", "name")
    if not name:
        yield Remark(("metadata", "name"), "is required")
    elif isinstance(name, str) and (wrong := wrong_name(name)):
        yield Remark(("metadata", _origin_of(raw, name)), *wrong)
    namespace = text(raw, "metadata", "namespace")
    if namespace and not namespaced:
        message = "this kind has no namespace, in Kubernetes as here; it is left out"
        yield note(CLUSTER, ("metadata", "namespace"), message)
    elif namespace and (wrong := names.wrong_label(namespace)):
        yield Remark(("metadata", "namespace"), *wrong)
    yield from label_rules(mapping(raw, "metadata", "labels"), ("metadata", "labels"))
    yield from _annotation_rules(raw)
    yield from _cluster_rules(raw)


def _origin_of(raw: Any, name: str) -> str:
    """The field that gives the name."""
    prefix = text(raw, "metadata", "generateName")
    return "generateName" if prefix and name.startswith(prefix) else "name"


def label_rules(found: dict[Any, Any], path: Path) -> Iterator[Remark]:
    """Kubernetes' own rules for a mapping of labels."""
    for key, value in found.items():
        if wrong := names.wrong_label_key(str(key)):
            yield Remark((*path, str(key)), *wrong)
        if isinstance(value, str) and (wrong := names.wrong_label_value(value)):
            yield Remark((*path, str(key)), *wrong)


def _annotation_rules(raw: Any) -> Iterator[Remark]:
    found = labels(raw, "metadata", "annotations")
    path: Path = ("metadata", "annotations")
    for key in found:
        if wrong := names.wrong_label_key(key.lower()):
            yield Remark((*path, key), *wrong)
    if sum(len(key) + len(value) for key, value in found.items()) > _ANNOTATIONS_BYTES:
        yield Remark(path, f"the annotations have more than {_ANNOTATIONS_BYTES // 2**10} KiB")


def _cluster_rules(raw: Any) -> Iterator[Remark]:
    """What a cluster writes there has rules as well."""
    for number, each in enumerate(texts(raw, "metadata", "finalizers")):
        if wrong := names.wrong_label_key(each):
            message = f"{names.shown(each)} cannot be the name of a finalizer"
            yield Remark(("metadata", "finalizers", number), message, wrong[1])
    if (whole(raw, "metadata", "generation") or 0) < 0:
        yield Remark(("metadata", "generation"), "must not be less than 0")
    path: Path = ("metadata", "ownerReferences")
    owners = items(raw, "metadata", "ownerReferences")
    for number, each in enumerate(owners):
        for key in ("apiVersion", "kind", "name", "uid"):
            if at(each, key) == "":
                yield Remark((*path, number, key), "must not be empty")
    if sum(at(each, "controller") is True for each in owners) > 1:
        yield Remark(path, "one owner is the controller, not several")


def portable(raw: Any, *, namespaced: bool = True) -> dict[str, Any]:
    """The `metadata` of the portable resource: name, namespace, labels, annotations."""
    kept = {
        key: value
        for key, value in labels(raw, "metadata", "annotations").items()
        if key not in _BOOKKEEPING and key != SPEC and names.wrong_label_key(key) is None
    }
    namespace = text(raw, "metadata", "namespace")
    written: dict[str, Any] = {"name": text(raw, "metadata", "name")}
    if namespaced and namespace:
        written["namespace"] = namespace
    for key, value in (("labels", labels(raw, "metadata", "labels")), ("annotations", kept)):
        if value:
            written[key] = value
    return written


def left_out(raw: Any) -> Iterator[Remark]:
    """A note for what does not stay with the resource."""
    for key in annotations_of(raw):
        if key in _BOOKKEEPING:
            message = "is a cluster's own bookkeeping; it is left out"
            yield note(CLUSTER, ("metadata", "annotations", key), message)
    if text(raw, "metadata", "generateName"):
        message = f"the name is {text(raw, 'metadata', 'name')} each time, not another one"
        yield note(CLUSTER, ("metadata", "generateName"), message)


def own_words(document: Document) -> tuple[dict[str, Any], list[Remark]]:
    """Portable fields from the annotation `cloudabstract.dev/spec`, and what is wrong with it."""
    written = labels(document.raw, "metadata", "annotations").get(SPEC)
    if written is None:
        return {}, []
    path: Path = ("metadata", "annotations", SPEC)
    try:
        spec = json.loads(written)
    except (ValueError, RecursionError):
        spec = None
    if not isinstance(spec, dict):
        return {}, [Remark(path, "is not a JSON object", 'such as {"connectionDraining": "60s"}')]
    return spec, []


def annotations_of(raw: Any) -> dict[str, str]:
    """All annotations of a manifest."""
    return labels(raw, "metadata", "annotations")
