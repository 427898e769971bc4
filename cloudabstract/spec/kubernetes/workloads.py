"""The Pods of an input, as far as they help: containers give their ports names.

Pods themselves stay in a cluster. But a Service whose targetPort is a name means the number that
the containers of its Pods have under that name, and when their Deployment is in the same input that
number is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..document import Document
from .lookup import items, labels, mapping, text, whole

_TEMPLATES = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "ReplicationController"})
_WITH_PODS = _TEMPLATES | {"Pod", "StatefulSet"}


@dataclass(frozen=True)
class Pods:
    """What is known about the Pods of one workload."""

    namespace: str
    labels: dict[str, str]
    ports: dict[str, int]  # by name


def pods_of(document: Document, namespace: str) -> Iterator[Pods]:
    """The Pods that a document describes, if they have ports with names."""
    if document.kind not in _WITH_PODS:
        return
    pod = document.raw if document.kind == "Pod" else mapping(document.raw, "spec", "template")
    ports = {
        text(port, "name"): whole(port, "containerPort")
        for container in items(pod, "spec", "containers")
        for port in items(container, "ports")
    }
    known = {name: number for name, number in ports.items() if name and number}
    if known:
        yield Pods(namespace, labels(pod, "metadata", "labels"), known)


def number_of(name: str, namespace: str, selector: dict[str, str], pods: list[Pods]) -> int | None:
    """The number of a named port in the Pods that are selected; None unless all agree on one."""
    found = {
        each.ports[name]
        for each in pods
        if name in each.ports
        and each.namespace == namespace
        and selector
        and selector.items() <= each.labels.items()
    }
    return found.pop() if len(found) == 1 else None
