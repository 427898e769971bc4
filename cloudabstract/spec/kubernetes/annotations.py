"""What annotations of providers mean in portable words, from tables/annotations.json.

Only annotations with a portable word are understood. Others of a provider or controller that is
known are told as not portable; those of anybody else are free text, and stay with the resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import readers, tables
from .metadata import annotations_of
from .names import shown
from .remarks import BALANCER, Remark, degrade, note

_SILENT = ("kubernetes.io/ingress.class",)


@dataclass(frozen=True)
class Meaning:
    """A value for a portable field, or for something that a converter knows by this name."""

    field: str
    value: Any
    key: str  # of the annotation

    @property
    def path(self) -> tuple[str, str, str]:
        """Where the annotation stands."""
        return ("metadata", "annotations", self.key)


class Understood:
    """The annotations of one manifest: what they mean, and remarks about the rest."""

    def __init__(self, raw: Any, kind: str) -> None:
        self._meanings: dict[str, Meaning] = {}
        self.remarks: list[Remark] = []
        written, table = annotations_of(raw), tables.load("annotations")[kind]
        for key in sorted(
            written, key=lambda each: list(table).index(each) if each in table else 0
        ):
            self.remarks += self._learn(key, written[key], table)

    def get(self, field: str, default: Any = None) -> Any:
        """The value for `field`."""
        found = self._meanings.get(field)
        return default if found is None else found.value

    def __iter__(self) -> Iterator[Meaning]:
        return iter(self._meanings.values())

    def _learn(self, key: str, value: str, table: dict[str, Any]) -> Iterator[Remark]:
        path = ("metadata", "annotations", key)
        entry = table.get(key)
        if entry is None:
            author = family(key)
            if author and key not in _SILENT:
                yield note(BALANCER, path, f"an annotation of {author} without a portable meaning")
            return
        pairs = [(entry, value)]
        if "attributes" in entry:
            pairs, others = _attributes(entry["attributes"], value)
            for each in others:
                yield note(BALANCER, path, f"{shown(each)} has no portable meaning")
        for one, text in pairs:
            yield from self._read(key, one, text)

    def _read(self, key: str, entry: dict[str, Any], text: str) -> Iterator[Remark]:
        path = ("metadata", "annotations", key)
        if entry["read"] == "same":
            if text.strip().lower() not in entry["same"]:
                yield note(BALANCER, path, f"{shown(text)} has no portable meaning")
            return
        try:
            value = readers.read(entry, text)
            readers.check(entry["field"], value)
        except ValueError as error:
            yield degrade(BALANCER, path, f"{shown(text)} is not used: {error}")
            return
        field = entry["field"]
        if field in self._meanings:
            first = self._meanings[field]
            if first.value != value:
                yield degrade(BALANCER, path, f"is not used: {first.key} says something else")
            return
        if value is not None:
            self._meanings[field] = Meaning(field, value, key)


def family(key: str) -> str:
    """Whose annotation this is, or "" when it is nobody's that is known."""
    for each in tables.load("annotations")["families"]:
        if key.startswith(tuple(each["prefixes"])):
            return str(each["of"])
    return ""


def _attributes(
    known: dict[str, Any], text: str
) -> tuple[list[tuple[dict[str, Any], str]], list[str]]:
    """`a=b,c=d`: the entries that are known with their texts, and the others."""
    pairs, others = [], []
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = each.partition("=")
        if name.strip() in known:
            pairs.append((known[name.strip()], value))
        else:
            others.append(name.strip())
    return pairs, others
