"""What Kubernetes itself demands of PersistentVolumes and PersistentVolumeClaims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.model import parse_quantity

from .. import hints
from ..paths import Path
from . import metadata, names, rules_sources
from .choices import choice
from .lookup import at, items, mapping, text, texts
from .remarks import Remark

MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


def volume(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this PersistentVolume."""
    yield from metadata.rules(raw, names.wrong_subdomain, namespaced=False)
    spec = mapping(raw, "spec")
    yield from _modes(spec, ("spec",))
    capacity = mapping(spec, "capacity")
    if "storage" not in capacity:
        yield Remark(("spec", "capacity", "storage"), "is required")
    for key in capacity:
        if key != "storage":
            yield Remark(("spec", "capacity", str(key)), "a volume has no capacity but storage")
    yield from size(("spec", "capacity", "storage"), capacity.get("storage"))
    policies = ("Retain", "Delete", "Recycle")
    policy = spec.get("persistentVolumeReclaimPolicy")
    yield from choice(("spec", "persistentVolumeReclaimPolicy"), policy, policies)
    yield from _class_names(spec, ("spec",))
    if at(spec, "volumeAttributesClassName") == "":
        yield Remark(("spec", "volumeAttributesClassName"), "must not be empty", "leave it out")
    yield from rules_sources.rules(spec)


def claim(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this PersistentVolumeClaim."""
    yield from metadata.rules(raw, names.wrong_subdomain)
    yield from claim_spec(mapping(raw, "spec"), ("spec",))


def claim_spec(spec: dict[str, Any], path: Path) -> Iterator[Remark]:
    """The same for its spec, which StatefulSets have too."""
    yield from _modes(spec, path)
    asked = (*path, "resources", "requests", "storage")
    wanted = at(spec, "resources", "requests", "storage")
    if wanted is None:
        yield Remark(asked, "is required")
    yield from size(asked, wanted)
    yield from _class_names(spec, path)
    yield from selector(mapping(spec, "selector"), (*path, "selector"))
    for key in ("dataSource", "dataSourceRef"):
        yield from _origin(mapping(spec, key), (*path, key))
    one, other = at(spec, "dataSource"), mapping(spec, "dataSourceRef")
    if not isinstance(one, dict) or not other:
        return
    if other.get("namespace"):
        message = "cannot stand beside a dataSourceRef with a namespace"
        yield Remark((*path, "dataSource"), message, "leave it out")
    elif any(one.get(key) != other.get(key) for key in ("apiGroup", "kind", "name")):
        yield Remark((*path, "dataSourceRef"), "must say the same as dataSource")


def size(path: Path, written: Any) -> Iterator[Remark]:
    """A remark when `written` is no amount of storage above zero."""
    if not isinstance(written, str | int | float) or isinstance(written, bool):
        return
    try:
        amount = parse_quantity(written if isinstance(written, int) else str(written))
    except ValueError:
        message = f"{names.shown(str(written))} is not a quantity"
        yield Remark(path, message, hints.quantity(str(written)) or "write it as in 10Gi")
    else:
        if amount <= 0:
            yield Remark(path, f"{written} is not greater than 0")


def _modes(spec: dict[str, Any], path: Path) -> Iterator[Remark]:
    modes = texts(spec, "accessModes")
    if not modes:
        yield Remark((*path, "accessModes"), "is required", f"one of {', '.join(MODES)}")
    for number, each in enumerate(modes):
        yield from choice((*path, "accessModes", number), each, MODES)
    if "ReadWriteOncePod" in modes and len(set(modes)) > 1:
        message = "ReadWriteOncePod cannot be combined with other modes"
        yield Remark((*path, "accessModes"), message)
    yield from choice((*path, "volumeMode"), spec.get("volumeMode"), ("Filesystem", "Block"))


def _class_names(spec: dict[str, Any], path: Path) -> Iterator[Remark]:
    for key in ("storageClassName", "volumeAttributesClassName"):
        if (name := text(spec, key)) and (wrong := names.wrong_subdomain(name)):
            yield Remark((*path, key), *wrong)


def selector(written: dict[str, Any], path: Path) -> Iterator[Remark]:
    """Kubernetes' own rules for a label selector."""
    yield from metadata.label_rules(mapping(written, "matchLabels"), (*path, "matchLabels"))
    for number, each in enumerate(items(written, "matchExpressions")):
        here = (*path, "matchExpressions", number)
        operator, values = text(each, "operator"), texts(each, "values")
        yield from choice((*here, "operator"), operator or None, OPERATORS)
        if (key := text(each, "key")) and (wrong := names.wrong_label_key(key)):
            yield Remark((*here, "key"), *wrong)
        if operator in ("In", "NotIn") and not values:
            yield Remark((*here, "values"), f"{operator} needs at least one value")
        if operator in ("Exists", "DoesNotExist") and values:
            yield Remark((*here, "values"), f"{operator} takes no values")
        for place, value in enumerate(values):
            if wrong := names.wrong_label_value(value):
                yield Remark((*here, "values", place), *wrong)


def _origin(source: dict[str, Any], path: Path) -> Iterator[Remark]:
    if not source:
        return
    for key in ("kind", "name"):
        if not source.get(key):
            yield Remark((*path, key), "is required")
    kind = text(source, "kind")
    if kind and kind != "PersistentVolumeClaim" and not source.get("apiGroup"):
        yield Remark((*path, "apiGroup"), f"is required for a {kind[:60]}")
    if (group := text(source, "apiGroup")) and (wrong := names.wrong_subdomain(group)):
        yield Remark((*path, "apiGroup"), *wrong)
    if (space := text(source, "namespace")) and (wrong := names.wrong_label(space)):
        yield Remark((*path, "namespace"), *wrong)
