"""Seats: which new object takes the place of which old one, though they are different parts. Pure.

Two objects of an exclusive kind cannot share its `seat` (a disk is at one instance at a time). An
object that is to be made on a seat which another one leaves in the same plan comes after that one
is gone. A seat that does not exist yet is taken by nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cloudabstract.engine.finding import fields
from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.provider import Found, Kind, PartKey

from .change import Action, Change

Seat = tuple[str, str, str]  # (kind, place, what its fields say)


def taken_over(
    changes: Iterable[Change], matched: Matched, named: Mapping[PartKey, NamedPart]
) -> Iterator[tuple[Change, Change]]:
    """(the change that ends an old object, the change that makes a new one on its seat)."""
    takers = [each for each in changes if _makes(each) and named[each.part].kind.seat]
    if not takers:
        return
    kinds = {each.part.kind: named[each.part].kind for each in takers}
    leaving = _leaving(changes, matched, kinds)
    for taker in takers:
        seat = _wanted(named[taker.part], matched)
        for each in leaving.get(seat, ()) if seat else ():
            if each.key != taker.key:
                yield each, taker


def told(
    changes: Sequence[Change], matched: Matched, named: Mapping[PartKey, NamedPart]
) -> tuple[Change, ...]:
    """`changes`, in which those that wait for a seat say so."""
    notes: dict[str, list[str]] = defaultdict(list)
    for old, new in taken_over(changes, matched, named):
        notes[new.key].append(f"made after that of {old.part.resource} is gone")
    if not notes:
        return tuple(changes)
    return tuple(
        replace(each, notes=(*each.notes, *notes[each.key])) if each.key in notes else each
        for each in changes
    )


def _makes(change: Change) -> bool:
    return change.action in (Action.CREATE, Action.REPLACE)


def _leaving(
    changes: Iterable[Change], matched: Matched, kinds: Mapping[str, Kind]
) -> Mapping[Seat, list[Change]]:
    """The seats that objects leave, by what they say now."""
    ends = [each for each in changes if each.action in (Action.DELETE, Action.REPLACE)]
    known = {_id(each): each for each in (*matched.orphans, *matched.found.values())}
    seats: dict[Seat, list[Change]] = defaultdict(list)
    for each in ends:
        kind = kinds.get(each.part.kind)
        found = known.get((each.part.kind, each.old_place or each.place, each.id))
        if kind is not None and found is not None:
            seats[_seat(kind, found.place, found.fields)].append(each)
    return seats


def _wanted(named: NamedPart, matched: Matched) -> Seat | None:
    """The seat that a part wants; None while part of it does not exist."""
    wanted = named.part.want
    values = {name: fields.fill(wanted.get(name), matched.found.get) for name in named.kind.seat}
    if any(map(fields.has_unknown, values.values())):
        return None
    return _seat(named.kind, named.place, values)


def _seat(kind: Kind, place: str, values: Mapping[str, Any]) -> Seat:
    return kind.name, place, fields.canonical([values.get(name) for name in sorted(kind.seat)])


def _id(found: Found) -> tuple[str, str, str]:
    return found.kind, found.place, found.id
