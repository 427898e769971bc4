"""Field values and their differences, as short as they can be and still be understood."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cloudabstract.model import format_quantity

from ..terminal import cut, harmless

_BYTES = frozenset({"size", "restore_size", "capacity"})  # bytes by the contract of the seam
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))
_LONGEST = 60
_SILENT: tuple[Any, ...] = (None, "", [], {}, False, "(known after apply)")
_ARROW = " -> "


def differences(fields: Mapping[str, Any]) -> Iterator[str]:
    """One line for each leaf that differs: `health_check.interval: 10s -> 30s`."""
    for name, delta in fields.items():
        yield from _difference(name, delta["from"], delta["to"])


def values(fields: Mapping[str, Any]) -> str:
    """What a new object gets, in one line: `size 64Mi, tier fast`.

    What is empty or not known yet is left out; the size comes first, what has parts last.
    """
    given = {name: delta["to"] for name, delta in fields.items() if delta["to"] not in _SILENT}
    ordered = sorted(given, key=lambda name: (name not in _BYTES, _has_parts(given[name]), name))
    return ", ".join(f"{name} {value(name, given[name])}" for name in ordered)


def value(name: str, given: Any) -> str:
    """One value: sizes and durations as people write them, long ones cut."""
    leaf = name.rpartition(".")[2]
    if isinstance(given, int) and not isinstance(given, bool):
        if leaf in _BYTES:
            return format_quantity(given)
        if leaf.endswith("seconds"):
            return _duration(given)
    if given is None or given == "":
        return "(none)"
    if isinstance(given, str):
        return cut(given, _LONGEST)
    return cut(json.dumps(given, ensure_ascii=False, sort_keys=True), _LONGEST)


def _has_parts(given: Any) -> bool:
    return isinstance(given, (list, dict))


def _duration(seconds: int) -> str:
    """`10800s` is `3h`."""
    for size, unit in _UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _difference(name: str, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key):
                yield from _difference(f"{name}.{key}", before.get(key), after.get(key))
        return
    if isinstance(before, list) and isinstance(after, list):
        yield from _items(name, before, after)
        return
    yield f"{harmless(name)}: {value(name, before)}{_ARROW}{value(name, after)}"


def _items(name: str, before: list[Any], after: list[Any]) -> Iterator[str]:
    gone = [each for each in before if each not in after]
    new = [each for each in after if each not in before]
    if not gone and not new:
        yield f"{harmless(name)}: in another order"
    for sign, items in (("-", gone), ("+", new)):
        for each in items:
            yield f"{harmless(name)}: {sign} {item(each)}"


def item(given: Any) -> str:
    """One item of a list; a mapping as `address 10.0.0.5, port 80`."""
    if isinstance(given, Mapping):
        text = ", ".join(f"{key} {value(key, each)}" for key, each in given.items())
        return cut(text, _LONGEST + 20)
    return value("", given)
