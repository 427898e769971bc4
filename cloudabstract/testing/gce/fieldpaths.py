"""Places inside JSON, named as the API names them: `backends[].group` finds every such place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Slot:
    """One place: its name with indices, e.g. `backends[0].group`, and access to it."""

    label: str
    owner: Any
    at: str | int

    @property
    def value(self) -> Any:
        return self.owner[self.at]

    def put(self, value: Any) -> None:
        self.owner[self.at] = value


def slots(fields: Any, path: str) -> Iterator[Slot]:
    """Every place in `fields` that `path` names and that holds a value."""
    head, _, rest = path.partition(".")
    name = head.removesuffix("[]")
    if not isinstance(fields, dict) or fields.get(name) is None:
        return
    places = [Slot(name, fields, name)]
    if head != name:
        places = [Slot(f"{name}[{at}]", fields[name], at) for at in range(len(fields[name]))]
    for place in places:
        if not rest:
            yield place
            continue
        for inner in slots(place.value, rest):
            yield replace(inner, label=f"{place.label}.{inner.label}")


def values(fields: Any, dotted: str) -> list[Any]:
    """All values that a dotted name reaches; lists on the way, and at its end, are opened."""
    found = [fields]
    for name in dotted.split("."):
        found = [
            item[name]
            for item in _opened(found)
            if isinstance(item, dict) and item.get(name) is not None
        ]
    return _opened(found)


def merge(old: Any, patch: Any) -> Any:
    """`old` with a JSON merge patch applied (RFC 7396): null removes, lists are replaced."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(old) if isinstance(old, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def _opened(found: list[Any]) -> list[Any]:
    opened: list[Any] = []
    for item in found:
        opened.extend(item if isinstance(item, list) else [item])
    return opened
