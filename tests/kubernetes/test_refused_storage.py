"""Volumes, claims, classes, snapshots and endpoints that Kubernetes refuses are refused here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .changing import CLAIM, CLASS, GONE, SNAPSHOT, VOLUME, Changes, Document, changed, fields

SIZE = "spec.resources.requests.storage"
CLAIMS: list[tuple[Changes, str]] = [
    ({"metadata.name": "A"}, "metadata.name"),
    ({"spec": GONE}, "spec.accessModes"),
    ({"spec.accessModes": []}, "spec.accessModes"),
    ({"spec.accessModes": ["RWO"]}, "spec.accessModes[0]"),
    ({"spec.accessModes": ["ReadWriteOncePod", "ReadWriteOnce"]}, "spec.accessModes"),
    ({"spec.resources": GONE}, SIZE),
    ({SIZE: "10GB"}, SIZE),
    ({SIZE: "0"}, SIZE),
    ({SIZE: "-1Gi"}, SIZE),
    ({SIZE: True}, SIZE),
    ({"spec.storageClassName": "A b"}, "spec.storageClassName"),
    ({"spec.volumeAttributesClassName": "A b"}, "spec.volumeAttributesClassName"),
    ({"spec.volumeMode": "block"}, "spec.volumeMode"),
    ({"spec.selector.matchLabels": {"a": "b c"}}, "spec.selector.matchLabels.a"),
    (
        {"spec.selector.matchExpressions.0.operator": "Equals"},
        "spec.selector.matchExpressions[0].operator",
    ),
    ({"spec.selector.matchExpressions.0.values": []}, "spec.selector.matchExpressions[0].values"),
    (
        {"spec.selector.matchExpressions.0.operator": "Exists"},
        "spec.selector.matchExpressions[0].values",
    ),
    ({"spec.dataSource": {"kind": "PersistentVolumeClaim"}}, "spec.dataSource.name"),
    ({"spec.dataSource": {"name": "a"}}, "spec.dataSource.kind"),
    ({"spec.dataSource": {"name": "a", "kind": "VolumeSnapshot"}}, "spec.dataSource.apiGroup"),
    (
        {"spec.dataSource": {"name": "a", "kind": "A", "apiGroup": "a b"}},
        "spec.dataSource.apiGroup",
    ),
    (
        {
            "spec.dataSource": {"name": "a", "kind": "A", "apiGroup": "b"},
            "spec.dataSourceRef": {"name": "c", "kind": "A", "apiGroup": "b"},
        },
        "spec.dataSourceRef",
    ),
    (
        {
            "spec.dataSource": {"name": "a", "kind": "A", "apiGroup": "b"},
            "spec.dataSourceRef": {"name": "a", "kind": "A", "apiGroup": "b", "namespace": "c"},
        },
        "spec.dataSource",
    ),
    ({"spec.size": "1Gi"}, "spec.size"),
]

TERMS = "spec.nodeAffinity.required.nodeSelectorTerms"
VOLUMES: list[tuple[Changes, str]] = [
    ({"spec.capacity": GONE}, "spec.capacity.storage"),
    ({"spec.capacity.storage": "0"}, "spec.capacity.storage"),
    ({"spec.capacity.iops": "1"}, "spec.capacity.iops"),
    ({"spec.accessModes": GONE}, "spec.accessModes"),
    ({"spec.persistentVolumeReclaimPolicy": "Keep"}, "spec.persistentVolumeReclaimPolicy"),
    ({"spec.storageClassName": "A"}, "spec.storageClassName"),
    ({"spec.volumeMode": "Raw"}, "spec.volumeMode"),
    ({"spec.volumeAttributesClassName": ""}, "spec.volumeAttributesClassName"),
    ({"spec.csi": GONE}, "spec"),
    ({"spec.nfs": {"server": "a", "path": "/a"}}, "spec.nfs"),
    ({"spec.csi.driver": ""}, "spec.csi.driver"),
    ({"spec.csi.driver": "a b"}, "spec.csi.driver"),
    ({"spec.csi.volumeHandle": GONE}, "spec.csi.volumeHandle"),
    ({"spec.csi.nodeStageSecretRef.name": "a"}, "spec.csi.nodeStageSecretRef.namespace"),
    ({"spec.nodeAffinity": {}}, "spec.nodeAffinity.required"),
    ({TERMS: []}, "spec.nodeAffinity.required.nodeSelectorTerms"),
    ({f"{TERMS}.0.matchExpressions.0.operator": "in"}, ".matchExpressions[0].operator"),
    ({f"{TERMS}.0.matchExpressions.0.values": []}, ".matchExpressions[0].values"),
    ({f"{TERMS}.0.matchExpressions.0.key": "a b"}, ".matchExpressions[0].key"),
]
SOURCES: list[tuple[str, Document, str]] = [
    ("hostPath", {"path": ""}, "path"),
    ("hostPath", {"path": "/a/../b"}, "path"),
    ("hostPath", {"path": "/a", "type": "Dir"}, "type"),
    ("local", {"path": "/a/.."}, "path"),
    ("nfs", {"server": "a"}, "path"),
    ("nfs", {"server": "", "path": "/a"}, "server"),
    ("nfs", {"server": "a", "path": "a"}, "path"),
    ("awsElasticBlockStore", {"volumeID": ""}, "volumeID"),
    ("gcePersistentDisk", {"pdName": "a", "partition": 256}, "partition"),
    ("iscsi", {"targetPortal": "a", "iqn": "a", "lun": 300}, "lun"),
    ("fc", {"lun": 1, "fsType": "ext4"}, "targetWWNs"),
    ("azureDisk", {"diskName": "a", "diskURI": "b", "cachingMode": "Write"}, "cachingMode"),
    ("azureFile", {"shareName": "a"}, "secretName"),
    ("cephfs", {"monitors": []}, "monitors"),
    ("glusterfs", {"endpoints": "a"}, "path"),
]

CLASSES: list[tuple[Changes, str]] = [
    ({"apiVersion": "storage.k8s.io/v1beta1"}, "apiVersion"),
    ({"provisioner": GONE}, "provisioner"),
    ({"provisioner": ""}, "provisioner"),
    ({"provisioner": "a b"}, "provisioner"),
    ({"reclaimPolicy": "Recycle"}, "reclaimPolicy"),
    ({"volumeBindingMode": "Later"}, "volumeBindingMode"),
    ({"allowVolumeExpansion": "true"}, "allowVolumeExpansion"),
    ({"parameters": {"iops": 3000}}, "parameters.iops"),
    ({"parameters": {str(number): "" for number in range(513)}}, "parameters"),
    ({"allowedTopologies.0.matchLabelExpressions.0.values": []}, "values"),
    ({"spec": {}}, "spec"),
]
SNAPSHOTS: list[tuple[Changes, str]] = [
    ({"spec": GONE}, "spec"),
    ({"spec.source": {}}, "spec.source"),
    ({"spec.source.volumeSnapshotContentName": "b"}, "spec.source"),
    (
        {"spec.source.persistentVolumeClaimName": ""},
        "spec.source.persistentVolumeClaimName",
    ),
    ({"spec.volumeSnapshotClassName": ""}, "spec.volumeSnapshotClassName"),
    ({"spec.snapshotClassName": "a"}, "spec.snapshotClassName"),
]

OTHERS: list[tuple[Document, str]] = [
    (
        {
            "apiVersion": "snapshot.storage.k8s.io/v1",
            "kind": "VolumeSnapshotClass",
            "metadata": {"name": "a"},
            "driver": "a",
            "deletionPolicy": "Keep",
        },
        "deletionPolicy",
    ),
    (
        {
            "apiVersion": "snapshot.storage.k8s.io/v1",
            "kind": "VolumeSnapshotContent",
            "metadata": {"name": "a"},
            "spec": {
                "driver": "a",
                "deletionPolicy": "Delete",
                "source": {"volumeHandle": "a", "snapshotHandle": "b"},
                "volumeSnapshotRef": {"name": "a", "namespace": "b"},
            },
        },
        "spec.source",
    ),
    (
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": "a"},
            "spec": {"controller": "no good"},
        },
        "spec.controller",
    ),
]


def slice_of(**parts: Any) -> Document:
    """An EndpointSlice of IPv4 addresses."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "a"},
        "addressType": "IPv4",
        **parts,
    }


OTHERS += [
    (slice_of(addressType="IP"), "addressType"),
    (slice_of(endpoints=[{"addresses": []}]), "endpoints[0].addresses"),
    (slice_of(endpoints=[{"addresses": ["::1"]}]), "endpoints[0].addresses[0]"),
    (slice_of(endpoints=[{"addresses": ["127.0.0.1"]}]), "endpoints[0].addresses[0]"),
    (
        slice_of(endpoints=[{"addresses": ["10.0.0.1"], "hostname": "a.b"}]),
        "endpoints[0].hostname",
    ),
    (slice_of(endpoints=[{"addresses": ["10.0.0.1"], "ready": True}]), "endpoints[0].ready"),
    (slice_of(ports=[{"port": 70000}]), "ports[0].port"),
    (slice_of(ports=[{"port": 80, "protocol": "HTTP"}]), "ports[0].protocol"),
    (slice_of(ports=[{"name": "a"}, {"name": "a"}]), "ports[1].name"),
]


@pytest.mark.parametrize(
    ("document", "changes", "field"),
    [
        *((CLAIM, *each) for each in CLAIMS),
        *((VOLUME, *each) for each in VOLUMES),
        *((CLASS, *each) for each in CLASSES),
        *((SNAPSHOT, *each) for each in SNAPSHOTS),
    ],
    ids=lambda each: str(each.get("kind", each)) if isinstance(each, dict) else str(each),
)
def test_storage_is_refused_for_the_field_that_is_wrong(
    read: Callable[[str], Any], document: Document, changes: Changes, field: str
) -> None:
    """One thing is changed in a good one, and its field is the first that is named."""
    assert [each[-len(field) :] for each in fields(read, changed(document, changes))][:1] == [field]


@pytest.mark.parametrize(("source", "written", "field"), SOURCES)
def test_what_stands_behind_a_volume_is_looked_at(
    read: Callable[[str], Any], source: str, written: Document, field: str
) -> None:
    """Each source has fields of its own, with rules of their own."""
    document = changed(VOLUME, {"spec.csi": GONE, f"spec.{source}": written})
    assert fields(read, document) == [f"spec.{source}.{field}"]


@pytest.mark.parametrize(("document", "field"), OTHERS)
def test_what_others_are_read_with_is_looked_at(
    read: Callable[[str], Any], document: Document, field: str
) -> None:
    """Nothing is provisioned of it, but addresses and policies come from it."""
    told = read(json.dumps(document))
    assert told.problems == [field]
    assert [each.disposition for each in told.readings] == ["recognised"]
