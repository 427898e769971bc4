"""Whether a manifest has only fields that Kubernetes knows, each of the type that it should have.

This is what the API server does when it decodes strictly, which is what kubectl asks for: an
unknown field is an error, text is no number, a number is no text. The status is not looked at,
because whoever applies a manifest does not write it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from .. import hints
from ..paths import Path
from ..sentences import shown
from . import tables
from .lookup import OCTAL, at
from .remarks import Remark

_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?", re.ASCII)


@functools.cache
def _table(part: str) -> dict[str, Any]:
    known: dict[str, Any] = {**tables.load("fields")[part], **tables.load("fields_more")[part]}
    return known


def type_of(api_version: str, kind: str) -> str:
    """The name of the type of a kind's documents, or "" when the kind is not read."""
    found: str = _table("kinds").get(f"{api_version}/{kind}", "")
    return found


def fields_of(name: str) -> dict[str, str]:
    """The fields of a type and their types; empty for what is no record."""
    found: dict[str, str] = _table("types").get(name, {})
    return found


def required(name: str) -> tuple[str, ...]:
    """The fields that a type has to have."""
    return tuple(_table("required").get(name, ()))


def check(raw: dict[str, Any], name: str) -> Iterator[Remark]:
    """Everything in `raw` that a document of the type `name` cannot have, or has to have."""
    yield from _record({key: each for key, each in raw.items() if key != "status"}, name, ())


def _value(value: Any, kind: str, path: Path) -> Iterator[Remark]:
    if kind == "any" or value is None:
        return
    if kind.startswith("["):
        yield from _items(value, kind[1:-1], path)
    elif kind.startswith("{"):
        yield from _entries(value, kind[1:-1], path)
    elif kind in _SCALARS:
        if not _SCALARS[kind](value):
            yield Remark(
                path,
                f"{shown(value)} stands where {_CALLED[kind]} is expected",
                _remedy(value, kind),
            )
    else:
        yield from _record(value, kind, path)


def _record(value: Any, name: str, path: Path) -> Iterator[Remark]:
    if not isinstance(value, dict):
        yield Remark(path, f"{shown(value)} stands where a mapping is expected")
        return
    known = fields_of(name)
    for key, each in value.items():
        if key in known:
            yield from _value(each, known[key], (*path, key))
        else:
            here = (*path, str(key))
            yield Remark(here, "Kubernetes has no such field", _did_you_mean(key, known))
    for key in required(name):
        if value.get(key) is None:
            yield Remark((*path, key), "is required")


def _did_you_mean(key: Any, known: dict[str, str]) -> str:
    return hints.nearest(str(key), known)


def _items(value: Any, kind: str, path: Path) -> Iterator[Remark]:
    if not isinstance(value, list):
        yield Remark(path, f"{shown(value)} stands where a list is expected")
        return
    for number, each in enumerate(value):
        yield from _value(each, kind, (*path, number))


def _entries(value: Any, kind: str, path: Path) -> Iterator[Remark]:
    if not isinstance(value, dict):
        yield Remark(path, f"{shown(value)} stands where a mapping is expected")
        return
    for key, each in value.items():
        yield from _value(each, kind, (*path, str(key)))


def _is_whole(value: Any) -> bool:
    return type(value) is int or (isinstance(value, float) and value.is_integer())


def is_octal(raw: Any, path: Path) -> bool:
    """Whether text stands at `path` that YAML 1.1 takes for a number, unless it is quoted."""
    value = at(raw, *path)
    return isinstance(value, str) and OCTAL.fullmatch(value) is not None


def _is_quantity(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


_SCALARS = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_whole,
    "number": lambda value: _is_quantity(value) and not isinstance(value, str),
    "intOrString": lambda value: isinstance(value, str) or _is_whole(value),
    "quantity": _is_quantity,
}
_CALLED = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "intOrString": "a whole number or text",
    "quantity": "a quantity",
}


def _remedy(value: Any, kind: str) -> str:
    if kind == "string" and not isinstance(value, dict | list):
        return f'quote it: "{shown(value)}"'
    if isinstance(value, str) and kind in ("integer", "boolean"):
        bare = value in ("true", "false") if kind == "boolean" else _NUMBER.fullmatch(value)
        return "leave out the quotes" if bare else ""
    return ""
