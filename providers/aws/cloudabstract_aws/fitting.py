"""Whether objects that others made are what `expand` would make; and where not, what to say of it.

A resource that is read back is expanded, and each part is held against the object that it shall be.
What differs and can change is left as it is: the resource says so with `ignore-fields`, and whoever
wants it otherwise takes that out. What differs and cannot change means that it is another thing.
Pure.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from cloudabstract.model import Resource
from cloudabstract.model.annotations import IGNORE_FIELDS
from cloudabstract.provider import Found, Kind, Part, Ref

R = TypeVar("R", bound=Resource)
Roles = Mapping[tuple[str, str], Found]  # (kind, role) -> the object that shall be that part
_TAGS = "tags"  # those that the target's settings ask for
_UNKNOWN = object()


class Unlike(Exception):
    """What is there cannot become what is asked for. The text says why."""


@dataclass(frozen=True)
class Fit:
    """How the objects differ from what is wanted."""

    ignored: tuple[str, ...] = ()  # KIND/FIELD
    unsaid: tuple[str, ...] = ()
    parts: Roles = field(default_factory=dict)  # those that the resource has


def fit(
    parts: Iterable[Part], there: Roles, kinds: Mapping[str, Kind], *, told: Container[str] = ()
) -> Fit:
    """Hold `parts` against what is `there`; differences of fields in `told` are told elsewhere.

    Raises Unlike for differences that cannot change.
    """
    ignored: dict[str, None] = {}
    unsaid: dict[str, None] = {}
    used: dict[tuple[str, str], Found] = {}
    for part in parts:
        seat = (part.key.kind, part.key.role)
        found = there.get(seat)
        if found is None:
            unsaid[f"the next apply makes {part.key.kind} {part.key.role}"] = None
            continue
        used[seat] = found
        kind = kinds[part.key.kind]
        for name, wanted in _differences(part, found, there, kind):
            if name in kind.fixed and not _is_untold(found.fields.get(name)):
                raise Unlike(f"{found.kind} {found.id}: {name} is {found.fields.get(name)!r}")
            if name == _TAGS:
                unsaid[f"the next apply adds the target's tags: {', '.join(wanted)}"] = None
                continue
            ignored[f"{kind.name}/{name}"] = None
            if name not in told:
                unsaid[_told(part, found, name)] = None
    return Fit(tuple(ignored), tuple(unsaid), used)


def leaving(resource: R, ignored: Iterable[str]) -> R:
    """`resource`, saying that these fields are left as they are."""
    fields = ", ".join(ignored)
    if not fields:
        return resource
    annotations = {**resource.metadata.annotations, IGNORE_FIELDS: fields}
    return replace(resource, metadata=replace(resource.metadata, annotations=annotations))


def _differences(part: Part, found: Found, there: Roles, kind: Kind) -> Iterator[tuple[str, Any]]:
    for name, value in part.want.items():
        if name in kind.birth:
            continue
        wanted, before = _filled(value, there), found.fields.get(name)
        if _sorted(wanted) != _sorted(before):
            yield name, wanted


def _filled(value: Any, there: Roles) -> Any:
    """`value` with every Ref replaced by what it points at."""
    if isinstance(value, Ref):
        found = there.get((value.to.kind, value.to.role))
        if found is None:
            return _UNKNOWN
        known = {**found.fields, "id": found.id, "name": found.name}
        return known.get(value.field, _UNKNOWN)
    if isinstance(value, Mapping):
        return {key: _filled(item, there) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, there) for item in value]
    return value


def _sorted(value: Any) -> Any:
    """`value` with the groups of a forward in one order: strangers' have no roles to go by."""
    if isinstance(value, Mapping) and "groups" in value:
        return {**value, "groups": sorted(value["groups"], key=repr)}
    return value


def _is_untold(value: Any) -> bool:
    """Whether a field is as drivers have it where an emulator does not tell it."""
    return value is None or value == "" or (value == 0 and not isinstance(value, bool))


def _told(part: Part, found: Found, name: str) -> str:
    value = found.fields.get(name)
    called = found.name or found.id.rpartition("/")[2]
    if _is_untold(value):
        return f"{part.key.kind} {called}: {name} is not told, and stays so"
    if isinstance(value, Mapping):
        asked = part.want[name]
        known = asked if isinstance(asked, Mapping) else {}
        value = {key: it for key, it in value.items() if known.get(key, _UNKNOWN) != it}
        value = ", ".join(f"{key} {it}" for key, it in sorted(value.items()))
    return f"{part.key.kind} {called}: {name} stays as it is, {value}"
