"""What Kubernetes itself demands of a Service, of any type."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from .. import hints
from ..paths import Path
from ..sentences import shown
from . import metadata, names
from .lookup import at, items, mapping, text, texts, whole
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
    yield from _addresses(spec)
    yield from _families(spec)
    yield from _affinity(spec)


def choice(path: Path, value: Any, allowed: tuple[str, ...]) -> Iterator[Remark]:
    """A remark when `value` is text that is not one of `allowed`."""
    if isinstance(value, str) and value not in allowed:
        near = hints.nearest(value, allowed)
        yield Remark(path, f"{names.shown(value)} is not one of {', '.join(allowed)}", near)


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


def port_number(path: Path, value: Any) -> Iterator[Remark]:
    """A remark when `value` is a number and no port."""
    number = whole(value)
    if number is not None and not 1 <= number <= 65535:
        yield Remark(path, f"{shown(number)} is not between 1 and 65535")


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
    if kind == "LoadBalancer" and is_headless(spec):
        message = "a Service of type LoadBalancer cannot be without an address of its own"
        yield Remark(("spec", "clusterIP"), message, "leave it out")
    for key in _BALANCER_ONLY:
        if kind != "LoadBalancer" and kind in TYPES and at(spec, key) not in (None, [], ""):
            yield Remark(("spec", key), "is only for Services of type LoadBalancer")
    outside = kind in ("NodePort", "LoadBalancer") or at(spec, "externalIPs")
    if text(spec, "externalTrafficPolicy") and kind in TYPES and not outside:
        message = "is only for Services that are reached from outside"
        yield Remark(("spec", "externalTrafficPolicy"), message)
    name = text(spec, "loadBalancerClass")
    if name and (wrong := names.wrong_label_key(name)):
        message = f"{names.shown(name)} cannot be the name of a class"
        yield Remark(("spec", "loadBalancerClass"), message, wrong[1])


def _addresses(spec: Any) -> Iterator[Remark]:
    own = [("clusterIP",), *(("clusterIPs", n) for n in range(len(items(spec, "clusterIPs"))))]
    for steps in own:
        value = text(spec, *steps)
        if value not in ("", "None") and not names.is_address(value):
            yield Remark(("spec", *steps), f"{names.shown(value)} is not an IP address")
    for number, value in enumerate(texts(spec, "externalIPs")):
        if not names.is_address(value):
            message = f"{names.shown(value)} is not an IP address"
            yield Remark(("spec", "externalIPs", number), message)
    for number, value in enumerate(texts(spec, "loadBalancerSourceRanges")):
        if network(value) is None:
            message = f"{names.shown(value)} is not a network in CIDR form"
            yield Remark(
                ("spec", "loadBalancerSourceRanges", number),
                message,
                "write it as in 203.0.113.0/24",
            )


def network(written: str) -> str | None:
    """A CIDR in its canonical form, or None when it is none. Kubernetes takes host bits."""
    try:
        return str(ipaddress.ip_network(written.strip(), strict=False)) if "/" in written else None
    except ValueError:
        return None


def _families(spec: Any) -> Iterator[Remark]:
    families = texts(spec, "ipFamilies")
    for number, each in enumerate(families):
        yield from choice(("spec", "ipFamilies", number), each, ("IPv4", "IPv6"))
    if len(families) > 2 or len(set(families)) < len(families):
        yield Remark(("spec", "ipFamilies"), "has at most IPv4 and IPv6, each once")
    elif len(families) == 2 and text(spec, "ipFamilyPolicy") == "SingleStack":
        yield Remark(("spec", "ipFamilies"), "two families need another ipFamilyPolicy")


def _affinity(spec: Any) -> Iterator[Remark]:
    path: Path = ("spec", "sessionAffinityConfig")
    if text(spec, "sessionAffinity") != "ClientIP":
        if mapping(spec, "sessionAffinityConfig", "clientIP"):
            yield Remark(path, "is only for sessionAffinity: ClientIP")
        return
    seconds = whole(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds")
    if seconds is not None and not 1 <= seconds <= 86400:
        message = f"{shown(seconds)} is not between 1 and 86400"
        yield Remark((*path, "clientIP", "timeoutSeconds"), message)
