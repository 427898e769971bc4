"""Two specs compared: resources that came, went and changed, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloudabstract.errors import CloudAbstractError
from cloudabstract.model import Resource, wire

from .terminal import Paint, harmless

if TYPE_CHECKING:
    from cloudabstract.store import Revision

_SYMBOLS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
_MISSING = object()


def latest(revisions: Sequence[Revision], since: int | None) -> tuple[int, int]:
    """The last two revisions, or `since` and the last. Raises CloudAbstractError."""
    if len(revisions) < (1 if since is not None else 2):
        raise CloudAbstractError("there are not two revisions to compare yet")
    return (revisions[-2].number if since is None else since), revisions[-1].number


def compare(before: Iterable[Resource], after: Iterable[Resource]) -> list[dict[str, Any]]:
    """Every resource that differs, in the documented form."""
    old = {str(each.key): wire.to_document(each, defaults=True) for each in before}
    new = {str(each.key): wire.to_document(each, defaults=True) for each in after}
    return [
        _resource(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def text(told: Iterable[Mapping[str, Any]], paint: Paint) -> str:
    """The same for people."""
    lines = [line for each in told for line in _lines(each, paint)]
    return "\n".join(lines) if lines else "They ask for the same."


def _resource(
    key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> dict[str, Any]:
    what = "added" if old is None else "removed" if new is None else "changed"
    was, now = dict(_flat(old or {})), dict(_flat(new or {}))
    paths = [path for path in {**was, **now} if was.get(path, _MISSING) != now.get(path, _MISSING)]
    fields = {path: {"from": was.get(path), "to": now.get(path)} for path in paths}
    return {"resource": key, "change": what, "fields": fields if what == "changed" else {}}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, plain value) of everything in a document; items of lists by their name or place."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _flat(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from _flat(item, f"{path}[{item.get('name', number)}]")
    else:
        yield path, value


def _lines(each: Mapping[str, Any], paint: Paint) -> Iterator[str]:
    symbol, colour = _SYMBOLS[each["change"]]
    yield f"{paint(symbol, colour)} {paint(each['resource'], 'bold')} {each['change']}"
    for path, field in each["fields"].items():
        yield f"    {harmless(path)}: {_shown(field['from'])} -> {_shown(field['to'])}"


def _shown(value: Any) -> str:
    return "-" if value is None else harmless(json.dumps(value, ensure_ascii=False))
