"""What all manifests that are written have in common, and which kind each resource becomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cloudabstract.model import DEFAULT_NAMESPACE, Resource, wire

from ..metadata import SPEC

Manifest = dict[str, Any]
OWN_DRIVER = "cloudabstract.dev"


@dataclass(frozen=True)
class Shelf:
    """The Services that are written already, by namespace and name."""

    services: dict[tuple[str, str], Manifest]

    def put(self, service: Manifest, *others: str) -> Manifest:
        """`service`, under one of the `others` if its name is taken by one that says otherwise."""
        for name in (service["metadata"]["name"], *others):
            made = {**service, "metadata": {**service["metadata"], "name": name}}
            key = (made["metadata"].get("namespace", ""), name)
            if self.services.setdefault(key, made) == made:
                return made
        return made


Writer = Callable[[Resource, dict[str, Any], Shelf], list[Manifest]]


def manifest(resource: Resource, api_version: str, kind: str, **parts: Any) -> Manifest:
    """A manifest with the resource's metadata; empty parts are left out."""
    metadata: dict[str, Any] = {"name": resource.metadata.name}
    if resource.NAMESPACED and resource.metadata.namespace != DEFAULT_NAMESPACE:
        metadata["namespace"] = resource.metadata.namespace
    for key in ("labels", "annotations"):
        if value := getattr(resource.metadata, key):
            metadata[key] = dict(value)
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **filled(**parts)}


def filled(**parts: Any) -> dict[str, Any]:
    """Those of `parts` that hold anything."""
    return {key: value for key, value in parts.items() if value not in (None, {}, [], "")}


def annotated(written: Manifest, overlay: dict[str, Any]) -> Manifest:
    """`written` with `overlay` in our own annotation."""
    metadata = dict(written["metadata"])
    said = json.dumps(overlay, sort_keys=True)
    metadata["annotations"] = {**metadata.get("annotations", {}), SPEC: said}
    return {**written, "metadata": metadata}


def sparse(resource: Resource) -> dict[str, Any]:
    """The spec of a resource as its document has it, without defaults."""
    spec: dict[str, Any] = wire.to_document(resource)["spec"]
    return spec


def full(resource: Resource) -> dict[str, Any]:
    """The same with defaults."""
    spec: dict[str, Any] = wire.to_document(resource, defaults=True)["spec"]
    return spec
