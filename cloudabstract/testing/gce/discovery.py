"""Google's own description of the API: which methods there are, and what each may be told.

google-api-python-client ships the discovery documents of all Google APIs. The one of Compute
Engine is read once, found without importing the client, and cut down to the resources emulated.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import pathlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract import errors

RESOURCES = (
    *("disks", "regionDisks", "snapshots", "diskTypes", "instances", "instanceGroups"),
    *("networkEndpointGroups", "addresses", "globalAddresses", "networks", "subnetworks"),
    *("forwardingRules", "globalForwardingRules", "backendServices", "regionBackendServices"),
    *("healthChecks", "regionHealthChecks", "firewalls", "urlMaps", "regionUrlMaps"),
    *("targetHttpProxies", "regionTargetHttpProxies", "targetHttpsProxies"),
    *("regionTargetHttpsProxies", "sslCertificates", "regionSslCertificates"),
    *("zones", "regions", "projects", "zoneOperations", "regionOperations", "globalOperations"),
)


@dataclass(frozen=True)
class Method:
    """One method of the API, as the document has it."""

    id: str  # compute.disks.insert
    verb: str  # POST
    template: str  # projects/{project}/zones/{zone}/disks
    parameters: Mapping[str, Mapping[str, Any]]
    request: str  # name of the body's schema, or ""
    response: str

    @property
    def resource(self) -> str:
        return self.id.split(".")[1]

    @property
    def name(self) -> str:
        return self.id.split(".")[2]

    @functools.cached_property
    def expression(self) -> re.Pattern[str]:
        """What a path of this method looks like; the groups are its parameters."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template))


@dataclass(frozen=True)
class Document:
    """The part of the discovery document that is used."""

    revision: str
    methods: tuple[Method, ...]
    schemas: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Mapping[str, Any]]  # those that every method takes

    def properties(self, schema: str) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.schemas[schema].get("properties", {})
        return found

    def kind(self, schema: str) -> str:
        """The constant in a resource's `kind`, e.g. `compute#disk`."""
        return str(self.properties(schema).get("kind", {}).get("default", ""))

    def items(self, schema: str) -> str:
        """The schema of the elements of a list's `items`."""
        listed = self.properties(schema)["items"]
        return str((listed.get("items") or listed["additionalProperties"])["$ref"])


def path() -> pathlib.Path:
    """Where the document lies. Raises ConfigError when google-api-python-client is missing."""
    found = importlib.util.find_spec("googleapiclient")
    if found is None or not found.submodule_search_locations:
        raise errors.ConfigError(
            "the Compute Engine emulator reads Google's discovery document, which comes with "
            "google-api-python-client: install cloudabstract[gce-emulator]"
        )
    folder = pathlib.Path(next(iter(found.submodule_search_locations)))
    return folder / "discovery_cache" / "documents" / "compute.v1.json"


@functools.cache
def document() -> Document:
    """The document, read on first use and kept."""
    raw = json.loads(path().read_text(encoding="utf-8"))
    methods = tuple(
        _method(described)
        for resource in RESOURCES
        for described in raw["resources"][resource]["methods"].values()
    )
    return Document(raw["revision"], methods, _used(raw["schemas"], methods), raw["parameters"])


def _method(described: Mapping[str, Any]) -> Method:
    return Method(
        id=described["id"],
        verb=described["httpMethod"],
        template=described["flatPath"],
        parameters=described.get("parameters", {}),
        request=described.get("request", {}).get("$ref", ""),
        response=described.get("response", {}).get("$ref", ""),
    )


def _used(schemas: Mapping[str, Any], methods: tuple[Method, ...]) -> dict[str, Any]:
    """The schemas that the methods' bodies and answers reach, and those these reach in turn."""
    wanted = {name for method in methods for name in (method.request, method.response) if name}
    kept: dict[str, Any] = {}
    while wanted:
        name = wanted.pop()
        kept[name] = schemas[name]
        wanted |= set(re.findall(r'"\$ref": "(\w+)"', json.dumps(schemas[name]))) - set(kept)
    return kept
