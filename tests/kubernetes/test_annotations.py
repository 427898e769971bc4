"""Annotations of providers mean portable fields, or are told; those of others are left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudabstract.spec.kubernetes import tables

Read = Callable[[str], Any]
AWS = "service.beta.kubernetes.io/aws-load-balancer-"


def service(**annotations: str) -> str:
    """A Service with annotations of AWS, by what follows their prefix."""
    return manifest({AWS + key.replace("_", "-"): value for key, value in annotations.items()})


def manifest(annotations: dict[str, str]) -> str:
    """A Service with annotations."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web", "annotations": annotations},
            "spec": {
                "type": "LoadBalancer",
                "selector": {"app": "web"},
                "ports": [{"name": "a", "port": 80}, {"name": "b", "port": 443}],
            },
        }
    )


def test_annotations_with_a_portable_word_are_fields(read_corpus: Read) -> None:
    """Scheme and checks become fields; what has no word is a note; others' text is text."""
    told = read_corpus("service-annotations")
    document = told.document("LoadBalancer/internal")
    assert document["routability"] == "Internal"
    assert document["healthCheck"] == {"path": "/healthz", "interval": "20s"}
    proxy = f"metadata.annotations['{AWS}proxy-protocol']"
    ranges = ("note", "LB017", "spec.loadBalancerSourceRanges[0]")
    name = ("note", "LB000", "spec.loadBalancerClass")
    assert told.remarks == {("note", "LB017", proxy), ranges, name}
    kept = told.resources["LoadBalancer/internal"].metadata.annotations
    assert kept["prometheus.io/scrape"] == "true"


@pytest.mark.parametrize(
    ("annotations", "field", "value"),
    [
        ({AWS + "internal": "true"}, "routability", "Internal"),
        ({"networking.gke.io/load-balancer-type": "Internal"}, "routability", "Internal"),
        (
            {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
            "routability",
            "Internal",
        ),
        ({AWS + "eip-allocations": "eipalloc-1, eipalloc-2"}, "addressRefs", None),
        ({AWS + "subnets": "subnet-1"}, "placement", {"subnets": ["subnet-1"]}),
        ({AWS + "connection-draining-timeout": "90"}, "connectionDraining", "90s"),
        ({AWS + "attributes": "deletion_protection.enabled=true"}, "deletionProtection", True),
        (
            {"service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8, 192.0.2.1/32"},
            "sourceRanges",
            ["10.0.0.0/8", "192.0.2.1/32"],
        ),
        ({"metallb.io/loadBalancerIPs": "192.0.2.7"}, "addressRefs", ["192.0.2.7"]),
    ],
    ids=str,
)
def test_known_annotations(read: Read, annotations: dict[str, str], field: str, value: Any) -> None:
    """Each gives the value of one field, and nothing is remarked."""
    told = read(manifest(annotations))
    expected = ["eipalloc-1", "eipalloc-2"] if value is None else value
    assert told.document("LoadBalancer/web")[field] == expected
    assert told.remarks == set()


def test_certificates_are_for_the_ports_that_are_named(read: Read) -> None:
    """`ssl-ports` chooses by name or number; without it all ports end TLS."""
    chosen = read(service(ssl_cert="cert-1", ssl_ports="b")).document("LoadBalancer/web")
    assert [each.get("tls") for each in chosen["ports"]] == [
        None,
        {"certificateRefs": ["cert-1"]},
    ]
    every = read(service(ssl_cert="cert-1")).document("LoadBalancer/web")
    assert all(each["tls"] == {"certificateRefs": ["cert-1"]} for each in every["ports"])


@pytest.mark.parametrize(
    "annotations",
    [
        {"healthcheck_interval": "soon"},
        {"healthcheck_interval": "99999"},
        {"healthcheck_healthy_threshold": "50"},
        {"healthcheck_protocol": "SSH"},
        {"scheme": "secret"},
    ],
    ids=str,
)
def test_what_an_annotation_cannot_mean_is_told(read: Read, annotations: dict[str, str]) -> None:
    """Kubernetes takes any text, so the manifest is accepted; the field keeps its default."""
    told = read(service(**annotations))
    assert told.problems == []
    key = next(iter(annotations)).replace("_", "-")
    assert told.remarks == {("degrade", "LB017", f"metadata.annotations['{AWS}{key}']")}


def test_a_check_that_no_target_can_make_is_made_possible(read: Read) -> None:
    """A timeout is not longer than the interval; a TCP check has no path."""
    told = read(service(healthcheck_interval="3", healthcheck_protocol="TCP"))
    check = told.document("LoadBalancer/web")["healthCheck"]
    assert check == {"protocol": "TCP", "interval": "3s", "timeout": "3s"}
    told = read(service(healthcheck_path="/x", healthcheck_protocol="tcp"))
    assert told.document("LoadBalancer/web")["healthCheck"] == {"protocol": "TCP"}
    assert {code for _, code, _ in told.remarks} == {"LB017"}


def test_two_annotations_that_disagree_are_told(read: Read) -> None:
    """The first one of the table counts."""
    told = read(service(scheme="internet-facing", internal="true"))
    assert "routability" not in told.document("LoadBalancer/web")
    assert told.remarks == {("degrade", "LB017", f"metadata.annotations['{AWS}internal']")}


def test_our_own_annotation_says_what_kubernetes_cannot(read_corpus: Read) -> None:
    """Its JSON replaces portable fields, and it does not stay with the resource."""
    told = read_corpus("own-words")
    document = told.document("LoadBalancer/web")
    assert (document["routability"], document["connectionDraining"]) == ("Internal", "60s")
    assert told.resources["LoadBalancer/web"].metadata.annotations == {}


def test_the_table_names_fields_that_exist() -> None:
    """Every field of the table is one of a balancer, or one that a converter asks for."""
    from cloudabstract.model import LoadBalancerSpec, traits

    special = {"", "targetType", "tls.certificates", "tls.ports", "listeners", "allowHttp"}
    for kind in ("Service", "Ingress"):
        for entry in tables.load("annotations")[kind].values():
            for each in entry.get("attributes", {"": entry}).values():
                known = traits.trait_at(LoadBalancerSpec, each["field"].split("."))
                assert known or each["field"] in special | {"appProtocol"}, each
