"""What Kubernetes accepts is accepted, however odd, and what is not used of it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .changing import CLAIM, INGRESS, SERVICE, SNAPSHOT, VOLUME, Changes, Document, changed, fields

Read = Callable[[str], Any]
ODD: list[tuple[Document, Changes]] = [
    (SERVICE, {"spec.ports.0.port": 80.0, "spec.ports.0.targetPort": 8080.0}),
    (SERVICE, {"spec.ports.0.targetPort": 0}),
    (SERVICE, {"spec.ports.0.nodePort": 0}),
    (SERVICE, {"spec.loadBalancerSourceRanges": [" 010.0.0.1/8 "]}),
    (SERVICE, {"spec.loadBalancerIP": "anything"}),
    (SERVICE, {"spec.clusterIP": "", "spec.sessionAffinity": None, "spec.externalIPs": None}),
    (SERVICE, {"spec.type": "ClusterIP", "spec.clusterIP": "None", "spec.ports": []}),
    (SERVICE, {"spec.type": "ExternalName", "spec.externalName": "a.example.com."}),
    (SERVICE, {"metadata.ownerReferences": []}),
    (INGRESS, {"metadata.annotations": {"kubernetes.io/ingress.class": "public"}}),
    (INGRESS, {"spec.tls.0.hosts": ["10.0.0.1", "*.example.com"]}),
    (INGRESS, {"spec.tls": [{}]}),
    (INGRESS, {"spec.rules.0.http": None}),
    (CLAIM, {"spec.resources.requests.storage": "100m"}),
    (CLAIM, {"spec.storageClassName": ""}),
    (VOLUME, {"metadata.namespace": "a"}),
    (VOLUME, {"spec.claimRef": {"kind": "PersistentVolumeClaim", "name": "YOUR_CLAIM"}}),
]


@pytest.mark.parametrize(("document", "changes"), ODD, ids=str)
def test_odd_manifests_that_kubernetes_takes(
    read: Read, document: Document, changes: Changes
) -> None:
    """No field of them is refused."""
    assert fields(read, changed(document, changes)) == []


def test_numbers_with_a_zero_before_them_are_octal(read: Read) -> None:
    """Unless they are quoted: then they are text, and no port."""
    text = (
        "{apiVersion: v1, kind: Service, metadata: {name: a},"
        " spec: {type: LoadBalancer, ports: [{port: 0120}]}}"
    )
    assert read(text).document("LoadBalancer/a")["ports"] == [{"port": 80}]
    assert read(text.replace("0120", "'0120'")).problems == ["spec.ports[0].port"]


def test_a_name_that_a_cluster_would_make_up(read: Read) -> None:
    """The same input gives the same names, and none that is taken."""
    generated = changed(CLAIM, {"metadata": {"generateName": "data-"}})
    documents = [generated, changed(CLAIM, {"metadata.name": "data-1"}), generated]
    told = read(json.dumps({"apiVersion": "v1", "kind": "List", "items": documents}))
    assert sorted(told.resources) == [f"VolumeClaim/data-{number}" for number in (1, 2, 3)]
    assert ("note", "LB000", "metadata.generateName") in told.remarks


def test_settings_of_an_affinity_that_is_not_asked_for(read: Read) -> None:
    """Kubernetes takes them and throws them away; here that is told."""
    config = {"spec.sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 5}}}
    told = read(json.dumps(changed(SERVICE, config)))
    assert "sessionAffinityConfig" not in told.document("LoadBalancer/a")
    assert ("note", "LB000", "spec.sessionAffinityConfig") in told.remarks


@pytest.mark.parametrize(
    ("document", "changes", "told"),
    [
        (CLAIM, {"spec.volumeName": "PV_NAME"}, ("degrade", "CL001", "spec.volumeName")),
        (
            CLAIM,
            {"spec.dataSource": {"kind": "PersistentVolumeClaim", "name": "<source>"}},
            ("degrade", "CL004", "spec.dataSource"),
        ),
        (SNAPSHOT, {"spec.source.persistentVolumeClaimName": "YOUR_CLAIM"}, None),
    ],
)
def test_who_names_what_cannot_be_is_not_provisioned(
    read: Read, document: Document, changes: Changes, told: tuple[str, str, str] | None
) -> None:
    """A cluster takes it, and it waits there for ever."""
    found = read(json.dumps(changed(document, changes)))
    assert found.resources == {}
    assert [each.disposition for each in found.readings] == ["recognised"]
    assert found.readings[0].reason
    assert told is None or told in found.remarks


def test_a_template_without_a_size_makes_no_claim(read: Read) -> None:
    """A cluster looks at the claims of a set when its Pods start, not when the set is made."""
    pods = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a"}]}}
    good = {"metadata": {"name": "good"}, "spec": CLAIM["spec"]}
    bad = {"metadata": {"name": "bad"}, "spec": {"accessModes": ["ReadWriteOnce"]}}
    spec = {
        "selector": {"matchLabels": {"a": "b"}},
        "template": pods,
        "volumeClaimTemplates": [good, bad],
    }
    metadata = {"name": "set", "labels": {"x": "y"}}
    told = read(
        json.dumps(
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata} | {"spec": spec}
        )
    )
    assert list(told.resources) == ["VolumeClaim/good-set-0"]
    size = "spec.volumeClaimTemplates[1].spec.resources.requests.storage"
    assert ("degrade", "VO017", size) in told.remarks
    assert ("note", "LB000", "metadata.labels") in told.remarks


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ("note", "LB017", "spec.tls[0].hosts")),
        (
            {"metadata.annotations": {"networking.gke.io/managed-certificates": "b"}},
            ("note", "LB017", "spec.tls"),
        ),
        (
            {"metadata.annotations": {"alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}]'}},
            ("degrade", "LB017", "spec.tls"),
        ),
    ],
)
def test_what_of_tls_is_not_used_is_told(
    read: Read, changes: Changes, told: tuple[str, str, str]
) -> None:
    """The certificate decides about hosts; annotations go before secrets."""
    assert told in read(json.dumps(changed(INGRESS, changes))).remarks


def test_bookkeeping_of_a_cluster_is_left_out_and_told(read: Read) -> None:
    """Such as who provisioned a volume."""
    key = "pv.kubernetes.io/provisioned-by"
    told = read(json.dumps(changed(VOLUME, {"metadata.annotations": {key: "a.example.com"}})))
    assert key not in told.resources["Volume/a"].metadata.annotations
    assert ("note", "LB000", f"metadata.annotations['{key}']") in told.remarks
