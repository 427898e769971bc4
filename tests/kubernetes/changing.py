"""Manifests with one thing changed: how the tables of what is refused and accepted are written."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Changes = dict[str, Any]  # a path such as `spec.ports.0.port` -> its new value


class _Gone:
    """As a value: the field is not there."""

    def __repr__(self) -> str:  # of tests' names, which must be the same in each process
        return "gone"


GONE = _Gone()

META = {"name": "a"}
SERVICE: Document = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": META,
    "spec": {
        "type": "LoadBalancer",
        "selector": {"app": "a"},
        "ports": [{"name": "web", "port": 80}, {"name": "tls", "port": 443}],
    },
}
INGRESS: Document = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": META,
    "spec": {
        "ingressClassName": "public",
        "tls": [{"hosts": ["a.example.com"], "secretName": "a"}],
        "rules": [
            {
                "host": "a.example.com",
                "http": {
                    "paths": [
                        {
                            "path": "/a",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "a", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ],
    },
}
CLAIM: Document = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": META,
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "selector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]},
    },
}
VOLUME: Document = {
    "apiVersion": "v1",
    "kind": "PersistentVolume",
    "metadata": META,
    "spec": {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "nodeAffinity": {
            "required": {
                "nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}
                ]
            }
        },
        "csi": {"driver": "a.example.com", "volumeHandle": "a"},
    },
}
CLASS: Document = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": META,
    "provisioner": "a.example.com",
    "allowedTopologies": [{"matchLabelExpressions": [{"key": "a", "values": ["b"]}]}],
}
SNAPSHOT: Document = {
    "apiVersion": "snapshot.storage.k8s.io/v1",
    "kind": "VolumeSnapshot",
    "metadata": META,
    "spec": {"volumeSnapshotClassName": "a", "source": {"persistentVolumeClaimName": "a"}},
}


def changed(document: Document, changes: Changes) -> Document:
    """`document` with other values at some paths; mappings on the way are made."""
    made = copy.deepcopy(document)
    for path, value in changes.items():
        here: Any = made
        *steps, last = path.split("/") if "/" in path else path.split(".")
        for step in steps:
            here = here[int(step)] if isinstance(here, list) else here.setdefault(step, {})
        key: Any = int(last) if isinstance(here, list) else last
        if value is GONE:
            del here[key]
        elif isinstance(here, list) and key == len(here):
            here.append(value)
        else:
            here[key] = value
    return made


def fields(read: Callable[[str], Any], document: Document) -> list[str]:
    """The fields for which `document` is refused."""
    found: list[str] = read(json.dumps(document)).problems
    return found
