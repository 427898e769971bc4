"""Balancers as Services and Ingresses.

A balancer of class l7 becomes an Ingress and a Service for each of its pools; any other one becomes
a Service of type LoadBalancer. Members by address become an EndpointSlice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudabstract.model import LoadBalancer, Metadata, Resource

from .. import addresses
from ..ingress_pools import NOBODY
from ..lookup import items, labels
from .manifests import Manifest, Shelf, filled, manifest

Spec = dict[str, Any]


def balancer(resource: Resource, spec: Spec, shelf: Shelf) -> list[Manifest]:
    """The manifests of a balancer; the one that stands for it comes first."""
    assert isinstance(resource, LoadBalancer)
    if spec.get("loadBalancerClass") == "l7":
        return _ingress(resource, spec, shelf)
    pools = items(spec, "backends")
    pool = pools[0] if len(pools) == 1 else {}
    wanted = {
        "type": "LoadBalancer",
        "selector": labels(pool, "selector", "matchLabels"),
        "ports": [_port(each) for each in spec["ports"]],
        "loadBalancerSourceRanges": spec.get("sourceRanges"),
        **{key: spec.get(key) for key in _SAME},
    }
    refs = items(spec, "addressRefs")
    if len(refs) == 1:
        wanted["loadBalancerIP"] = refs[0]
    service = manifest(resource, "v1", "Service", spec=filled(**wanted))
    shelf.put(service)
    return [service, *_slice(service, pool)]


_SAME = (
    "externalTrafficPolicy",
    "ipFamilies",
    "ipFamilyPolicy",
    "sessionAffinity",
    "sessionAffinityConfig",
    "trafficDistribution",
)


def _port(port: Spec) -> Spec:
    keys = ("name", "protocol", "port", "targetPort", "appProtocol")
    return {key: port[key] for key in keys if key in port}


def _ingress(resource: LoadBalancer, spec: Spec, shelf: Shelf) -> list[Manifest]:
    first = spec["ports"][0]
    services: list[Manifest] = []
    backends: dict[str, Spec] = {}
    for pool in items(spec, "backends"):
        backend, made = _pool(resource, pool, first, shelf)
        backends[pool["name"]] = backend
        services += made
    default = first.get("backend") or next(iter(backends), "")
    refs = [ref for port in spec["ports"] for ref in items(port, "tls", "certificateRefs")]
    wanted = filled(
        defaultBackend=backends.get(default) if default != NOBODY else None,
        tls=[{"secretName": ref} for ref in dict.fromkeys(refs)],
        rules=_rules(items(spec, "routes"), backends),
    )
    return [manifest(resource, "networking.k8s.io/v1", "Ingress", spec=wanted), *services]


def _rules(routes: list[Spec], backends: dict[str, Spec]) -> list[Spec]:
    """One rule for each stretch of routes with the same host."""
    rules: list[Spec] = []
    for route in routes:
        host = filled(host=route.get("host"))
        if not rules or {k: v for k, v in rules[-1].items() if k == "host"} != host:
            rules.append({**host, "http": {"paths": []}})
        path = {"path": route.get("path", "/"), "pathType": route.get("pathType", "Prefix")}
        written = {**path, "backend": backends.get(route["backend"], {})}
        rules[-1]["http"]["paths"].append(written)
    return rules


def _pool(
    resource: LoadBalancer, pool: Spec, port: Spec, shelf: Shelf
) -> tuple[Spec, list[Manifest]]:
    """The backend that names the pool's Service, and the Service; nobody is behind none."""
    target = pool.get("targetPort") or port.get("targetPort") or port["port"]
    number = target if isinstance(target, int) else port["port"]
    name = pool["name"]
    made: list[Manifest] = []
    if "selector" in pool or items(pool, "addresses"):
        said = filled(port=number, targetPort=target, appProtocol=port.get("appProtocol"))
        wanted = filled(selector=labels(pool, "selector", "matchLabels"), ports=[said])
        bare = replace(resource, metadata=Metadata(name, resource.metadata.namespace))
        other = f"{name}-{resource.metadata.name}"[:63]
        service = shelf.put(manifest(bare, "v1", "Service", spec=wanted), other)
        name = service["metadata"]["name"]
        made = [service, *_slice(service, pool)]
    return {"service": {"name": name, "port": {"number": number}}}, made


def _slice(service: Manifest, pool: Spec) -> list[Manifest]:
    """Members by address, where a slice can say all about them."""
    members = items(pool, "addresses")
    ports = {each.get("port") for each in members}
    kind = _kind_of([each["address"] for each in members])
    if not kind or len(ports) > 1 or any("weight" in each for each in members):
        return []
    name, namespace = service["metadata"]["name"], service["metadata"].get("namespace")
    label = {"kubernetes.io/service-name": name}
    metadata = filled(name=f"{name}-addresses", namespace=namespace, labels=label)
    made: Manifest = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": metadata,
    }
    made["addressType"] = kind
    made["endpoints"] = [{"addresses": [each["address"]]} for each in members]
    if None not in ports:
        number = ports.pop()
        made["ports"] = [
            filled(name=each.get("name"), port=number) for each in items(service, "spec", "ports")
        ]
    return [made]


def _kind_of(members: list[str]) -> str:
    """The type of a slice that may have all of them: they are of one family, and none special."""
    found = [addresses.address(each) for each in members]
    kinds = {addresses.family(e) if e and not addresses.special(e) else "" for e in found}
    return kinds.pop() if len(kinds) == 1 else ""
