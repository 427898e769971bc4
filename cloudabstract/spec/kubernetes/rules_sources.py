"""What Kubernetes demands of what stands behind a PersistentVolume, and of the nodes near it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from ..paths import Path
from . import names, structure
from .choices import between, choice
from .lookup import at, is_empty, items, mapping, text, texts
from .remarks import Remark

_NOT_A_SOURCE = frozenset(
    {"accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity"}
    | {"persistentVolumeReclaimPolicy", "storageClassName", "volumeAttributesClassName"}
    | {"volumeMode"}
)
_HOST_PATHS = (
    *("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File"),
    *("Socket", "CharDevice", "BlockDevice"),
)
_WORDS = {
    ("hostPath", "type"): _HOST_PATHS,
    ("azureDisk", "cachingMode"): ("None", "ReadOnly", "ReadWrite"),
    ("azureDisk", "kind"): ("Shared", "Dedicated", "Managed"),
}
_BYTES = (
    ("gcePersistentDisk", "partition"),
    ("awsElasticBlockStore", "partition"),
    ("iscsi", "lun"),
    ("fc", "lun"),
)
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")


def sources_of(spec: Any) -> list[str]:
    """The fields of a PersistentVolume that say what stands behind it."""
    return [
        str(key)
        for key, value in mapping(spec).items()
        if key not in _NOT_A_SOURCE and isinstance(value, dict)
    ]


def rules(spec: dict[str, Any]) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse the source of a volume."""
    found = sources_of(spec)
    if not found:
        yield Remark(("spec",), "a source is required", "such as csi, nfs or hostPath")
    for each in found[1:]:
        yield Remark(("spec", each), f"a volume has one source; this one has {found[0]}")
    for each in found:
        for key in structure.required(structure.fields_of("PersistentVolumeSpec").get(each, "")):
            if at(spec, each, key) in ("", []):
                yield Remark(("spec", each, key), "is required")
    for steps, words in _WORDS.items():
        yield from choice(("spec", *steps), at(spec, *steps), words)
    for steps in _BYTES:
        yield from between(("spec", *steps), at(spec, *steps), 0, 255)
    yield from _paths(spec)
    yield from _drivers(spec)
    yield from _nodes(spec, found)


def _paths(spec: dict[str, Any]) -> Iterator[Remark]:
    if (path := text(spec, "nfs", "path")) and not path.startswith("/"):
        yield Remark(("spec", "nfs", "path"), "does not start with '/'")
    for each in ("hostPath", "local"):
        if ".." in text(spec, each, "path").split("/"):
            yield Remark(("spec", each, "path"), "must not have '..' in it")
    root = (path := text(spec, "hostPath", "path")) and posixpath.normpath(path) in ("/", "//")
    if root and text(spec, "persistentVolumeReclaimPolicy") == "Recycle":
        message = "the root of a node is not emptied"
        yield Remark(("spec", "persistentVolumeReclaimPolicy"), message)


def _drivers(spec: dict[str, Any]) -> Iterator[Remark]:
    if text(spec, "volumeAttributesClassName") and not mapping(spec, "csi"):
        yield Remark(("spec", "csi"), "is required for a volume with a class of attributes")
    driver = text(spec, "csi", "driver")
    if len(driver) > 63 or (driver and names.wrong_subdomain(driver.lower())):
        yield Remark(("spec", "csi", "driver"), f"{names.shown(driver)} cannot name a driver")
    for key, secret in mapping(spec, "csi").items():
        if str(key).endswith("SecretRef") and isinstance(secret, dict):
            for part in ("name", "namespace"):
                if not secret.get(part):
                    yield Remark(("spec", "csi", str(key), part), "is required")
    channel, ports = mapping(spec, "fc"), ("targetWWNs", "wwids")
    if channel and sum(bool(channel.get(each)) for each in ports) != 1:
        yield Remark(("spec", "fc", "targetWWNs"), "either targetWWNs or wwids is required")


def _nodes(spec: dict[str, Any], found: list[str]) -> Iterator[Remark]:
    path: Path = ("spec", "nodeAffinity")
    if "local" in found and is_empty(spec.get("nodeAffinity")):
        yield Remark(path, "is required for a local volume")
    elif isinstance(spec.get("nodeAffinity"), dict):
        if not isinstance(at(spec, "nodeAffinity", "required"), dict):
            yield Remark((*path, "required"), "is required")
        elif not items(spec, "nodeAffinity", "required", "nodeSelectorTerms"):
            yield Remark((*path, "required", "nodeSelectorTerms"), "is required")
    for number, term in enumerate(items(spec, "nodeAffinity", "required", "nodeSelectorTerms")):
        here = (*path, "required", "nodeSelectorTerms", number)
        for place, each in enumerate(items(term, "matchExpressions")):
            yield from _requirement(each, (*here, "matchExpressions", place))


def _requirement(written: Any, path: Path) -> Iterator[Remark]:
    operator, values = text(written, "operator"), texts(written, "values")
    yield from choice((*path, "operator"), at(written, "operator"), _OPERATORS)
    if (key := text(written, "key")) and (wrong := names.wrong_label_key(key)):
        yield Remark((*path, "key"), *wrong)
    if operator in ("In", "NotIn") and not values:
        yield Remark((*path, "values"), f"{operator} needs at least one value")
    if operator in ("Exists", "DoesNotExist") and values:
        yield Remark((*path, "values"), f"{operator} takes no values")
    if operator in ("Gt", "Lt") and len(values) != 1:
        yield Remark((*path, "values"), f"{operator} takes one value")
