"""How a filter compares a field with the text that stands in the filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def equal(value: Any, wanted: str) -> bool:
    """Numbers compare as numbers, also those that the API writes as text."""
    if isinstance(value, bool):
        return wanted.lower() == str(value).lower()
    ours, theirs = _as_number(value), _as_number(wanted)
    if ours is not None and theirs is not None:
        return ours == theirs
    return str(value) == wanted


def _has(value: Any, wanted: str) -> bool:
    if wanted == "*":
        return True
    if isinstance(value, dict):
        return wanted in value
    return equal(value, wanted) or wanted.casefold() in str(value).casefold()


def _order(value: Any, wanted: str) -> int:
    """Below, at or above zero, as `value` is less than, equal to or more than `wanted`."""
    ours, theirs = _as_number(value), _as_number(wanted)
    if ours is None or theirs is None:
        return (str(value) > wanted) - (str(value) < wanted)
    return (ours > theirs) - (ours < theirs)


TESTS: dict[str, Callable[[Any, str], bool]] = {
    "=": equal,
    ":": _has,
    "<": lambda value, wanted: _order(value, wanted) < 0,
    "<=": lambda value, wanted: _order(value, wanted) <= 0,
    ">": lambda value, wanted: _order(value, wanted) > 0,
    ">=": lambda value, wanted: _order(value, wanted) >= 0,
}


def _as_number(value: Any) -> float | None:
    try:
        return None if isinstance(value, (bool, dict, list)) else float(value)
    except ValueError:
        return None
