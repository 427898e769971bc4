"""A Service of type LoadBalancer becomes a balancer of class l4; other types stay in their cluster.

One pool, named after the Service, has all backends; see pools.py for who they are. A LoadBalancer
of KEP-6128 that belongs to the Service goes before it, field by field.
"""

from __future__ import annotations

from typing import Any

from cloudabstract.model import LoadBalancer

from ..document import Document
from . import annotated, kep, metadata, pools
from .addresses import network
from .annotations import Understood
from .drafts import Draft
from .lookup import items, labels, mapping, text, texts, whole
from .neighbours import Neighbours, key_of
from .remarks import BALANCER, CLUSTER, degrade, note
from .rules_service import kind_of

_CLASSES = {
    "service.k8s.aws/nlb": "",
    "eks.amazonaws.com/nlb": "",
    "networking.gke.io/l4-regional-external": "External",
    "networking.gke.io/l4-regional-internal": "Internal",
}  # controllers of l4 balancers, with the routability that they stand for


def stays(raw: Any) -> str:
    """Why this Service is not provisioned, or "" when it is."""
    kind = kind_of(raw.get("spec"))
    if kind == "LoadBalancer":
        return ""
    if kind == "ExternalName":
        return "an ExternalName is a name in a cluster's DNS; nothing to provision"
    return f"a Service of type {kind} stays in a cluster; nothing to provision"


def draft(document: Document, near: Neighbours) -> Draft:
    """The balancer that this Service asks for."""
    raw = document.raw
    spec = mapping(raw, "spec")
    made = Draft(LoadBalancer, metadata.portable(raw))
    known = Understood(raw, "Service")
    made.remarks += known.remarks
    _class(made, spec)
    _ports(made, document, near, known)
    _pool(made, document, near)
    _same_words(made, spec)
    annotated.fields(made, known)
    balancer = near.balancers.get(key_of(document))
    if balancer is not None:
        kep.overlay(made, balancer)
    annotated.health_check(made)
    return made


def _class(made: Draft, spec: Any) -> None:
    name = text(spec, "loadBalancerClass")
    if name in ("l4", "l7"):
        made.set("loadBalancerClass", name, "spec", "loadBalancerClass")
    elif _CLASSES.get(name):
        made.set("routability", _CLASSES[name], "spec", "loadBalancerClass")
    elif name:
        message = f"{name[:60]!r} is a cluster's controller; the target's balancer takes its place"
        say = note if name in _CLASSES else degrade
        made.remarks.append(say(CLUSTER, ("spec", "loadBalancerClass"), message))


def _ports(made: Draft, document: Document, near: Neighbours, known: Understood) -> None:
    targets = known.get("targetType", "")
    ports = []
    for number, each in enumerate(items(document.raw, "spec", "ports")):
        port = pools.known(mapping(each), document, near)
        made.remarks += pools.node_port(("spec", "ports", number), port, targets)
        ports.append(_port(port, targets))
    certificates = known.get("tls.certificates")
    if certificates:
        _encrypt(made, ports, certificates, known.get("tls.ports", ["*"]))
    made.set("ports", ports, "spec", "ports")


def _port(port: dict[str, Any], targets: str) -> dict[str, Any]:
    written = {
        "name": text(port, "name"),
        "protocol": text(port, "protocol"),
        "port": whole(port, "port"),
        "targetPort": pools.answers_on(port, targets),
        "appProtocol": text(port, "appProtocol"),
    }
    return {key: value for key, value in written.items() if value}


def _encrypt(
    made: Draft, ports: list[dict[str, Any]], certificates: list[str], chosen: list[str]
) -> None:
    """Annotations name the certificates for some ports, or for all of them."""
    for number, port in enumerate(ports):
        named = {"*", str(port.get("port")), str(port.get("name"))} & set(chosen)
        if named and port.get("protocol", "TCP") == "TCP":
            port["tls"] = {"certificateRefs": certificates}
            made.fields[f"spec.ports[{number}].tls"] = "metadata.annotations"


def _pool(made: Draft, document: Document, near: Neighbours) -> None:
    """One pool for hosts that are selected; for addresses one a port, as each has its own."""
    ports = [mapping(each) for each in items(document.raw, "spec", "ports")]
    if labels(document.raw, "spec", "selector"):
        pool = {"name": document.name, **pools.members(document, {}, near)}
        made.set("backends", [pool], "spec", "selector")
        return
    found = [pools.members(document, each, near) for each in ports]
    if not any(each["addresses"] for each in found):
        message = "selects nothing, and no Endpoints in the input give it an address"
        made.fields["spec.backends"] = "spec.selector"
        made.remarks.append(degrade("LB018", ("spec", "selector"), message, "add a selector"))
        return
    for number, (each, port) in enumerate(zip(found, made.spec["ports"], strict=True)):
        each["name"] = pools.name(document.name, str(number) if len(ports) > 1 else "")
        port["backend"] = each["name"]
    made.set("backends", found, "spec", "ports")


def _same_words(made: Draft, spec: Any) -> None:
    for key in ("sessionAffinity", "externalTrafficPolicy", "ipFamilyPolicy"):
        made.set(key, text(spec, key) or None, "spec", key)
    families = texts(spec, "ipFamilies")
    made.set("ipFamilies", families or None, "spec", "ipFamilies")
    if len(families) > 1 and not text(spec, "ipFamilyPolicy"):
        made.set("ipFamilyPolicy", "RequireDualStack", "spec", "ipFamilies")
    seconds = whole(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds")
    if seconds and made.spec.get("sessionAffinity") == "ClientIP":
        config = {"clientIP": {"timeoutSeconds": seconds}}
        made.set("sessionAffinityConfig", config, "spec", "sessionAffinityConfig")
    elif seconds:
        message = "has no use without sessionAffinity: ClientIP; Kubernetes leaves it out, too"
        made.remarks.append(note(CLUSTER, ("spec", "sessionAffinityConfig"), message))
    address = text(spec, "loadBalancerIP")
    made.set("addressRefs", [address] if address else None, "spec", "loadBalancerIP")
    source_ranges(made, texts(spec, "loadBalancerSourceRanges"), "loadBalancerSourceRanges")
    _distribution(made, text(spec, "trafficDistribution"))


def source_ranges(made: Draft, written: list[str], key: str) -> None:
    """Networks in canonical form, which is what Kubernetes makes of them, too."""
    for number, each in enumerate(written):
        if (meant := network(each)) and meant != each:
            path = ("spec", key, number)
            made.remarks.append(note(BALANCER, path, f"{each.strip()!r} means {meant}"))
    found = list(dict.fromkeys(filter(None, map(network, written))))
    made.set("sourceRanges", found or None, "spec", key)


def _distribution(made: Draft, written: str) -> None:
    path = ("spec", "trafficDistribution")
    if written in ("PreferClose", "PreferSameZone"):
        made.set("trafficDistribution", "PreferClose", *path)
    elif written:
        message = "traffic can be kept in a zone, not on a node"
        made.remarks.append(degrade(CLUSTER, path, message))
