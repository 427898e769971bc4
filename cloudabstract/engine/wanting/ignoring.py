"""Fields that others look after: `cloudabstract.dev/ignore-fields: members, aws.volume/size`. Pure.

Fields are called as plans call them, in the target's own words; `KIND/FIELD` means those of one
kind. An ignored field is set when the object is made, and never looked at again. One spec serves
many targets, so an entry that fits nothing here is told, not refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cloudabstract.model import Resource, ResourceKey
from cloudabstract.model.annotations import IGNORE_FIELDS, entries
from cloudabstract.provider import Objection, Severity

from .parts import NamedPart

Authors = Mapping[ResourceKey, ResourceKey]


def told(
    parts: tuple[NamedPart, ...], written: Mapping[ResourceKey, Resource], authors: Authors
) -> tuple[NamedPart, ...]:
    """`parts`, each with the fields that its resource, or its claim, says to ignore."""
    wishes = _wishes(written)
    if not wishes:
        return parts
    return tuple(_part(each, wishes.get(_author(each, authors), ())) for each in parts)


def objections(
    parts: Iterable[NamedPart], written: Mapping[ResourceKey, Resource], authors: Authors
) -> Iterator[Objection]:
    """A note for each entry that names no field of any part."""
    wishes = _wishes(written)
    if not wishes:
        return
    known: defaultdict[ResourceKey, set[str]] = defaultdict(set)
    for each in parts:
        names = each.part.want.keys()
        known[_author(each, authors)] |= {*names, *(f"{each.key.kind}/{it}" for it in names)}
    for key, wanted in wishes.items():
        for entry in wanted:
            if entry not in known[key]:
                fields = sorted(name for name in known[key] if "/" not in name)
                yield Objection(
                    "ST006",
                    f"metadata.annotations[{IGNORE_FIELDS}]",
                    f"no object of it has a field {entry!r} on this target",
                    f"there are {', '.join(fields)}" if fields else "",
                    Severity.NOTE,
                    resource=str(key),
                )


def _wishes(written: Mapping[ResourceKey, Resource]) -> dict[ResourceKey, tuple[str, ...]]:
    return {
        key: entries(each.metadata.annotations[IGNORE_FIELDS])
        for key, each in written.items()
        if IGNORE_FIELDS in each.metadata.annotations
    }


def _author(named: NamedPart, authors: Authors) -> ResourceKey:
    return authors.get(named.key.resource, named.key.resource)


def _part(named: NamedPart, wanted: tuple[str, ...]) -> NamedPart:
    fields = frozenset(
        name for name in named.part.want if name in wanted or f"{named.key.kind}/{name}" in wanted
    )
    return replace(named, ignored=fields) if fields else named
