"""Bodies checked against Google's schemas: fields, types, enums, patterns, and what is required.

The first thing wrong is answered with 400, as Compute Engine does. What the document marks as
output only is dropped without a word, so a resource can be read, changed and sent back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.testing.gce import discovery, errors

_KEPT = {("InstanceGroup", "network")}  # said to be output only, yet honoured when it is sent


@dataclass(frozen=True)
class Checker:
    """Checks bodies; `reject_unknown` says whether a field that no schema has is an error."""

    document: discovery.Document
    reject_unknown: bool = True

    def body(self, schema: str, body: Any, method: discovery.Method) -> dict[str, Any]:
        """A clean copy of `body`: 64-bit numbers as text, output-only fields gone.

        Nulls stay only in a patch, where they mean removal. Raises ApiError 400.
        """
        if not isinstance(body, dict):
            raise errors.bad_request("Invalid JSON payload received. An object is expected.")
        clean = self._fields(schema, body, "resource")
        if method.verb != "PATCH":
            clean = _without_nulls(clean)
        if method.name in ("insert", "createSnapshot"):
            self._required(schema, clean, method)
        return clean

    def _required(self, schema: str, body: Mapping[str, Any], method: discovery.Method) -> None:
        for name, described in self.document.properties(schema).items():
            demanded = described.get("annotations", {}).get("required", ())
            if (method.id in demanded or name == "name") and not body.get(name):
                raise errors.required(f"resource.{name}")

    def _fields(self, schema: str, body: dict[str, Any], at: str) -> dict[str, Any]:
        return self._object(schema, self.document.properties(schema), body, at)

    def _object(
        self, schema: str, known: Mapping[str, Any], body: dict[str, Any], at: str
    ) -> dict[str, Any]:
        clean: dict[str, Any] = {}
        for name, value in body.items():
            described = known.get(name)
            if described is None:
                self._unknown(name, at)
            elif (schema, name) in _KEPT or not output_only(described):
                clean[name] = self._value(described, value, f"{at}.{name}")
        return clean

    def _unknown(self, name: str, at: str) -> None:
        if self.reject_unknown:
            where = f"Unknown name \"{name}\" at '{at}': Cannot find field."
            raise errors.bad_request(f"Invalid JSON payload received. {where}")

    def _value(self, described: Mapping[str, Any], value: Any, at: str) -> Any:
        if value is None:
            return None
        if "$ref" in described:
            return self._fields(described["$ref"], _typed(dict, value, at), at)
        kind = described["type"]
        if kind == "array":
            listed = _typed(list, value, at)
            return [self._value(described["items"], v, f"{at}[{i}]") for i, v in enumerate(listed)]
        if kind == "object":
            return self._map(described, _typed(dict, value, at), at)
        return scalar(described, value, at)

    def _map(self, described: Mapping[str, Any], value: dict[str, Any], at: str) -> dict[str, Any]:
        if "properties" in described:
            return self._object("", described["properties"], value, at)
        inner = described.get("additionalProperties", {"type": "any"})
        return {name: self._value(inner, item, f"{at}.{name}") for name, item in value.items()}


def output_only(described: Mapping[str, Any]) -> bool:
    """Whether the server alone writes the field."""
    told = str(described.get("description", ""))
    return bool(described.get("readOnly")) or told.startswith("[Output Only]")


def scalar(described: Mapping[str, Any], value: Any, at: str) -> Any:
    """`value` as the type the document gives. Raises ApiError 400 when it cannot be that."""
    kind, form = described["type"], described.get("format", "")
    if kind == "any":
        return value
    if form in ("int64", "uint64"):
        return str(_integer(value, form, at))
    if kind == "integer":
        return _bounded(described, _integer(value, form, at), at)
    if kind == "boolean":
        return _typed(bool, value, at)
    if kind == "number":
        return _number(value, at)
    return _text(described, _typed(str, value, at), at)


def _integer(value: Any, form: str, at: str) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise errors.invalid(at, value, "Must be an integer.")
    bits = 64 if form.endswith("64") else 32
    low, high = (0, 2**bits) if form.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    if not low <= int(value) < high:
        raise errors.invalid(at, value, f"Out of range for {form}.")
    return int(value)


def _bounded(described: Mapping[str, Any], value: int, at: str) -> int:
    if value < int(described.get("minimum", value)):
        raise errors.invalid(at, value, f"Must be at least {described['minimum']}")
    if value > int(described.get("maximum", value)):
        raise errors.invalid(at, value, f"Must be at most {described['maximum']}")
    return value


def _number(value: Any, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise errors.invalid(at, value, "Must be a number.")
    return float(value)


def _text(described: Mapping[str, Any], value: str, at: str) -> str:
    pattern, choices = described.get("pattern"), described.get("enum")
    if pattern and value and not re.fullmatch(pattern, value):
        raise errors.no_match(at, value, pattern)
    if choices and value not in choices:
        raise errors.invalid(at, value)
    return value


def _typed(kind: type, value: Any, at: str) -> Any:
    if not isinstance(value, kind):
        raise errors.invalid(at, value, f"Must be of type {kind.__name__}.")
    return value


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
