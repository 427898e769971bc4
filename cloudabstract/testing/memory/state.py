"""Everything that stands in one memory cloud, indexed for the questions that its calls ask."""

from __future__ import annotations

from collections import defaultdict

from .things import Thing, ids_in


class State:
    """Objects by id, by place and by name; who uses whom; which token made which object."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.tokens: dict[str, str] = {}  # token -> id, for ever: a token is never good twice
        self.edition = 0  # goes up with every change
        self.changed: dict[str, Thing | None] = {}  # since somebody cleared it; None: taken
        self.leaving: set[str] = set()
        self.addresses: set[str] = set()  # every IP that is given out
        self._kinds: defaultdict[str, set[str]] = defaultdict(set)
        self._spots: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._names: dict[tuple[str, str, str], str] = {}
        self._mentions: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, thing: Thing) -> Thing:
        """Store `thing`, in place of what had its id."""
        self.take(thing.id)
        self.edition += 1
        self.changed[thing.id] = thing
        self.things[thing.id] = thing
        self._kinds[thing.kind].add(thing.id)
        self._spots[thing.kind, thing.place].add(thing.id)
        if thing.name:
            self._names[thing.kind, thing.place, thing.name] = thing.id
        if thing.token:
            self.tokens[thing.token] = thing.id
        if thing.gone_at is not None:
            self.leaving.add(thing.id)
        self.addresses.add(thing.fields.get("ip", ""))
        for mentioned in ids_in(thing.fields):
            self._mentions[mentioned].add(thing.id)
        return thing

    def take(self, which: str) -> None:
        """Remove the object with this id, if there is one. Its token stays spent."""
        thing = self.things.pop(which, None)
        if thing is None:
            return
        self.edition += 1
        self.changed[which] = None
        self._kinds[thing.kind].discard(which)
        self._spots[thing.kind, thing.place].discard(which)
        self._names.pop((thing.kind, thing.place, thing.name), None)
        self.leaving.discard(which)
        self.addresses.discard(thing.fields.get("ip", ""))
        for mentioned in ids_in(thing.fields):
            self._mentions[mentioned].discard(which)

    def at(self, kind: str, place: str) -> list[Thing]:
        """All objects of a kind in a place, in the order of their ids."""
        return [self.things[each] for each in sorted(self._spots[kind, place])]

    def of(self, kind: str) -> list[Thing]:
        """All objects of a kind, wherever they are."""
        return [self.things[each] for each in sorted(self._kinds[kind])]

    def count(self, kind: str) -> int:
        """How many objects of a kind there are."""
        return len(self._kinds[kind])

    def named(self, kind: str, place: str, name: str) -> Thing | None:
        """The object of that name, if there is one."""
        found = self._names.get((kind, place, name)) if name else None
        return self.things[found] if found else None

    def mentioning(self, which: str, kind: str = "") -> list[Thing]:
        """The objects that have this id anywhere in their fields."""
        found = (self.things[each] for each in sorted(self._mentions[which]))
        return [each for each in found if kind in ("", each.kind)]

    def users(self, which: str) -> list[Thing]:
        """The objects that cannot do without this one, except those being deleted."""
        return [
            each for each in self.mentioning(which) if each.gone_at is None and which in each.uses
        ]
