"""Write the table of fields that Kubernetes allows, from its published API definitions.

    python tools/kubernetes_fields.py DEFINITIONS.json

DEFINITIONS.json is api/openapi-spec/swagger.json of a Kubernetes release, or a JSON Schema made
from it. Only the kinds that are read, and what they consist of, go into the table; descriptions do
not. Of a type `T`, `[T]` is a list and `{T}` a mapping with text for keys.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[1] / "cloudabstract/spec/kubernetes/tables/fields.json"
KINDS = {
    "v1/Service": "io.k8s.api.core.v1.Service",
    "v1/PersistentVolume": "io.k8s.api.core.v1.PersistentVolume",
    "v1/PersistentVolumeClaim": "io.k8s.api.core.v1.PersistentVolumeClaim",
    "storage.k8s.io/v1/StorageClass": "io.k8s.api.storage.v1.StorageClass",
    "storage.k8s.io/v1/VolumeAttributesClass": "io.k8s.api.storage.v1.VolumeAttributesClass",
    "networking.k8s.io/v1/Ingress": "io.k8s.api.networking.v1.Ingress",
    "apps/v1/StatefulSet": "io.k8s.api.apps.v1.StatefulSet",
}
_WORDS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intOrString",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
}

Definitions = dict[str, Any]


def main(source: str) -> None:
    """Write the table."""
    read = json.loads(Path(source).read_text(encoding="utf-8"))
    definitions: Definitions = read.get("definitions") or read["$defs"]
    names = _reached(definitions)
    table: dict[str, dict[str, Any]] = {
        "kinds": {kind: _short(name) for kind, name in KINDS.items()},
        "types": {_short(name): _fields(definitions[name]) for name in sorted(names, key=_short)},
        "required": {
            _short(name): definitions[name]["required"]
            for name in sorted(names, key=_short)
            if definitions[name].get("required")
        },
    }
    TABLE.write_text(_lines(table), encoding="utf-8")


def _reached(definitions: Definitions) -> set[str]:
    """Every record type that one of the kinds consists of."""
    found: set[str] = set()
    waiting = list(KINDS.values())
    while waiting:
        name = waiting.pop()
        if name in found or name in _WORDS:
            continue
        found.add(name)
        waiting.extend(_references(definitions[name].get("properties", {}).values()))
    return found


def _references(schemas: Any) -> Iterator[str]:
    for each in schemas:
        for schema in (each, each.get("items"), each.get("additionalProperties")):
            if isinstance(schema, dict) and "$ref" in schema:
                yield schema["$ref"].rpartition("/")[2]
            if isinstance(schema, dict) and schema is not each:
                yield from _references([schema])


def _fields(schema: Any) -> dict[str, str]:
    return {key: _type(each) for key, each in sorted(schema.get("properties", {}).items())}


def _type(schema: Any) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _WORDS.get(name) or _short(name)
    given = schema.get("type", "any")
    kind = next(each for each in given if each != "null") if isinstance(given, list) else given
    if kind == "array":
        return f"[{_type(schema['items'])}]"
    if kind == "object":
        inside = schema.get("additionalProperties")
        return f"{{{_type(inside)}}}" if isinstance(inside, dict) else "any"
    return str(kind)


def _short(name: str) -> str:
    """Names are unique without their packages among the types that are read."""
    return name.rpartition(".")[2]


def _lines(table: dict[str, dict[str, Any]]) -> str:
    """JSON with one type a line, so that a new release shows as a small diff."""
    parts = []
    for key, entries in table.items():
        lines = [f"{json.dumps(name)}: {json.dumps(each)}" for name, each in entries.items()]
        parts.append(f'"{key}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main(sys.argv[1])
