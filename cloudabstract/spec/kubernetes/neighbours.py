"""What the manifests of one input know of each other.

A Service gives an Ingress selectors and ports; Endpoints give addresses to a Service that selects
nothing; a LoadBalancer changes the Service of its name; a VolumeSnapshotClass decides what becomes
of snapshots. Where something is written twice the last one counts, as when it is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.model import DEFAULT_NAMESPACE

from .. import networks
from ..document import Document
from . import addresses, kinds, storing
from .lookup import items, mapping, text, whole
from .workloads import Pods, pods_of

Key = tuple[str, str]  # namespace, name


@dataclass(frozen=True)
class Endpoint:
    """An address that stands behind a Service, with ports by the names that the Service has."""

    address: str
    ports: dict[str, int]


@dataclass
class Neighbours:
    """Documents of one input by namespace and name."""

    services: dict[Key, Document] = field(default_factory=dict)
    balancers: dict[Key, Document] = field(default_factory=dict)  # by the Service they belong to
    claims: dict[Key, Document] = field(default_factory=dict)
    endpoints: dict[Key, list[Endpoint]] = field(default_factory=dict)
    snapshot_classes: dict[str, Document] = field(default_factory=dict)
    taken: set[Key] = field(default_factory=set)  # names of Services that are balancers
    ingresses: set[Key] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)  # classes of which claims ask to be shared
    pods: list[Pods] = field(default_factory=list)

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Neighbours:
        """The neighbours in `documents`."""
        found = cls()
        for each in documents:
            found._add(f"{kinds.group_of(each)}/{each.kind}", each)
        return found

    def _add(self, kind: str, document: Document) -> None:
        key = key_of(document)
        self.pods.extend(pods_of(document, key[0]))
        if kind == "/Service":
            self.services[key] = document
            if text(document.raw, "spec", "type") == "LoadBalancer":
                self.taken.add(key)
        elif kind == "networking.k8s.io/Ingress":
            self.ingresses.add(key)
        elif kind == "/PersistentVolumeClaim":
            self.claims[key] = document
            self._add_class(document.raw)
        elif kind == "apps/StatefulSet":
            for each in items(document.raw, "spec", "volumeClaimTemplates"):
                self._add_class(each)
        elif kind == "networking.k8s.io/LoadBalancer":
            self.balancers[service_of(document)] = document
        elif kind == "snapshot.storage.k8s.io/VolumeSnapshotClass":
            self.snapshot_classes[document.name] = document
        elif kind == "/Endpoints":
            self.endpoints.setdefault(key, []).extend(_subsets(document.raw))
        elif kind == "discovery.k8s.io/EndpointSlice":
            service = text(document.raw, "metadata", "labels", "kubernetes.io/service-name")
            self.endpoints.setdefault((key[0], service), []).extend(_slice(document.raw))

    def _add_class(self, claim: Any) -> None:
        name = storing.class_name(claim)
        if name and storing.is_shared(mapping(claim, "spec")):
            self.shared.add(name)


def key_of(document: Document) -> Key:
    """Namespace and name of a document."""
    return document.namespace or DEFAULT_NAMESPACE, document.name


def service_of(balancer: Document) -> Key:
    """The Service to which a LoadBalancer of KEP-6128 belongs."""
    name = text(balancer.raw, "spec", "serviceRef", "name") or balancer.name
    return balancer.namespace or DEFAULT_NAMESPACE, name


def _subsets(raw: Any) -> Iterator[Endpoint]:
    for subset in items(raw, "subsets"):
        ports = _ports(items(subset, "ports"))
        for each in items(subset, "addresses"):
            yield from _endpoint(text(each, "ip"), ports)


def _slice(raw: Any) -> Iterator[Endpoint]:
    ports = _ports(items(raw, "ports"))
    for each in items(raw, "endpoints"):
        if mapping(each, "conditions").get("ready") is not False:
            for address in items(each, "addresses"):
                yield from _endpoint(address, ports)


def _ports(written: list[Any]) -> dict[str, int]:
    found = {text(each, "name"): whole(each, "port") for each in written}
    return {name: port for name, port in found.items() if port and port < 65536}


def _endpoint(address: Any, ports: dict[str, int]) -> Iterator[Endpoint]:
    found = addresses.address(address) if isinstance(address, str) else None
    if found is not None and networks.wrong_address(str(found)) is None:
        yield Endpoint(str(found), ports)
