"""Resources are written as documents: sparse for people, full for the store."""

from __future__ import annotations

from typing import Any

import pytest

from cloudabstract.model import (
    Address,
    BackendPool,
    ClaimResources,
    Condition,
    LoadBalancer,
    LoadBalancerSpec,
    Member,
    Metadata,
    Port,
    Status,
    Storage,
    Volume,
    VolumeClaim,
    VolumeClaimSpec,
    VolumeSpec,
    wire,
)

WEB = LoadBalancer(
    Metadata("web"),
    LoadBalancerSpec(
        ports=(Port(80, target_port=8080),),
        backends=(BackendPool("web", addresses=(Member("10.0.0.5", weight=3),)),),
        source_ranges=(),
    ),
)
DATA = VolumeClaim(
    Metadata("data", namespace="shop"),
    VolumeClaimSpec(("ReadWriteOnce",), ClaimResources(Storage(2**30)), volume_class_name=""),
)
ARCHIVE = Volume(Metadata("archive"), VolumeSpec(Storage(10 * 2**30), ("ReadWriteOnce",)))


def test_the_sparse_form_has_what_differs_from_the_defaults() -> None:
    """Names as in documents, sizes as text; an empty list or text that means something stays."""
    assert wire.to_document(WEB) == {
        "apiVersion": "cloudabstract.dev/v1",
        "kind": "LoadBalancer",
        "metadata": {"name": "web"},
        "spec": {
            "ports": [{"port": 80, "targetPort": 8080}],
            "backends": [{"name": "web", "addresses": [{"address": "10.0.0.5", "weight": 3}]}],
            "sourceRanges": [],
        },
    }
    assert wire.to_document(DATA)["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "volumeClassName": "",
    }


def test_the_full_form_has_every_default() -> None:
    """So that a release with other defaults changes no old object; unset fields are absent."""
    spec = wire.to_document(WEB, defaults=True)["spec"]
    assert spec["healthCheck"] == {
        "interval": "10s",
        "timeout": "5s",
        "healthyThreshold": 3,
        "unhealthyThreshold": 3,
    }
    assert spec["routability"] == "External"
    assert spec["connectionDraining"] == "30s"
    assert "trafficDistribution" not in spec
    assert spec["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 8080}]


def test_only_what_has_a_namespace_shows_one() -> None:
    """Volumes have none; a claim's default namespace is written in the full form only."""
    assert wire.to_document(ARCHIVE, defaults=True)["metadata"] == {
        "name": "archive",
        "labels": {},
        "annotations": {},
    }
    assert wire.to_document(DATA)["metadata"] == {"name": "data", "namespace": "shop"}


@pytest.mark.parametrize("resource", [WEB, DATA, ARCHIVE])
@pytest.mark.parametrize("defaults", [True, False])
def test_documents_are_read_back(resource: Any, defaults: bool) -> None:
    """What was written is read back to an equal resource, without any validation."""
    assert wire.from_document(wire.to_document(resource, defaults=defaults)) == resource


@pytest.mark.parametrize("document", [{}, {"kind": "Pod"}, {"kind": "Volume", "metadata": 1}, []])
def test_what_is_no_document_is_refused(document: Any) -> None:
    """With one kind of error."""
    with pytest.raises(ValueError, match="not a document"):
        wire.from_document(document)


def test_a_status_shows_what_it_has() -> None:
    """camelCase, nothing that is empty, sizes as quantities."""
    status = Status(
        conditions=(Condition("Programmed", "True", "Programmed"),),
        addresses=(Address(ip="127.0.0.5", ip_mode="Proxy"),),
        capacity=10 * 2**30,
    )
    assert wire.status_document(status) == {
        "conditions": [{"type": "Programmed", "status": "True", "reason": "Programmed"}],
        "addresses": [{"ip": "127.0.0.5", "ipMode": "Proxy"}],
        "capacity": "10Gi",
    }
