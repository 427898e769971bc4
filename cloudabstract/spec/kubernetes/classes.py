"""A StorageClass becomes a VolumeClass, a VolumeAttributesClass one of ours of the same name.

Drivers belong to a cluster: the target's own takes their place, told by what the driver is known to
make. Of two default classes the last one counts, as in Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudabstract.model import VolumeAttributesClass, VolumeClass

from ..document import Document
from ..paths import Path
from . import metadata, parameters, storing, volume_sources
from .drafts import Draft
from .lookup import at, items, labels, text, texts
from .neighbours import Neighbours
from .parameters import Parameters
from .remarks import STORAGE, Remark, degrade, note

STATIC = "kubernetes.io/no-provisioner"
DEFAULT = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)
NOTHING = "none of its parameters has a portable meaning"


def is_default(document: Document) -> bool:
    """Whether claims without a class get this one."""
    found = labels(document.raw, "metadata", "annotations")
    return any(found.get(key) == "true" for key in DEFAULT)


def draft(document: Document, near: Neighbours, *, default: bool) -> Draft:
    """The class that this StorageClass is; `default` when it is the one that counts."""
    raw = document.raw
    made = Draft(VolumeClass, metadata.portable(raw, namespaced=False))
    for key in DEFAULT:
        made.metadata.get("annotations", {}).pop(key, None)
    if default:
        made.set("default", True, "metadata", "annotations")
    elif is_default(document):
        message = "another class that comes later is the default one"
        made.remarks.append(degrade("CL003", ("metadata", "annotations"), message))
    name = text(raw, "provisioner")
    found = parameters.of_class(raw, name)
    made.remarks += [*_provisioner(made, name), *found.remarks]
    _performance(made, name, found, shared=document.name in near.shared)
    _encryption(made, found)
    made.remarks += storing.file_system(made, found.get("fsType") or "", found.path("fsType"))
    made.set("replication", found.get("replication"), *found.path("replication"))
    _topologies(made, raw, found)
    for key in ("reclaimPolicy", "volumeBindingMode", "allowVolumeExpansion"):
        made.set(key, at(raw, key), key)
    storing.mount_options(made, texts(raw, "mountOptions"), ("mountOptions",))
    return made


def _provisioner(made: Draft, name: str) -> Iterator[Remark]:
    if name == STATIC:
        made.set("provisioner", name, "provisioner")
    elif name == volume_sources.OWN_DRIVER:
        return
    elif parameters.driver(name) is None:
        message = f"{name[:60]} is a cluster's driver; the target's own takes its place"
        yield degrade(STORAGE, ("provisioner",), message)
    else:
        message = f"the target's own driver takes the place of {name}"
        yield note(STORAGE, ("provisioner",), message)


def _performance(made: Draft, name: str, found: Parameters, *, shared: bool) -> None:
    """A driver that nobody knows makes what claims in the same input ask of it."""
    known = parameters.driver(name) or {"tier": "shared" if shared and name != STATIC else None}
    wanted = {
        "tier": found.get("tier") or known.get("tier"),
        "iops": found.get("iops"),
        "throughput": found.get("throughput"),
    }
    given = {key: value for key, value in wanted.items() if value is not None}
    made.set("performance", given or None, "parameters")
    for key in given:
        made.fields[f"spec.performance.{key}"] = ".".join(map(str, found.path(key)))


def _encryption(made: Draft, found: Parameters) -> None:
    enabled, key = found.get("encrypted"), found.get("key")
    if key and not enabled:
        message = "encryption is not asked for, so the key is not used"
        made.remarks.append(degrade(STORAGE, found.path("key"), message))
        key = None
    if enabled is not None:
        written = {"enabled": enabled, "key": key} if key else {"enabled": enabled}
        made.set("encryption", written, *found.path("encrypted"))


def _topologies(made: Draft, raw: Any, found: Parameters) -> None:
    topologies: list[dict[str, Any]] = []
    for number, term in enumerate(items(raw, "allowedTopologies")):
        topology: dict[str, Any] = {}
        for place, each in enumerate(items(term, "matchLabelExpressions")):
            path: Path = ("allowedTopologies", number, "matchLabelExpressions", place)
            if not storing.add_place(topology, each):
                message = "only zones and regions say where a volume may be"
                made.remarks.append(degrade(STORAGE, path, message))
        if topology:
            topologies.append(topology)
    if topologies:
        made.set("allowedTopologies", topologies, "allowedTopologies")
    elif found.get("zones"):
        made.set("allowedTopologies", [{"zones": found.get("zones")}], *found.path("zones"))


def attributes_draft(document: Document) -> Draft | None:
    """The VolumeAttributesClass, or None when it changes nothing that is portable."""
    raw = document.raw
    name = text(raw, "driverName")
    found = parameters.of_attributes(raw, name)
    given = {
        key: found.get(key) for key in ("tier", "iops", "throughput") if found.get(key) is not None
    }
    if not given:
        return None
    made = Draft(VolumeAttributesClass, metadata.portable(raw, namespaced=False))
    made.set("performance", given, "parameters")
    made.remarks += found.remarks
    if name != volume_sources.OWN_DRIVER:
        message = f"the target's own driver takes the place of {name[:60]}"
        made.remarks.append(note(STORAGE, ("driverName",), message))
    return made
