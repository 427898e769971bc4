"""An Ingress is a balancer of class l7: routes, pools of the Services it names, TLS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Read = Callable[[str], Any]


def ingress(*paths: dict[str, Any], **more: Any) -> str:
    """An Ingress called web with one rule, and Services of one port called a and b."""
    backend = {"service": {"name": "a", "port": {"number": 80}}}
    written = [{"path": "/", "pathType": "Prefix", "backend": backend, **each} for each in paths]
    documents: list[dict[str, Any]] = [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": "web", "annotations": more.pop("annotations", {})},
            "spec": {"rules": [{"http": {"paths": written}}], **more},
        }
    ]
    documents += [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name},
            "spec": {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}]},
        }
        for name in ("a", "b")
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": documents})


def test_hosts_and_paths_become_routes_to_pools(read_corpus: Read) -> None:
    """One pool for each Service, with its selector and target port; HTTPS by the secret's name."""
    told = read_corpus("ingress-shop")
    assert told.remarks == {
        ("note", "LB017", "spec.ingressClassName"),
        ("note", "LB017", "spec.tls[0].hosts"),
    }
    assert told.document("LoadBalancer/shop") == {
        "loadBalancerClass": "l7",
        "ports": [
            {"port": 80, "name": "http", "backend": "unmatched"},
            {
                "port": 443,
                "name": "https",
                "backend": "unmatched",
                "tls": {"certificateRefs": ["shop-tls"]},
            },
        ],
        "backends": [
            {"name": "unmatched", "addresses": []},
            {"name": "api", "selector": {"matchLabels": {"app": "api"}}, "targetPort": 8080},
            {"name": "web", "selector": {"matchLabels": {"app": "web"}}, "targetPort": 3000},
        ],
        "routes": [
            {"host": "shop.example.com", "path": "/api", "backend": "api"},
            {"host": "shop.example.com", "backend": "web"},
            {
                "host": "*.img.example.com",
                "path": "/logo.png",
                "pathType": "Exact",
                "backend": "web",
            },
        ],
    }


def test_a_target_port_that_all_pools_share_stands_with_the_ports(read: Read) -> None:
    """One word in place of several."""
    document = read(ingress({})).document("LoadBalancer/web")
    assert document["ports"][0]["targetPort"] == 8080
    assert all("targetPort" not in each for each in document["backends"])


def test_a_service_that_is_missing_leaves_a_pool_without_members(read_corpus: Read) -> None:
    """Never an error: the plan can be made, and says that nobody is there."""
    told = read_corpus("ingress-default-only")
    document = told.document("LoadBalancer/everything")
    assert document["backends"] == [{"name": "missing", "addresses": []}]
    assert document["ports"] == [{"port": 80, "name": "http", "backend": "missing"}]
    assert document["routability"] == "Internal"
    lacking = ("degrade", "LB018", "spec.defaultBackend.service.name")
    assert lacking in told.remarks


def test_patterns_are_read_as_the_longest_plain_prefix(read_corpus: Read) -> None:
    """A star at the end loses nothing, a regular expression does; both are told."""
    told = read_corpus("ingress-patterns")
    routes = told.document("LoadBalancer/patterns")["routes"]
    assert [each.get("path", "/") for each in routes] == ["/old", "/new/", "/"]
    path = "spec.rules[0].http.paths[{}].path"
    assert ("degrade", "LB016", path.format(0)) in told.remarks
    assert ("note", "LB016", path.format(1)) in told.remarks
    assert ("note", "LB016", path.format(2) + "Type") in told.remarks
    resource = "spec.rules[0].http.paths[2].backend.resource"
    assert ("degrade", "LB018", resource) in told.remarks


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("Prefix", "/plain", ("Prefix", "/plain")),
        ("Exact", "/plain", ("Exact", "/plain")),
        ("Prefix", "/a b", ("Prefix", "/a%20b")),
        ("ImplementationSpecific", "", ("Prefix", "/")),
        ("ImplementationSpecific", "/*", ("Prefix", "/")),
        ("ImplementationSpecific", "/v[0-9]+/x", ("Prefix", "/v")),
        ("Prefix", "/api(/|$)(.*)", ("Prefix", "/api")),
    ],
)
def test_paths(read: Read, kind: str, written: str, expected: tuple[str, str]) -> None:
    """Every path that Kubernetes accepts becomes one that requests are matched with."""
    told = read(ingress({"path": written, "pathType": kind}))
    assert told.problems == []
    route = told.resources["LoadBalancer/web"].spec.routes[0]
    assert (route.path_type, route.path) == expected


@pytest.mark.parametrize(("other", "severity"), [("a", "note"), ("b", "degrade")])
def test_a_path_that_is_matched_already_is_told(read: Read, other: str, severity: str) -> None:
    """The first one counts; it is worse when the second one leads elsewhere."""
    backend = {"service": {"name": other, "port": {"number": 80}}}
    told = read(ingress({}, {"pathType": "ImplementationSpecific", "backend": backend}))
    assert len(told.resources["LoadBalancer/web"].spec.routes) == 1
    assert (severity, "LB016", "spec.rules[0].http.paths[1]") in told.remarks


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [(80, None)]),
        ({"tls": [{"secretName": "s"}]}, [(80, None), (443, ["s"])]),
        ({"tls": [{"hosts": ["a.example.com"]}]}, [(80, None), (443, ["a.example.com"])]),
        (
            {
                "tls": [{"secretName": "s"}],
                "annotations": {"kubernetes.io/ingress.allow-http": "false"},
            },
            [(443, ["s"])],
        ),
        (
            {"annotations": {"networking.gke.io/managed-certificates": "one, two"}},
            [(80, None), (443, ["one", "two"])],
        ),
        (
            {
                "annotations": {
                    "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 8080}, {"HTTPS": 8443}]',
                    "alb.ingress.kubernetes.io/certificate-arn": "arn:1",
                }
            },
            [(8080, None), (8443, ["arn:1"])],
        ),
    ],
    ids=str,
)
def test_frontends(
    read: Read, more: dict[str, Any], expected: list[tuple[int, list[str] | None]]
) -> None:
    """80 always, unless it is forbidden; 443 with a certificate; or what an annotation lists."""
    ports = read(ingress({}, **more)).document("LoadBalancer/web")["ports"]
    assert [(e["port"], e.get("tls", {}).get("certificateRefs")) for e in ports] == expected


def test_a_service_of_the_same_name_keeps_it(read_corpus: Read) -> None:
    """Both are balancers: the Ingress takes another name, and says so."""
    told = read_corpus("ingress-and-service")
    assert set(told.resources) == {"LoadBalancer/web", "LoadBalancer/web-ingress"}
    assert told.remarks == {("note", "LB017", "metadata.name")}


def test_protocols_of_backends_that_differ_are_told(read: Read) -> None:
    """A frontend speaks one protocol to all of its pools."""
    text = ingress({}).replace('"port": 80, "targetPort"', '"appProtocol": "grpc", "port": 80, "t"')
    told = read(text.replace('"t": 8080', '"targetPort": 8080'))
    assert told.document("LoadBalancer/web")["ports"][0]["appProtocol"] == "grpc"
    mixed = json.loads(ingress({}, {"path": "/b", "backend": _backend("b")}))
    mixed["items"][1]["spec"]["ports"][0]["appProtocol"] = "grpc"
    told = read(json.dumps(mixed))
    assert "appProtocol" not in told.document("LoadBalancer/web")["ports"][0]
    assert ("degrade", "LB017", "spec.rules") in told.remarks


def _backend(name: str) -> dict[str, Any]:
    return {"service": {"name": name, "port": {"number": 80}}}


def test_an_old_version_is_refused_as_kubernetes_refuses_it(read_corpus: Read) -> None:
    """With the version that is served now."""
    told = read_corpus("ingress-old-version")
    problem = told.checked.problems[0]
    assert problem.field == "apiVersion"
    assert "networking.k8s.io/v1" in problem.remedy
