"""Query parameters checked against Google's document, and turned into the types it gives."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from cloudabstract.testing.gce import discovery, errors, schemas

_PARTIAL = {"returnPartialSuccess": {"type": "boolean"}}  # named in the document's prose only


def check(
    document: discovery.Document,
    method: discovery.Method,
    query: Mapping[str, Sequence[str]],
    reject_unknown: bool,
) -> dict[str, Any]:
    """The query of a call, typed; a repeated parameter is a list.

    Parameters that every method takes (`alt`, `prettyPrint`, ...) are accepted and left out.
    Raises ApiError 400 for a value out of range and, if asked to, for an unknown name.
    """
    known = {**_PARTIAL, **method.parameters} if _lists(method) else method.parameters
    typed: dict[str, Any] = {}
    for name, given in query.items():
        if name in known:
            typed[name] = _value(known[name], given, name)
        elif reject_unknown and not {name, name.lstrip("$")} & set(document.parameters):
            raise errors.bad_request(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                "parameter."
            )
    _request_id(typed.get("requestId"))
    return typed


def _lists(method: discovery.Method) -> bool:
    return method.name in ("list", "aggregatedList")


def _value(described: Mapping[str, Any], given: Sequence[str], name: str) -> Any:
    if described.get("repeated"):
        return [_one(described, value, name) for value in given]
    return _one(described, given[-1], name)


def _one(described: Mapping[str, Any], value: str, name: str) -> Any:
    if described["type"] == "boolean":
        if value not in ("true", "false"):
            raise errors.invalid(name, value, "Must be true or false.")
        return value == "true"
    if described.get("minimum") == "0" and name == "maxResults":
        described = {**described, "maximum": "500"}  # the document says so in words
    return schemas.scalar(described, value, name)


def _request_id(given: str | None) -> None:
    if given is None:
        return
    try:
        zero = uuid.UUID(given).int == 0
    except ValueError:
        zero = True
    if zero:
        raise errors.invalid("requestId", given, "Must be a UUID other than the zero UUID.")
