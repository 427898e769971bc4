"""Volumes, claims, classes and snapshots as the kinds that Kubernetes has for them."""

from __future__ import annotations

from typing import Any

from cloudabstract.model import Resource

from ..lookup import mapping
from ..volume_sources import NEW
from .manifests import OWN_DRIVER, Manifest, Shelf, filled, manifest

Spec = dict[str, Any]

_ZONE, _REGION = "topology.kubernetes.io/zone", "topology.kubernetes.io/region"
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_RETAINED = "cloudabstract-retained"
_CLAIM_SOURCES = {
    "VolumeSnapshot": {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot"},
    "VolumeClaim": {"kind": "PersistentVolumeClaim"},
}


def volume(resource: Resource, spec: Spec, shelf: Shelf) -> list[Manifest]:
    """A Volume as a PersistentVolume."""
    handle = spec.get("externalRef") or resource.metadata.name
    attributes = None if "externalRef" in spec else {NEW: "true"}
    source = filled(
        driver=OWN_DRIVER,
        volumeHandle=handle,
        fsType=spec.get("fsType"),
        volumeAttributes=attributes,
    )
    terms = [{"matchExpressions": _expressions(mapping(spec, "topology"), "operator")}]
    affinity = {"required": {"nodeSelectorTerms": terms}} if "topology" in spec else None
    wanted = filled(
        capacity=spec["capacity"],
        accessModes=spec["accessModes"],
        storageClassName=spec.get("volumeClassName"),
        persistentVolumeReclaimPolicy=spec.get("reclaimPolicy"),
        volumeMode=spec.get("volumeMode"),
        mountOptions=spec.get("mountOptions"),
        claimRef=spec.get("claimRef"),
        nodeAffinity=affinity,
        csi=source,
    )
    return [manifest(resource, "v1", "PersistentVolume", spec=wanted)]


def _expressions(topology: Spec, *operator: str) -> list[Spec]:
    found = []
    for key, name in ((_REGION, "region"), (_ZONE, "zones")):
        value = topology.get(name)
        if value:
            values = [value] if isinstance(value, str) else value
            found.append({"key": key, **dict.fromkeys(operator, "In"), "values": values})
    return found


def claim(resource: Resource, spec: Spec, shelf: Shelf) -> list[Manifest]:
    """A VolumeClaim as a PersistentVolumeClaim."""
    source = mapping(spec, "dataSource")
    known = _CLAIM_SOURCES.get(source.get("kind", ""))
    keys = ("accessModes", "resources", "volumeName", "selector", "volumeMode")
    wanted = {key: spec.get(key) for key in (*keys, "volumeAttributesClassName")}
    if known:
        wanted["dataSource"] = {**known, "name": source["name"]}
    filled_in = filled(**wanted)
    if spec.get("volumeClassName") is not None:
        filled_in["storageClassName"] = spec["volumeClassName"]  # "" says something
    return [manifest(resource, "v1", "PersistentVolumeClaim", spec=filled_in)]


def volume_class(resource: Resource, spec: Spec, shelf: Shelf) -> list[Manifest]:
    """A VolumeClass as a StorageClass."""
    performance, encryption = mapping(spec, "performance"), mapping(spec, "encryption")
    parameters = {
        **performance,
        "encrypted": encryption.get("enabled"),
        "key": encryption.get("key"),
        "replication": spec.get("replication"),
        "csi.storage.k8s.io/fstype": spec.get("fsType"),
    }
    places = [
        {"matchLabelExpressions": _expressions(each)} for each in spec.get("allowedTopologies", ())
    ]
    made = manifest(
        resource,
        "storage.k8s.io/v1",
        "StorageClass",
        provisioner=spec.get("provisioner") or OWN_DRIVER,
        parameters=_texts(parameters),
        reclaimPolicy=spec.get("reclaimPolicy"),
        volumeBindingMode=spec.get("volumeBindingMode"),
        allowVolumeExpansion=spec.get("allowVolumeExpansion"),
        mountOptions=spec.get("mountOptions"),
        allowedTopologies=places,
    )
    if spec.get("default"):
        kept = made["metadata"].get("annotations", {})
        made["metadata"]["annotations"] = {**kept, _DEFAULT: "true"}
    return [made]


def attributes_class(resource: Resource, spec: Spec, shelf: Shelf) -> list[Manifest]:
    """A VolumeAttributesClass as the kind of the same name."""
    parameters = _texts(mapping(spec, "performance"))
    api_version, kind = "storage.k8s.io/v1", "VolumeAttributesClass"
    return [manifest(resource, api_version, kind, driverName=OWN_DRIVER, parameters=parameters)]


def _texts(parameters: Spec) -> dict[str, str]:
    """Parameters are text, numbers and truth values too."""
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in parameters.items()
        if value is not None
    }


def snapshot(resource: Resource, spec: Spec, shelf: Shelf) -> list[Manifest]:
    """A VolumeSnapshot; one that is retained needs a class that says so."""
    if "claim" not in spec["source"]:
        return []  # Kubernetes takes snapshots of claims only
    retained = spec.get("deletionPolicy") == "Retain"
    wanted = filled(
        source={"persistentVolumeClaimName": spec["source"]["claim"]},
        volumeSnapshotClassName=_RETAINED if retained else None,
    )
    version = "snapshot.storage.k8s.io/v1"
    made = [manifest(resource, version, "VolumeSnapshot", spec=wanted)]
    if retained:
        kind = {"apiVersion": version, "kind": "VolumeSnapshotClass"}
        parts = {"driver": OWN_DRIVER, "deletionPolicy": "Retain"}
        made.append({**kind, "metadata": {"name": _RETAINED}, **parts})
    return made
