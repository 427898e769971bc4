"""What Kubernetes itself demands of an Ingress."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..paths import Path
from . import metadata, names
from .choices import choice, port_number
from .lookup import at, items, mapping, text, texts
from .remarks import Remark

PATH_TYPES = ("Exact", "Prefix", "ImplementationSpecific")
CLASS = "kubernetes.io/ingress.class"
_ODD = ("//", "/./", "/../", "%2f", "%2F")


def rules(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this Ingress."""
    yield from metadata.rules(raw, names.wrong_subdomain)
    spec = mapping(raw, "spec")
    default = at(spec, "defaultBackend")
    if default is None and not items(spec, "rules"):
        message = "either rules or a defaultBackend is required"
        yield Remark(("spec",), message)
    if isinstance(default, dict):
        yield from _backend(("spec", "defaultBackend"), default)
    for number, each in enumerate(items(spec, "rules")):
        yield from _rule(("spec", "rules", number), mapping(each))
    for number, each in enumerate(items(spec, "tls")):
        yield from _tls(("spec", "tls", number), each)
    yield from _class(raw)


def _class(raw: Any) -> Iterator[Remark]:
    name, old = at(raw, "spec", "ingressClassName"), metadata.annotations_of(raw).get(CLASS)
    if not isinstance(name, str):
        return
    if wrong := names.wrong_subdomain(name):
        yield Remark(("spec", "ingressClassName"), *wrong)
    if old is not None and old != name:
        message = f"is not the same as ingressClassName, which is {names.shown(name)}"
        yield Remark(("metadata", "annotations", CLASS), message, "leave it out")


def _rule(path: Path, rule: dict[str, Any]) -> Iterator[Remark]:
    host = text(rule, "host")
    if host and (wrong := names.wrong_host(host)):
        yield Remark((*path, "host"), *wrong)
    if not isinstance(rule.get("http"), dict):
        return
    paths = items(rule, "http", "paths")
    if not paths:
        yield Remark((*path, "http", "paths"), "is required")
    for number, each in enumerate(paths):
        yield from _path((*path, "http", "paths", number), mapping(each))


def _path(path: Path, written: dict[str, Any]) -> Iterator[Remark]:
    kind = written.get("pathType")
    if kind is None:
        yield Remark((*path, "pathType"), "is required", f"one of {', '.join(PATH_TYPES)}")
    yield from choice((*path, "pathType"), kind, PATH_TYPES)
    yield from _url_path((*path, "path"), text(written, "path"), kind)
    yield from _backend((*path, "backend"), mapping(written, "backend"))


def _url_path(path: Path, written: str, kind: Any) -> Iterator[Remark]:
    if kind == "ImplementationSpecific":
        if written and not written.startswith("/"):
            yield Remark(path, f"{names.shown(written)} does not start with '/'")
        return
    if kind not in ("Exact", "Prefix"):
        return
    if not written.startswith("/"):
        yield Remark(
            path, f"{names.shown(written)} does not start with '/'" if written else "is required"
        )
    elif any(each in written for each in _ODD) or written.endswith(("/..", "/.")):
        message = f"{names.shown(written)} has '.', '..', %2f or nothing for a segment"
        yield Remark(path, message)


def _backend(path: Path, backend: dict[str, Any]) -> Iterator[Remark]:
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        yield Remark((*path, "resource"), "a backend is a service or a resource, not both")
    if service is None and resource is None:
        yield Remark(path, "a service or a resource is required")
    if isinstance(resource, dict):
        for key in ("kind", "name"):
            if not resource.get(key):
                yield Remark((*path, "resource", key), "is required")
    if isinstance(service, dict):
        yield from _service((*path, "service"), service)


def _service(path: Path, service: dict[str, Any]) -> Iterator[Remark]:
    name = service.get("name")
    if not name:
        yield Remark((*path, "name"), "is required")
    elif isinstance(name, str) and (wrong := names.wrong_label(name)):
        yield Remark((*path, "name"), *wrong)
    number, called = at(service, "port", "number"), text(service, "port", "name")
    if number and called:
        yield Remark((*path, "port"), "a port is given by number or by name, not by both")
    elif not number and not called:
        yield Remark((*path, "port"), "a number or a name is required")
    elif called and (wrong := names.wrong_port_name(called)):
        yield Remark((*path, "port", "name"), *wrong)
    else:
        yield from port_number((*path, "port", "number"), number)


def _tls(path: Path, written: Any) -> Iterator[Remark]:
    for number, host in enumerate(texts(written, "hosts")):
        if wrong := names.wrong_pattern(host):
            yield Remark((*path, "hosts", number), *wrong)
    secret = text(written, "secretName")
    if secret and (wrong := names.wrong_subdomain(secret)):
        yield Remark((*path, "secretName"), *wrong)
