"""What Kubernetes itself demands of a Service, of any type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..paths import Path
from . import metadata, names, rules_addresses
from .choices import between, choice, port_number
from .lookup import at, items, mapping, text, texts
from .remarks import Remark

TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_CHOICES = {
    "type": TYPES,
    "sessionAffinity": ("None", "ClientIP"),
    "externalTrafficPolicy": ("Cluster", "Local"),
    "internalTrafficPolicy": ("Cluster", "Local"),
    "ipFamilyPolicy": ("SingleStack", "PreferDualStack", "RequireDualStack"),
    "trafficDistribution": ("PreferClose", "PreferSameZone", "PreferSameNode"),
}
_BALANCER_ONLY = (
    "allocateLoadBalancerNodePorts",
    "loadBalancerClass",
    "loadBalancerSourceRanges",
)


def rules(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this Service."""
    yield from metadata.rules(raw, names.wrong_label)
    spec = mapping(raw, "spec")
    for key, allowed in _CHOICES.items():
        yield from choice(("spec", key), spec.get(key), allowed)
    yield from metadata.label_rules(mapping(spec, "selector"), ("spec", "selector"))
    yield from _ports(spec)
    yield from _of_type(spec)
    yield from _traffic(spec)
    yield from rules_addresses.rules(raw, spec, kind_of(spec))
    yield from _affinity(spec)


def kind_of(spec: Any) -> str:
    """The type of a Service, ClusterIP by default."""
    return text(spec, "type") or "ClusterIP"


def is_headless(spec: Any) -> bool:
    """Whether the Service has no address of its own."""
    return text(spec, "clusterIP") == "None" or texts(spec, "clusterIPs")[:1] == ["None"]


def _ports(spec: Any) -> Iterator[Remark]:
    ports = items(spec, "ports")
    if not ports and kind_of(spec) != "ExternalName" and not is_headless(spec):
        yield Remark(("spec", "ports"), "is required")
    for number, port in enumerate(ports):
        path = ("spec", "ports", number)
        yield from _port(path, mapping(port), kind_of(spec))
        if len(ports) > 1 and isinstance(port, dict) and not port.get("name"):
            yield Remark((*path, "name"), "is required when there is more than one port")
    yield from _told_apart(ports)


def _port(path: Path, port: dict[str, Any], kind: str) -> Iterator[Remark]:
    yield from port_number((*path, "port"), port.get("port"))
    yield from choice((*path, "protocol"), port.get("protocol"), ("TCP", "UDP", "SCTP"))
    target = port.get("targetPort")
    if isinstance(target, str) and target:
        if wrong := names.wrong_port_name(target):
            yield Remark((*path, "targetPort"), *wrong)
    elif target:
        yield from port_number((*path, "targetPort"), target)
    if port.get("nodePort"):
        yield from port_number((*path, "nodePort"), port["nodePort"])
        if kind == "ClusterIP":
            message = "a Service of type ClusterIP has no node ports"
            yield Remark((*path, "nodePort"), message, "set type: NodePort or LoadBalancer")
    if (name := text(port, "name")) and (wrong := names.wrong_label(name)):
        yield Remark((*path, "name"), *wrong)
    protocol = text(port, "appProtocol")
    if protocol and (wrong := names.wrong_label_key(protocol)):
        message = f"{names.shown(protocol)} cannot be the name of a protocol"
        yield Remark((*path, "appProtocol"), message, wrong[1])


def _told_apart(ports: list[Any]) -> Iterator[Remark]:
    seen: set[tuple[str, Any]] = set()
    for number, port in enumerate(ports):
        protocol = text(port, "protocol") or "TCP"
        keys = {
            "name": text(port, "name"),
            "port": (at(port, "port"), protocol),
            "nodePort": (at(port, "nodePort"), protocol) if at(port, "nodePort") else "",
        }
        for key, value in keys.items():
            if value and str(value) != f"(None, '{protocol}')":
                if (key, str(value)) in seen:
                    shown = text(port, "name") if key == "name" else f"{value[0]}/{protocol}"
                    yield Remark(("spec", "ports", number, key), f"{shown} is given twice")
                seen.add((key, str(value)))


def _of_type(spec: Any) -> Iterator[Remark]:
    kind = kind_of(spec)
    if kind == "ExternalName":
        name = text(spec, "externalName")
        if not name:
            yield Remark(("spec", "externalName"), "is required for type ExternalName")
        elif wrong := names.wrong_subdomain(name.removesuffix(".")):
            yield Remark(("spec", "externalName"), *wrong)
    if kind in ("LoadBalancer", "NodePort") and is_headless(spec):
        message = f"a Service of type {kind} cannot be without an address of its own"
        where = "clusterIP" if text(spec, "clusterIP") else "clusterIPs"
        yield Remark(("spec", where), message, "leave it out")
    for key in _BALANCER_ONLY:
        if kind != "LoadBalancer" and kind in TYPES and at(spec, key) not in (None, [], ""):
            yield Remark(("spec", key), "is only for Services of type LoadBalancer")
    name = text(spec, "loadBalancerClass")
    if name and (wrong := names.wrong_label_key(name)):
        message = f"{names.shown(name)} cannot be the name of a class"
        yield Remark(("spec", "loadBalancerClass"), message, wrong[1])


def _traffic(spec: Any) -> Iterator[Remark]:
    """How it comes from outside, and where a Service's own health check may stand."""
    kind, policy = kind_of(spec), text(spec, "externalTrafficPolicy")
    outside = kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and _is_routed(spec))
    if policy and kind in TYPES and not outside:
        message = "is only for Services that are reached from outside"
        yield Remark(("spec", "externalTrafficPolicy"), message)
    checked = at(spec, "healthCheckNodePort") or None
    if checked and not (kind == "LoadBalancer" and policy == "Local"):
        message = "is only for type LoadBalancer with externalTrafficPolicy: Local"
        yield Remark(("spec", "healthCheckNodePort"), message)
    yield from port_number(("spec", "healthCheckNodePort"), checked)


def _is_routed(spec: Any) -> bool:
    return bool(items(spec, "externalIPs"))


def _affinity(spec: Any) -> Iterator[Remark]:
    """Without ClientIP Kubernetes throws the settings for it away, whatever they say."""
    if text(spec, "sessionAffinity") == "ClientIP":
        steps = ("sessionAffinityConfig", "clientIP", "timeoutSeconds")
        yield from between(("spec", *steps), at(spec, *steps), 1, 86400)
