"""Services of type LoadBalancer are balancers; others stay where they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[[str], Any]


def service(spec: str, metadata: str = "") -> str:
    """A Service called web of type LoadBalancer; `spec` and `metadata` go into flow mappings."""
    return (
        f"{{apiVersion: v1, kind: Service, metadata: {{name: web, {metadata}}},"
        f" spec: {{type: LoadBalancer, {spec}}}}}"
    )


PLAIN = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"


def test_a_service_becomes_a_balancer_of_class_l4(read_corpus: Read) -> None:
    """Ports as they are, one pool with the Service's selector, labels and namespace kept."""
    told = read_corpus("service-balancer")
    assert told.remarks == set()
    balancer = told.resources["LoadBalancer/shop/storefront"]
    assert balancer.metadata.labels == {"app": "storefront"}
    assert told.document("LoadBalancer/shop/storefront") == {
        "ports": [
            {"port": 80, "name": "http", "targetPort": 8080},
            {"port": 443, "name": "https", "targetPort": 8443},
        ],
        "backends": [{"name": "storefront", "selector": {"matchLabels": {"app": "storefront"}}}],
    }


def test_other_types_stay_in_their_cluster(read_corpus: Read) -> None:
    """Recognised with a reason, no resource, no problem."""
    told = read_corpus("service-stays")
    assert [each.disposition for each in told.readings] == ["recognised"] * 4
    assert all("nothing to provision" in each.reason for each in told.readings)
    assert told.resources == {}


def test_fields_of_a_cluster_object_when_they_are_no_defaults(read_corpus: Read) -> None:
    """LB000 for what only a cluster has; defaults of the same fields pass silently."""
    told = read_corpus("service-cluster-fields")
    assert told.remarks == {
        ("note", "LB000", field)
        for field in (
            "metadata.uid",
            "metadata.resourceVersion",
            "metadata.creationTimestamp",
            "metadata.finalizers",
            "spec.clusterIP",
            "spec.clusterIPs",
            "spec.healthCheckNodePort",
            "spec.ports[0].nodePort",
            "status",
        )
    }


def test_fields_with_a_portable_word_are_honoured(read_corpus: Read) -> None:
    """Affinity with its timeout, the traffic policy and the families come through."""
    assert read_corpus("service-cluster-fields").document("LoadBalancer/exported") == {
        "ports": [{"port": 53, "protocol": "UDP", "targetPort": 30053}],
        "backends": [{"name": "exported", "selector": {"matchLabels": {"app": "exported"}}}],
        "externalTrafficPolicy": "Local",
        "ipFamilies": ["IPv4"],
        "sessionAffinity": "ClientIP",
        "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 600}},
    }


@pytest.mark.parametrize(
    ("port", "metadata", "expected"),
    [
        ("port: 80", "", None),
        ("port: 80, targetPort: 0", "", None),
        ("port: 80, targetPort: 8080, nodePort: 30080", "", 8080),
        ("port: 80, targetPort: http", "", "http"),
        ("port: 80, targetPort: http, nodePort: 30080", "", 30080),
        (
            "port: 80, targetPort: 8080, nodePort: 30080",
            "annotations: {service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: instance}",
            30080,
        ),
    ],
)
def test_backends_answer_on_the_target_port_or_on_the_node_port(
    read: Read, port: str, metadata: str, expected: Any
) -> None:
    """The node port counts when the targetPort is a name, or when instances are the targets."""
    told = read(service(f"selector: {{app: web}}, ports: [{{{port}}}]", metadata))
    assert told.document("LoadBalancer/web")["ports"][0].get("targetPort") == expected


def test_a_service_that_selects_nothing_has_the_addresses_of_its_endpoints(
    read_corpus: Read,
) -> None:
    """Endpoints of the same name give addresses with their ports."""
    told = read_corpus("service-endpoints")
    assert told.document("LoadBalancer/legacy")["backends"] == [
        {
            "name": "legacy",
            "addresses": [
                {"address": "192.0.2.10", "port": 9000},
                {"address": "192.0.2.11", "port": 9000},
            ],
        }
    ]


def test_a_service_with_nobody_behind_it_is_degraded(read: Read) -> None:
    """No selector and no Endpoints: LB018, and a balancer without pools."""
    told = read(service("ports: [{port: 80}]"))
    assert told.remarks == {("degrade", "LB018", "spec.selector")}
    assert "backends" not in told.document("LoadBalancer/web")


def test_source_ranges_are_what_kubernetes_makes_of_them(read: Read) -> None:
    """Bits behind the length are cut off, and that is told."""
    ranges = "loadBalancerSourceRanges: [203.0.113.77/24, 10.0.0.0/8]"
    told = read(service(f"{ranges}, {PLAIN}"))
    assert told.document("LoadBalancer/web")["sourceRanges"] == ["203.0.113.0/24", "10.0.0.0/8"]
    assert told.remarks == {("note", "LB017", "spec.loadBalancerSourceRanges[0]")}


@pytest.mark.parametrize(
    ("name", "routability", "remarks"),
    [
        ("service.k8s.aws/nlb", None, {("note", "LB000", "spec.loadBalancerClass")}),
        ("networking.gke.io/l4-regional-internal", "Internal", set()),
        ("example.com/other", None, {("degrade", "LB000", "spec.loadBalancerClass")}),
    ],
)
def test_classes_of_clusters_are_balancers_of_the_target(
    read: Read, name: str, routability: str | None, remarks: set[Any]
) -> None:
    """What has a portable word is taken, silently; of the rest it is told whether it is known."""
    told = read(service(f"loadBalancerClass: {name}, {PLAIN}"))
    document = told.document("LoadBalancer/web")
    assert document.get("routability") == routability
    assert "loadBalancerClass" not in document
    assert told.remarks == remarks


def test_a_load_balancer_of_kep_6128_goes_before_its_service(read_corpus: Read) -> None:
    """Its fields replace the Service's, an empty list too, which is told; there is one resource."""
    told = read_corpus("balancer-kep")
    assert [each.disposition for each in told.readings] == ["managed", "managed"]
    document = told.document("LoadBalancer/web")
    assert document["routability"] == "Internal"
    assert document["sourceRanges"] == []
    assert document["healthCheck"] == {"path": "/healthz", "interval": "20s"}


def test_a_load_balancer_without_its_service_is_told(read: Read) -> None:
    """Recognised, degraded, never an error."""
    told = read(
        "{apiVersion: networking.k8s.io/v1alpha1, kind: LoadBalancer, metadata: {name: lonely}}"
    )
    assert told.readings[0].disposition == "recognised"
    assert told.remarks == {("degrade", "LB000", "metadata.name")}


def test_what_is_written_twice_counts_once(read_corpus: Read) -> None:
    """As when both are applied, the last one stands, and the first says so."""
    told = read_corpus("written-twice")
    assert [each.disposition for each in told.readings] == ["recognised", "managed"]
    assert "written again" in told.readings[0].reason
    pool = told.document("LoadBalancer/web")["backends"][0]
    assert pool["selector"] == {"matchLabels": {"app": "new"}}


def test_problems_of_the_resource_stand_at_the_fields_of_the_service(read: Read) -> None:
    """Whoever objects to a portable field later finds the line of the Service's own."""
    told = read("apiVersion: v1\n" + "kind: Service\n" + "metadata: {name: web}\n" + SPEC)
    spec = told.checked.spec
    key = next(iter(spec)).key
    problem = spec.problem(key, "spec.backends[0].selector.matchLabels", "no such host")
    assert (problem.field, problem.line) == ("spec.selector", 6)
    assert spec.problem(key, "spec.ports[0].port", "taken").field == "spec.ports[0].port"


SPEC = "spec:\n  type: LoadBalancer\n  selector: {app: web}\n  ports: [{port: 80}]\n"


DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {containers: [{name: web, ports: [{name: http, containerPort: 9090}]}]}
"""


def test_a_named_target_port_is_the_number_that_containers_have(read: Read) -> None:
    """When the Pods that are selected stand in the same input; a node port is then not asked."""
    port = "{port: 80, targetPort: http, nodePort: 30080}"
    text = service(f"selector: {{app: web}}, ports: [{port}]")
    told = read(f"{text}\n---{DEPLOYMENT}")
    assert told.document("LoadBalancer/web")["ports"] == [{"port": 80, "targetPort": 9090}]
    other = service("selector: {app: other}, ports: [{port: 80, targetPort: http}]")
    told = read(f"{other}\n---{DEPLOYMENT}")
    assert told.document("LoadBalancer/web")["ports"] == [{"port": 80, "targetPort": "http"}]


def test_addresses_stand_behind_the_ports_whose_names_they_have(read: Read) -> None:
    """As in a cluster: who has no port of that name is not behind it, whatever else he serves."""
    spec = "ports: [{name: web, port: 80}, {name: tls, port: 443}]"
    slices = [
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {"name": name, "labels": {"kubernetes.io/service-name": "web"}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [address]}],
            "ports": ports,
        }
        for name, address, ports in (
            ("both", "10.0.0.1", [{"name": "web", "port": 8080}, {"name": "tls", "port": 8443}]),
            ("one", "010.0.0.2", [{"name": "web", "port": 8081}]),
        )
    ]
    told = read("\n---\n".join([service(spec), *map(json.dumps, slices)]))
    assert [each["addresses"] for each in told.document("LoadBalancer/web")["backends"]] == [
        [{"address": "10.0.0.1", "port": 8080}, {"address": "10.0.0.2", "port": 8081}],
        [{"address": "10.0.0.1", "port": 8443}],
    ]
