"""What Kubernetes itself demands of classes, snapshots, StatefulSets and LoadBalancers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cloudabstract.model import parse_duration

from ..paths import Path
from . import metadata, names
from .addresses import network
from .choices import choice, port_number
from .lookup import at, is_empty, items, mapping, text, texts, whole
from .remarks import Remark
from .rules_volumes import selector

_CONTROLLER = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/[-A-Za-z0-9_.~%]+)+", re.ASCII)
_PARAMETERS = 512
_PARAMETERS_BYTES = 256 * 2**10


def storage_class(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this StorageClass."""
    yield from metadata.rules(raw, names.wrong_subdomain, namespaced=False)
    yield from _driver(raw, "provisioner")
    yield from _parameters(raw)
    yield from choice(("reclaimPolicy",), at(raw, "reclaimPolicy"), ("Delete", "Retain"))
    modes = ("Immediate", "WaitForFirstConsumer")
    yield from choice(("volumeBindingMode",), at(raw, "volumeBindingMode"), modes)
    for number, term in enumerate(items(raw, "allowedTopologies")):
        for place, each in enumerate(items(term, "matchLabelExpressions")):
            path = ("allowedTopologies", number, "matchLabelExpressions", place)
            if not texts(each, "values"):
                yield Remark((*path, "values"), "is required")
            if (key := text(each, "key")) and (wrong := names.wrong_label_key(key)):
                yield Remark((*path, "key"), *wrong)


def attributes_class(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this VolumeAttributesClass."""
    yield from metadata.rules(raw, names.wrong_subdomain, namespaced=False)
    yield from _driver(raw, "driverName")
    if not mapping(raw, "parameters"):
        yield Remark(("parameters",), "is required")
    yield from _parameters(raw)


def _driver(raw: Any, key: str) -> Iterator[Remark]:
    name = at(raw, key)
    if name == "":
        yield Remark((key,), "is required")
    elif isinstance(name, str) and names.wrong_label_key(name.lower()):
        yield Remark((key,), f"{names.shown(name)} cannot be the name of a driver")


def _parameters(raw: Any) -> Iterator[Remark]:
    found = mapping(raw, "parameters")
    if "" in found:
        yield Remark(("parameters",), "a parameter needs a name")
    if len(found) > _PARAMETERS:
        yield Remark(
            ("parameters",), f"has {len(found)} entries; at most {_PARAMETERS} are allowed"
        )
    if sum(len(str(k)) + len(str(v)) for k, v in found.items()) > _PARAMETERS_BYTES:
        yield Remark(("parameters",), f"has more than {_PARAMETERS_BYTES // 2**10} KiB")


def snapshot(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this VolumeSnapshot."""
    yield from metadata.rules(raw, names.wrong_subdomain)
    source = mapping(raw, "spec", "source")
    given = [key for key in source if source[key] is not None]
    if isinstance(at(raw, "spec", "source"), dict) and len(given) != 1:
        message = "has either a persistentVolumeClaimName or a volumeSnapshotContentName"
        yield Remark(("spec", "source"), message)
    for key in given:
        if source[key] == "":
            yield Remark(("spec", "source", str(key)), "must not be empty")
    if at(raw, "spec", "volumeSnapshotClassName") == "":
        yield Remark(("spec", "volumeSnapshotClassName"), "must not be empty")


def snapshot_class(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this VolumeSnapshotClass."""
    yield from metadata.rules(raw, names.wrong_subdomain, namespaced=False)
    yield from _driver(raw, "driver")
    yield from choice(("deletionPolicy",), at(raw, "deletionPolicy"), ("Delete", "Retain"))


def snapshot_content(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this VolumeSnapshotContent."""
    yield from metadata.rules(raw, names.wrong_subdomain, namespaced=False)
    spec = mapping(raw, "spec")
    policies = ("Delete", "Retain")
    yield from choice(("spec", "deletionPolicy"), at(spec, "deletionPolicy"), policies)
    source = mapping(spec, "source")
    if isinstance(at(spec, "source"), dict) and len([e for e in source.values() if e]) != 1:
        yield Remark(("spec", "source"), "has either a volumeHandle or a snapshotHandle")
    for key in ("name", "namespace"):
        if mapping(spec, "volumeSnapshotRef") and not at(spec, "volumeSnapshotRef", key):
            yield Remark(("spec", "volumeSnapshotRef", key), "is required")


def ingress_class(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this IngressClass."""
    yield from metadata.rules(raw, names.wrong_subdomain, namespaced=False)
    controller = text(raw, "spec", "controller")
    if not controller:
        yield Remark(("spec", "controller"), "is required")
    elif not _CONTROLLER.fullmatch(controller) or len(controller) > 250:
        message = f"{names.shown(controller)} is not a domain and a path"
        yield Remark(("spec", "controller"), message, "write it as in example.com/ingress")
    parameters = mapping(raw, "spec", "parameters")
    scope, place = text(parameters, "scope"), text(parameters, "namespace")
    path: Path = ("spec", "parameters")
    yield from choice((*path, "scope"), scope or None, ("Cluster", "Namespace"))
    if scope == "Namespace" and not place:
        yield Remark((*path, "namespace"), "is required for the scope Namespace")
    if place and scope != "Namespace":
        yield Remark((*path, "namespace"), "is only for the scope Namespace")


def stateful_set(raw: Any) -> Iterator[Remark]:
    """Everything for which Kubernetes would refuse this StatefulSet, its claims included."""
    yield from metadata.rules(raw, names.wrong_subdomain)
    spec = mapping(raw, "spec")
    for steps in (("replicas",), ("ordinals", "start"), ("minReadySeconds",)):
        if (whole(spec, *steps) or 0) < 0:
            yield Remark(("spec", *steps), "must not be less than 0")
    policies = ("OrderedReady", "Parallel")
    yield from choice(("spec", "podManagementPolicy"), at(spec, "podManagementPolicy"), policies)
    strategies = ("RollingUpdate", "OnDelete")
    strategy = at(spec, "updateStrategy", "type")
    yield from choice(("spec", "updateStrategy", "type"), strategy, strategies)
    yield from selector(mapping(spec, "selector"), ("spec", "selector"))
    if at(spec, "selector") is not None and is_empty(at(spec, "selector")):
        yield Remark(("spec", "selector"), "must not be empty")
    yield from _pods(spec)


def _pods(spec: Any) -> Iterator[Remark]:
    template = mapping(spec, "template")
    found = mapping(template, "metadata", "labels")
    wanted = mapping(spec, "selector", "matchLabels")
    if template and any(found.get(key) != value for key, value in wanted.items()):
        path = ("spec", "template", "metadata", "labels")
        yield Remark(path, "the selector does not select them")
    pod = mapping(template, "spec")
    if at(pod, "containers") == []:
        yield Remark(("spec", "template", "spec", "containers"), "is required")


def load_balancer(raw: Any) -> Iterator[Remark]:
    """Everything for which KEP-6128 would refuse this LoadBalancer."""
    yield from metadata.rules(raw, names.wrong_subdomain)
    spec = mapping(raw, "spec")
    allowed = ("External", "Internal")
    yield from choice(("spec", "routability"), spec.get("routability"), allowed)
    path: Path = ("spec", "sessionAffinity", "type")
    yield from choice(path, at(spec, "sessionAffinity", "type"), ("None", "ClientIP"))
    for number, each in enumerate(texts(spec, "sourceRanges")):
        if network(each) is None:
            message = f"{names.shown(each)} is not a network in CIDR form"
            yield Remark(("spec", "sourceRanges", number), message)
    check = mapping(spec, "healthCheck")
    yield from port_number(("spec", "healthCheck", "port"), check.get("port"))
    try:
        parse_duration(text(check, "interval") or "1s")
    except ValueError as error:
        yield Remark(("spec", "healthCheck", "interval"), str(error))
