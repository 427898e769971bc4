"""Field values: refs filled in, compared, and made canonical. Pure.

A value that is not known before its part exists is `UNKNOWN`; it compares unequal to everything, so
whoever points at a new object is changed with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudabstract.provider import Found, PartKey, Ref


class _Unknown:
    """The type of UNKNOWN."""

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN: Any = _Unknown()
_SCALARS = frozenset({str, int, bool, float, type(None)})  # what most values are


@dataclass(frozen=True)
class Delta:
    """One field of a change; JSON values, with the text of UNKNOWN for what is not known yet."""

    before: Any
    after: Any


def fill(value: Any, known: Callable[[PartKey], Found | None]) -> Any:
    """`value` with every Ref replaced by what it points at, or by UNKNOWN; tuples become lists."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, Ref):
        return point(value, known(value.to))
    if isinstance(value, Mapping):
        return {key: fill(item, known) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [fill(item, known) for item in value]
    return value


def point(ref: Ref, found: Found | None) -> Any:
    """The value of one Ref, given what was found of its target."""
    if found is None:
        return UNKNOWN
    if ref.field == "id":
        return found.id
    if ref.field == "name":
        return found.name
    value = found.fields.get(ref.field)
    return UNKNOWN if value is None else plain(value)


def plain(value: Any) -> Any:
    """`value` in one shape: lists for sequences, dicts for mappings."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Whether UNKNOWN is anywhere in `value`."""
    if value is UNKNOWN:
        return True
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    return isinstance(value, list) and any(has_unknown(item) for item in value)


def shown(value: Any) -> Any:
    """`value` for people and JSON: UNKNOWN as its text."""
    if value is UNKNOWN:
        return repr(UNKNOWN)
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return value


def canonical(value: Any) -> str:
    """One text for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def differences(
    wanted: Mapping[str, Any], found: Mapping[str, Any], ignored: frozenset[str]
) -> dict[str, Delta]:
    """The wanted fields whose found value is another; fields nobody asked for do not count."""
    deltas = {}
    for name, value in wanted.items():
        before = found.get(name)
        if name in ignored or (before == value and before is not UNKNOWN):
            continue
        before = plain(before)
        if before != value or has_unknown(value):
            deltas[name] = Delta(shown(before), shown(value))
    return deltas
