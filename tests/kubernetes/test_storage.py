"""Volumes, claims, classes, snapshots and the claims of StatefulSets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[[str], Any]


def volume(**source: Any) -> str:
    """A PersistentVolume called disk."""
    spec = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], **source}
    document = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "disk"}}
    return json.dumps({**document, "spec": spec})


def storage_class(provisioner: str, **parameters: str) -> str:
    """A StorageClass called made; `__` stands for a hyphen."""
    return json.dumps(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": "made"},
            "provisioner": provisioner,
            "parameters": {key.replace("__", "-"): value for key, value in parameters.items()},
        }
    )


def test_what_a_cloud_knows_by_an_id_is_adopted(read_corpus: Read) -> None:
    """The id, the file system, the zones and the claim it is kept for come through."""
    assert read_corpus("volumes").document("Volume/disk") == {
        "capacity": {"storage": "20Gi"},
        "accessModes": ["ReadWriteOnce"],
        "volumeClassName": "fast",
        "fsType": "xfs",
        "mountOptions": ["noatime"],
        "topology": {"zones": ["eu-west-1a"]},
        "externalRef": "vol-0123456789abcdef0",
        "claimRef": {"name": "data", "namespace": "shop"},
    }


def test_what_belongs_to_a_cluster_is_made_anew_and_that_is_told(read_corpus: Read) -> None:
    """A server for files is shared storage; its mount options and Recycle are left out."""
    told = read_corpus("volumes")
    assert told.document("Volume/files") == {
        "capacity": {"storage": "1Ti"},
        "accessModes": ["ReadWriteMany"],
        "performance": {"tier": "shared"},
    }
    assert told.remarks == {
        ("degrade", "VO017", "spec.persistentVolumeReclaimPolicy"),
        ("degrade", "VO018", "spec.mountOptions[0]"),
        ("degrade", "VO017", "spec.nfs"),
        ("degrade", "VO017", "spec.hostPath"),
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"awsElasticBlockStore": {"volumeID": "aws://eu-west-1a/vol-0a1b"}}, "vol-0a1b"),
        ({"awsElasticBlockStore": {"volumeID": "vol-0a1b"}}, "vol-0a1b"),
        ({"gcePersistentDisk": {"pdName": "disk-1"}}, "disk-1"),
        ({"csi": {"driver": "efs.csi.aws.com", "volumeHandle": "fs-0a1b"}}, "fs-0a1b"),
        ({"csi": {"driver": "efs.csi.aws.com", "volumeHandle": "other:thing"}}, None),
        (
            {
                "csi": {
                    "driver": "pd.csi.storage.gke.io",
                    "volumeHandle": "projects/acme/zones/z-1/disks/disk-1",
                }
            },
            "projects/acme/zones/z-1/disks/disk-1",
        ),
        (
            {
                "csi": {
                    "driver": "pd.csi.storage.gke.io",
                    "volumeHandle": "projects/UNSPECIFIED/zones/z-1/disks/disk-1",
                }
            },
            "disk-1",
        ),
        ({"csi": {"driver": "example.com", "volumeHandle": "vol-0a1b"}}, None),
    ],
    ids=str,
)
def test_ids(read: Read, source: dict[str, Any], expected: str | None) -> None:
    """Only what looks like the cloud's own id is taken for one."""
    document = read(volume(**source)).document("Volume/disk")
    assert document.get("externalRef") == expected


def test_claims(read_corpus: Read) -> None:
    """Sizes, classes and sources come through; a limit has no meaning."""
    told = read_corpus("claims")
    assert told.document("VolumeClaim/shop/data") == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "20Gi"}},
        "volumeClassName": "fast",
    }
    restored = told.document("VolumeClaim/shop/restored")
    assert restored["volumeClassName"] == ""
    assert restored["dataSource"] == {"kind": "VolumeSnapshot", "name": "before"}
    assert ("note", "VO017", "spec.resources.limits") in told.remarks


def test_a_claim_that_only_a_cluster_can_fill_is_not_provisioned(read_corpus: Read) -> None:
    """An empty volume would be taken for the data."""
    told = read_corpus("claims")
    assert "VolumeClaim/shop/populated" not in told.resources
    assert told.readings[2].disposition == "recognised"
    assert ("degrade", "CL004", "spec.dataSourceRef") in told.remarks


def test_a_claim_of_several_writers_without_a_class_gets_the_shared_one(
    read_corpus: Read,
) -> None:
    """Every target has that class; its default one takes a single writer."""
    told = read_corpus("claims")
    assert told.document("VolumeClaim/shop/common")["volumeClassName"] == "shared"
    assert ("note", "VO017", "spec.accessModes") in told.remarks


def test_parameters_of_known_drivers_are_portable(read_corpus: Read) -> None:
    """Tier, iops, encryption, file system and zones; a tag has no word and is told."""
    told = read_corpus("classes")
    assert told.document("VolumeClass/fast") == {
        "performance": {"tier": "fast", "iops": 8000},
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
        "fsType": "xfs",
        "allowedTopologies": [{"zones": ["eu-west-1a", "eu-west-1b"]}],
        "encryption": {"enabled": True},
    }
    assert ("note", "VO017", "parameters.tagSpecification_1") in told.remarks


def test_of_two_default_classes_the_last_one_counts(read_corpus: Read) -> None:
    """As in Kubernetes; the other one says so."""
    told = read_corpus("classes")
    assert told.document("VolumeClass/other-default")["default"] is True
    assert "default" not in told.document("VolumeClass/fast")
    assert ("degrade", "CL003", "metadata.annotations") in told.remarks


@pytest.mark.parametrize(
    ("text", "expected", "remarks"),
    [
        (
            storage_class("kubernetes.io/aws-ebs", type="st1", throughput="300"),
            {"performance": {"tier": "throughput", "throughput": "300Mi"}},
            {"provisioner"},
        ),
        (
            storage_class(
                "pd.csi.storage.gke.io",
                type="pd-ssd",
                disk__encryption__kms__key="k",
                replication__type="regional-pd",
            ),
            {
                "performance": {"tier": "fast"},
                "encryption": {"enabled": True, "key": "k"},
                "replication": "regional",
            },
            {"provisioner"},
        ),
        (storage_class("efs.csi.aws.com"), {"performance": {"tier": "shared"}}, {"provisioner"}),
        (storage_class("rancher.io/local-path"), {}, {"provisioner"}),
        (
            storage_class("ebs.csi.aws.com", kmsKeyId="k"),
            {},
            {"provisioner", "parameters.kmsKeyId"},
        ),
        (storage_class("ebs.csi.aws.com", iops="many"), {}, {"provisioner", "parameters.iops"}),
        (
            storage_class("example.com/disks", colour="red"),
            {},
            {"provisioner", "parameters.colour"},
        ),
        (
            storage_class("kubernetes.io/no-provisioner"),
            {"provisioner": "kubernetes.io/no-provisioner"},
            set(),
        ),
    ],
)
def test_drivers(read: Read, text: str, expected: dict[str, Any], remarks: set[str]) -> None:
    """What a driver is known to make becomes portable; the rest is told by parameter."""
    told = read(text)
    assert told.document("VolumeClass/made") == expected
    assert {field for _, _, field in told.remarks} == remarks


def test_a_strange_driver_makes_what_claims_ask_of_it(read: Read) -> None:
    """A claim of several writers tells that its class makes shared storage."""
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "c"},
        "spec": {
            "accessModes": ["ReadWriteMany"],
            "storageClassName": "made",
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    told = read(f"{storage_class('example.com/files')}\n---\n{json.dumps(claim)}")
    assert told.document("VolumeClass/made") == {"performance": {"tier": "shared"}}


def test_attributes_classes_change_what_is_portable(read_corpus: Read, read: Read) -> None:
    """One without a portable parameter is recognised, because it would change nothing."""
    quick = read_corpus("classes").document("VolumeAttributesClass/quick")
    assert quick == {"performance": {"iops": 9000, "throughput": "300Mi"}}
    told = read(
        "{apiVersion: storage.k8s.io/v1, kind: VolumeAttributesClass, metadata: {name: a},"
        " driverName: example.com, parameters: {colour: red}}"
    )
    assert told.readings[0].disposition == "recognised"


def test_snapshots_take_the_policy_of_their_class(read_corpus: Read) -> None:
    """The class itself, and content that exists, are recognised."""
    told = read_corpus("snapshots")
    assert told.document("VolumeSnapshot/before") == {
        "source": {"claim": "data"},
        "deletionPolicy": "Retain",
    }
    dispositions = [each.disposition for each in told.readings]
    assert dispositions == ["recognised", "managed", "recognised"]


def test_a_stateful_set_is_a_claim_for_each_replica(read_corpus: Read) -> None:
    """Named as Kubernetes names them, with the labels of the selector; Pods are told."""
    told = read_corpus("stateful-set")
    names = [f"VolumeClaim/shop/data-db-{number}" for number in range(3)]
    assert list(told.resources) == names
    assert told.resources[names[0]].metadata.labels == {"app": "db"}
    assert told.document(names[2])["volumeClassName"] == "fast"
    assert told.remarks == {
        ("note", "LB000", "spec.template"),
        ("note", "LB000", "spec.serviceName"),
    }


def test_a_problem_with_a_claim_stands_in_its_template(read_corpus: Read) -> None:
    """Each claim knows the field of the StatefulSet that it comes from."""
    spec = read_corpus("stateful-set").checked.spec
    problem = spec.problem(spec.resources[1].key, "spec.volumeClassName", "no such class")
    assert problem.field == "spec.volumeClaimTemplates[0].spec.storageClassName"


SET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  %s
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db}]}}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""


@pytest.mark.parametrize(
    ("replicas", "names"),
    [
        ("", ["data-db-0"]),
        ("replicas: 2", ["data-db-0", "data-db-1"]),
        ("replicas: 2\n  ordinals: {start: 5}", ["data-db-5", "data-db-6"]),
        ("replicas: 0", []),
    ],
)
def test_replicas_and_ordinals(read: Read, replicas: str, names: list[str]) -> None:
    """One replica by default; numbers begin at ordinals.start; none is no claim."""
    told = read(SET % replicas)
    assert [each.metadata.name for each in told.checked.spec] == names
    assert told.problems == []


def test_a_claim_that_exists_is_used_by_the_set(read: Read) -> None:
    """Kubernetes does the same; the claim on its own is the resource."""
    claim = (
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-db-0},"
        " spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 7Gi}}}}"
    )
    told = read(f"{SET % ''}---\n{claim}\n")
    requests = told.document("VolumeClaim/data-db-0")["resources"]["requests"]
    assert requests == {"storage": "7Gi"}
    assert len(told.resources) == 1


def test_more_claims_than_anybody_means_are_refused(read: Read) -> None:
    """A typing error in `replicas` does not fill the memory."""
    assert read(SET % "replicas: 2000000000").problems == ["spec.replicas"]
