"""An Ingress becomes a balancer of class l7 of its own, with one pool for each backend it names.

Controllers differ: some make one balancer for each Ingress, some one for all of a class. Here an
Ingress stays one resource, so that one can change or go without the others.

Ports are 80, and 443 with TLS. A request that no rule matches goes to the default backend; without
one it goes to a pool that has no members, which answers with an error.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from cloudabstract.model import LoadBalancer

from ..document import Document
from ..paths import Path
from . import annotated, metadata
from .annotations import Understood
from .drafts import Draft
from .ingress_pools import Pools
from .ingress_routes import routes
from .lookup import items, mapping, text, texts
from .neighbours import Key, Neighbours, key_of
from .remarks import BALANCER, Remark, degrade, note
from .rules_ingress import CLASS

_INTERNAL_CLASSES = ("gce-internal", "nginx-internal", "internal", "alb-internal")


def draft(document: Document, near: Neighbours) -> Draft:
    """The balancer that this Ingress asks for."""
    raw = document.raw
    made = Draft(LoadBalancer, metadata.portable(raw))
    known = Understood(raw, "Ingress")
    made.remarks += known.remarks
    _name(made, document, near)
    made.set("loadBalancerClass", "l7", "kind")
    _class(made, raw)
    pools = Pools(document, near, known.get("targetType", ""))
    default = pools.default(mapping(raw, "spec", "defaultBackend"))
    found, remarks = routes(mapping(raw, "spec"), pools)
    made.set("routes", found or None, "spec", "rules")
    _ports(made, raw, known, pools.protocol(known.get("appProtocol")))
    _share_target(made.spec["ports"], pools.written)
    for port in made.spec["ports"]:
        port["backend"] = default
    made.set("backends", pools.written, "spec", "rules")
    made.fields |= pools.fields
    made.remarks += [*remarks, *pools.remarks]
    annotated.fields(made, known)
    annotated.health_check(made)
    return made


def _name(made: Draft, document: Document, near: Neighbours) -> None:
    """A Service of type LoadBalancer has the name already where both are called the same."""
    if key_of(document) in near.taken:
        called = _free(key_of(document), near)
        made.metadata["name"] = called
        message = f"Service/{document.name} is a balancer of that name; this one is {called}"
        made.remarks.append(note(BALANCER, ("metadata", "name"), message))


def _free(key: Key, near: Neighbours) -> str:
    """The first name with a suffix that nobody has."""
    suffixes = itertools.chain(["-ingress"], (f"-ingress-{n}" for n in itertools.count(2)))
    names = (f"{key[1][: 253 - len(each)]}{each}" for each in suffixes)
    return next(each for each in names if (key[0], each) not in near.taken | near.ingresses)


def _class(made: Draft, raw: Any) -> None:
    name = text(raw, "spec", "ingressClassName") or metadata.annotations_of(raw).get(CLASS, "")
    if not name:
        return
    path: Path = ("spec", "ingressClassName")
    if not text(raw, "spec", "ingressClassName"):
        path = ("metadata", "annotations", CLASS)
    if name in _INTERNAL_CLASSES:
        made.set("routability", "Internal", *path)
    message = f"the controller {name[:60]!r} stays in a cluster; the target's own balancer routes"
    made.remarks.append(note(BALANCER, path, message))


def _ports(made: Draft, raw: Any, known: Understood, protocol: str) -> None:
    certificates = known.get("tls.certificates") or _certificates(made, raw)
    listeners = known.get("listeners")
    if listeners is None:
        plain = known.get("allowHttp", True) or not certificates
        listeners = [("HTTP", 80)] * plain + [("HTTPS", 443)] * bool(certificates)
    ports = [_port(kind, number, protocol) for kind, number in listeners]
    for port, (kind, _) in zip(ports, listeners, strict=True):
        if kind == "HTTPS":
            port["tls"] = {"certificateRefs": certificates or [made.metadata["name"]]}
    made.set("ports", ports, "spec", "tls" if certificates else "rules")
    made.remarks += _encryption(raw, known, certificates, [kind for kind, _ in listeners])


def _encryption(
    raw: Any, known: Understood, certificates: list[str], spoken: list[str]
) -> Iterator[Remark]:
    """What is to be said where certificates and listeners do not go together."""
    path: Path = ("spec", "tls")
    if known.get("tls.certificates") and items(raw, *path):
        yield note(BALANCER, path, "an annotation names the certificates; these are not used")
    if certificates and "HTTPS" not in spoken:
        yield degrade(BALANCER, path, "no listener speaks HTTPS, so no certificate is used")
    if "HTTPS" in spoken and not certificates:
        message = "no certificate is named; the one with the Ingress's name is used"
        yield degrade(BALANCER, path, message, "name a secret")


def _share_target(ports: list[dict[str, Any]], pools: list[dict[str, Any]]) -> None:
    """When all pools listen on the same port, it is told once, with the ports."""
    found = {each["targetPort"] for each in pools if "targetPort" in each}
    if len(found) == 1:
        for each in pools:
            each.pop("targetPort", None)
        shared = found.pop()
        for port in ports:
            port["targetPort"] = shared


def _port(kind: str, number: int, protocol: str) -> dict[str, Any]:
    name = {("HTTP", 80): "http", ("HTTPS", 443): "https"}.get((kind, number))
    written = {"name": name or f"{kind.lower()}-{number}", "port": number}
    return {**written, "appProtocol": protocol} if protocol else written


def _certificates(made: Draft, raw: Any) -> list[str]:
    """Secrets by name, as certificates that the target's settings know by the same name."""
    found = []
    for number, each in enumerate(items(raw, "spec", "tls")):
        secret, hosts = text(each, "secretName"), texts(each, "hosts")
        if secret:
            found.append(secret)
            if hosts:
                message = "the certificate itself says for which hosts it is"
                made.remarks.append(note(BALANCER, ("spec", "tls", number, "hosts"), message))
            continue
        found.append(hosts[0] if hosts else made.metadata["name"])
        message = f"names no secret; the certificate called {found[-1]!r} is used"
        made.remarks.append(note(BALANCER, ("spec", "tls", number), message))
    return list(dict.fromkeys(found))
