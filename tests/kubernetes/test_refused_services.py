"""Services and Ingresses that Kubernetes refuses are refused for the same field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .changing import GONE, INGRESS, SERVICE, Changes, changed, fields

RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
OWNER = {"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "1"}
NAME = {"spec.type": "ExternalName", "spec.externalName": "a.example.com"}
PLAIN = {"spec.type": "ClusterIP"}

SERVICES: list[tuple[Changes, str]] = [
    ({"metadata.name": GONE}, "metadata.name"),
    ({"metadata.name": ""}, "metadata.name"),
    ({"metadata.name": "a.b"}, "metadata.name"),
    ({"metadata.name": "a" * 64}, "metadata.name"),
    ({"metadata": {"generateName": "A_"}}, "metadata.generateName"),
    ({"metadata.namespace": "a.b"}, "metadata.namespace"),
    ({"metadata.namespace": "-a"}, "metadata.namespace"),
    ({"metadata/labels/no good": "x"}, "metadata.labels['no good']"),
    ({"metadata.labels.a": "no good"}, "metadata.labels.a"),
    ({"metadata.labels.a": 1}, "metadata.labels.a"),
    ({"metadata/annotations/a b": "x"}, "metadata.annotations['a b']"),
    ({"metadata.annotations.a": True}, "metadata.annotations.a"),
    ({"metadata.annotations": {"a": "x" * 300_000}}, "metadata.annotations"),
    ({"metadata.finalizers": ["no good"]}, "metadata.finalizers[0]"),
    ({"metadata.generation": -1}, "metadata.generation"),
    ({"metadata.ownerReferences": [{**OWNER, "uid": ""}]}, "metadata.ownerReferences[0].uid"),
    (
        {"metadata.ownerReferences": [{**OWNER, "controller": True}] * 2},
        "metadata.ownerReferences",
    ),
    ({"spec.ports": []}, "spec.ports"),
    ({"spec.ports": GONE}, "spec.ports"),
    ({"spec.ports.0.name": ""}, "spec.ports[0].name"),
    ({"spec.ports.0.name": "A"}, "spec.ports[0].name"),
    ({"spec.ports.1.name": "web"}, "spec.ports[1].name"),
    ({"spec.ports.0.port": GONE}, "spec.ports[0].port"),
    ({"spec.ports.0.port": 0}, "spec.ports[0].port"),
    ({"spec.ports.0.port": 65536}, "spec.ports[0].port"),
    ({"spec.ports.0.port": "80"}, "spec.ports[0].port"),
    ({"spec.ports.0.port": "080"}, "spec.ports[0].port"),
    ({"spec.ports.0.port": 80.5}, "spec.ports[0].port"),
    ({"spec.ports.1.port": 80}, "spec.ports[1].port"),
    ({"spec.ports.0.protocol": "HTTP"}, "spec.ports[0].protocol"),
    ({"spec.ports.0.protocol": "tcp"}, "spec.ports[0].protocol"),
    ({"spec.ports.0.targetPort": 65536}, "spec.ports[0].targetPort"),
    ({"spec.ports.0.targetPort": "8080"}, "spec.ports[0].targetPort"),
    ({"spec.ports.0.targetPort": "a--b"}, "spec.ports[0].targetPort"),
    ({"spec.ports.0.targetPort": "a-much-too-long-name"}, "spec.ports[0].targetPort"),
    ({"spec.ports.0.appProtocol": "no good"}, "spec.ports[0].appProtocol"),
    ({"spec.ports.0.nodePort": 70000}, "spec.ports[0].nodePort"),
    ({**PLAIN, "spec.ports.0.nodePort": 30080}, "spec.ports[0].nodePort"),
    ({"spec.ports.0.nodePort": 30080, "spec.ports.1.nodePort": 30080}, "spec.ports[1].nodePort"),
    ({"spec.ports.0.hostPort": 80}, "spec.ports[0].hostPort"),
    ({"spec.type": "loadbalancer"}, "spec.type"),
    ({"spec.selector.app": "no good"}, "spec.selector.app"),
    ({"spec.selector.app": 1}, "spec.selector.app"),
    ({"spec.sessionAffinity": "Cookie"}, "spec.sessionAffinity"),
    (
        {
            "spec.sessionAffinity": "ClientIP",
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds": 0,
        },
        "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
    ),
    ({"spec.externalTrafficPolicy": "local"}, "spec.externalTrafficPolicy"),
    ({**PLAIN, "spec.externalTrafficPolicy": "Local"}, "spec.externalTrafficPolicy"),
    ({"spec.internalTrafficPolicy": "Node"}, "spec.internalTrafficPolicy"),
    ({"spec.trafficDistribution": "Near"}, "spec.trafficDistribution"),
    ({"spec.healthCheckNodePort": 30000}, "spec.healthCheckNodePort"),
    ({**PLAIN, "spec.loadBalancerClass": "a/b"}, "spec.loadBalancerClass"),
    ({"spec.loadBalancerClass": "no good"}, "spec.loadBalancerClass"),
    ({**PLAIN, "spec.allocateLoadBalancerNodePorts": True}, "spec.allocateLoadBalancerNodePorts"),
    ({**PLAIN, "spec.loadBalancerSourceRanges": ["10.0.0.0/8"]}, "spec.loadBalancerSourceRanges"),
    ({"spec.loadBalancerSourceRanges": ["10.0.0.1"]}, "spec.loadBalancerSourceRanges[0]"),
    ({"spec.loadBalancerSourceRanges": ["10.0.0.0/33"]}, "spec.loadBalancerSourceRanges[0]"),
    ({"metadata.annotations": {RANGES: "x"}}, f"metadata.annotations['{RANGES}']"),
    ({"spec.externalIPs": ["example.com"]}, "spec.externalIPs[0]"),
    ({"spec.externalIPs": ["0.0.0.0"]}, "spec.externalIPs[0]"),
    ({"spec.externalIPs": ["10.0.0.1", "169.254.1.1"]}, "spec.externalIPs[1]"),
    ({"spec.clusterIP": "None"}, "spec.clusterIP"),
    ({"spec.type": "NodePort", "spec.clusterIP": "None"}, "spec.clusterIP"),
    ({"spec.clusterIP": "x"}, "spec.clusterIP"),
    ({"spec.clusterIPs": ["10.0.0.1"]}, "spec.clusterIPs"),
    ({"spec.clusterIP": "10.0.0.1", "spec.clusterIPs": ["10.0.0.2"]}, "spec.clusterIPs"),
    (
        {"spec.clusterIP": "10.0.0.1", "spec.clusterIPs": ["10.0.0.1", "10.0.0.2"]},
        "spec.clusterIPs",
    ),
    (
        {
            "spec.clusterIP": "10.0.0.1",
            "spec.clusterIPs": ["10.0.0.1"],
            "spec.ipFamilies": ["IPv6"],
        },
        "spec.clusterIPs[0]",
    ),
    ({"spec.ipFamilies": ["IPv5"]}, "spec.ipFamilies[0]"),
    ({"spec.ipFamilies": ["IPv4", "IPv4"]}, "spec.ipFamilies"),
    (
        {"spec.ipFamilies": ["IPv4", "IPv6"], "spec.ipFamilyPolicy": "SingleStack"},
        "spec.ipFamilyPolicy",
    ),
    ({"spec.ipFamilyPolicy": "DualStack"}, "spec.ipFamilyPolicy"),
    ({"spec.type": "ExternalName"}, "spec.externalName"),
    ({**NAME, "spec.externalName": "2001:db8::1"}, "spec.externalName"),
    ({**NAME, "spec.clusterIP": "10.0.0.1"}, "spec.clusterIP"),
    ({**NAME, "spec.ipFamilies": ["IPv4"]}, "spec.ipFamilies"),
]

PATH = "spec.rules.0.http.paths.0"
AT = "spec.rules[0].http.paths[0]"
OLD = "kubernetes.io/ingress.class"

INGRESSES: list[tuple[Changes, str]] = [
    ({"apiVersion": "networking.k8s.io/v1beta1"}, "apiVersion"),
    ({"spec": {}}, "spec"),
    ({"spec.rules": GONE}, "spec"),
    ({"spec.ingressClassName": ""}, "spec.ingressClassName"),
    ({"spec.ingressClassName": "No"}, "spec.ingressClassName"),
    ({"metadata.annotations": {OLD: "other"}}, f"metadata.annotations['{OLD}']"),
    ({"spec.rules.0.host": "A.example.com"}, "spec.rules[0].host"),
    ({"spec.rules.0.host": "10.0.0.1"}, "spec.rules[0].host"),
    ({"spec.rules.0.host": "a.example.com:80"}, "spec.rules[0].host"),
    ({"spec.rules.0.host": "*"}, "spec.rules[0].host"),
    ({"spec.rules.0.host": "a.*.com"}, "spec.rules[0].host"),
    ({"spec.rules.0.http.paths": []}, "spec.rules[0].http.paths"),
    ({f"{PATH}.pathType": GONE}, f"{AT}.pathType"),
    ({f"{PATH}.pathType": "prefix"}, f"{AT}.pathType"),
    ({f"{PATH}.path": ""}, f"{AT}.path"),
    ({f"{PATH}.path": "a"}, f"{AT}.path"),
    ({f"{PATH}.path": "/a//b"}, f"{AT}.path"),
    ({f"{PATH}.path": "/a/.."}, f"{AT}.path"),
    ({f"{PATH}.path": "/a%2Fb"}, f"{AT}.path"),
    ({f"{PATH}.path": "~a", f"{PATH}.pathType": "ImplementationSpecific"}, f"{AT}.path"),
    ({f"{PATH}.backend": GONE}, f"{AT}.backend"),
    ({f"{PATH}.backend": {}}, f"{AT}.backend"),
    ({f"{PATH}.backend": {"serviceName": "a", "servicePort": 80}}, f"{AT}.backend.serviceName"),
    ({f"{PATH}.backend.service.name": ""}, f"{AT}.backend.service.name"),
    ({f"{PATH}.backend.service.name": "A"}, f"{AT}.backend.service.name"),
    ({f"{PATH}.backend.service.port": {}}, f"{AT}.backend.service.port"),
    ({f"{PATH}.backend.service.port.number": 0}, f"{AT}.backend.service.port"),
    ({f"{PATH}.backend.service.port.number": 70000}, f"{AT}.backend.service.port.number"),
    ({f"{PATH}.backend.service.port": {"name": "a b"}}, f"{AT}.backend.service.port.name"),
    ({f"{PATH}.backend.service.port.name": "a"}, f"{AT}.backend.service.port"),
    ({f"{PATH}.backend.resource": {"kind": "A", "name": "a"}}, f"{AT}.backend.resource"),
    ({"spec.backend": {}}, "spec.backend"),
    ({"spec.defaultBackend": {}}, "spec.defaultBackend"),
    ({"spec.tls.0.hosts": ["a b"]}, "spec.tls[0].hosts[0]"),
    ({"spec.tls.0.secretName": "a b"}, "spec.tls[0].secretName"),
]


@pytest.mark.parametrize(("changes", "field"), SERVICES, ids=str)
def test_a_service_is_refused_for_the_field_that_is_wrong(
    read: Callable[[str], Any], changes: Changes, field: str
) -> None:
    """One thing is changed in a good one, and its field is the first that is named."""
    assert fields(read, changed(SERVICE, changes))[:1] == [field]


@pytest.mark.parametrize(("changes", "field"), INGRESSES, ids=str)
def test_an_ingress_is_refused_for_the_field_that_is_wrong(
    read: Callable[[str], Any], changes: Changes, field: str
) -> None:
    """One thing is changed in a good one, and its field is the first that is named."""
    assert fields(read, changed(INGRESS, changes))[:1] == [field]
