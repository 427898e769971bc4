"""Pools that are read back get their names here, and target groups their roles. Pure.

Each port of ours has groups of its own, so ports whose groups have the same members have one pool
between them. Where ports share the groups themselves, that is told by an annotation
(own_words.py), and a pool is told by its groups alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudabstract.model import BackendPool
from cloudabstract.provider import Found
from cloudabstract_aws.fitting import Unlike

from .kinds import REGISTRATION, TARGET_GROUP
from .reading_pools import Spread
from .reading_sides import Side
from .world import World

NOBODY = "nobody"  # the pool of a port that answers for itself what no route matches
_ELSEWHERE = "sends a route elsewhere than the port with the most"


class Pools:
    """What forwards lead to, by name."""

    def __init__(self, world: World, *, shared: bool) -> None:
        self.shared = shared
        self._world = world
        self._pools: dict[str, Spread | None] = {}
        self._known: dict[tuple[str, ...], str] = {}  # seat and groups -> pool
        self._placed: list[tuple[str, str, Spread]] = []  # pool, seat

    def copy(self) -> Pools:
        """The same, to go on from or to throw away."""
        other = Pools(self._world, shared=self.shared)
        other._pools, other._known = dict(self._pools), dict(self._known)
        other._placed = list(self._placed)
        return other

    def named(self, spread: Spread | None, side: Side) -> str:
        """The pool of a forward: one that is known, or one more."""
        if spread is None:
            self._pools.setdefault(NOBODY, None)
            return NOBODY
        scope = self._scope(spread, side)
        if scope in self._known:
            return self._known[scope]
        name = self._alike(spread, side) or self._fresh(spread.groups[0].name)
        self._pools.setdefault(name, spread)
        self._place(name, spread, side)
        return name

    def join(self, name: str, spread: Spread, side: Side) -> None:
        """Say that a route of one more port leads to `name`. Raises Unlike when it does not."""
        scope, known = self._scope(spread, side), self._pools[name]
        if scope in self._known:
            if self._known[scope] != name:
                raise Unlike(_ELSEWHERE)
            return
        same = known is not None and known.signature == spread.signature
        if self.shared or not same or self._has(name, side):
            raise Unlike(_ELSEWHERE)
        self._place(name, spread, side)

    def port(self, name: str) -> int | None:
        """What the groups of a pool say their port is; None for nobody's."""
        spread = self._pools[name]
        return None if spread is None else spread.port

    def without_groups(self) -> tuple[str, ...]:
        """The names of those that are nobody's."""
        return tuple(name for name, spread in self._pools.items() if spread is None)

    def backends(self, *, own_port: bool) -> tuple[BackendPool, ...]:
        """All of them, as a spec has them; `own_port`: each says the port of its members."""
        return tuple(
            BackendPool(name, addresses=())
            if spread is None
            else spread.pool(name, own_port=own_port)
            for name, spread in self._pools.items()
        )

    def roles(self, first: Mapping[str, str]) -> Iterable[tuple[str, str, Found]]:
        """Kind, role and object of all groups and registrations.

        `first` has the seat of the first port that reaches a pool: shared groups are of that.
        """
        for name, seat, spread in self._placed:
            for role, group in spread.roles(name, first[name] if self.shared else seat):
                yield TARGET_GROUP.name, role, group
                registered = self._world.registration(group.id)
                if registered is not None:
                    yield REGISTRATION.name, role, registered

    def groups(self) -> list[tuple[str, Found]]:
        """Every target group once, with the seat of a port that reaches it."""
        return [(seat, group) for _, seat, spread in self._placed for group in spread.groups]

    def _scope(self, spread: Spread, side: Side) -> tuple[str, ...]:
        return spread.ids if self.shared else (side.seat, *spread.ids)

    def _alike(self, spread: Spread, side: Side) -> str | None:
        """A pool with the same members, of which the port has no groups yet."""
        for name, known in () if self.shared else self._pools.items():
            same = known is not None and known.signature == spread.signature
            if same and not self._has(name, side):
                return name
        return None

    def _has(self, name: str, side: Side) -> bool:
        return any((pool, seat) == (name, side.seat) for pool, seat, _ in self._placed)

    def _place(self, name: str, spread: Spread, side: Side) -> None:
        self._known[self._scope(spread, side)] = name
        self._placed.append((name, side.seat, spread))

    def _fresh(self, wish: str) -> str:
        """A name for one more pool: that of its group."""
        plain = "".join(each if each.isalnum() else "-" for each in wish.lower()).strip("-")
        plain = plain or "backends"
        name, number = plain, 1
        while name in self._pools or name == NOBODY:
            number += 1
            name = f"{plain}-{number}"
        return name
