"""A plan in the making, as the rules of `guards` see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import Found, Objection, PartKey
from cloudabstract.store import Memory

from .change import Change

VOLUME, SNAPSHOT = "volume", "snapshot"  # the roles of the parts that hold data


@dataclass(frozen=True)
class Guarded:
    """Both sides and the changes between them."""

    desired: Desired
    matched: Matched
    memory: Memory
    changes: tuple[Change, ...]
    prior: Mapping[ResourceKey, Resource]  # as last applied
    markable: frozenset[str] = frozenset()  # kinds whose labels can change
    prune: bool = True

    def subject(self, key: PartKey) -> str:
        """The user's own resource behind a part."""
        return str(self.desired.author(key.resource))

    @cached_property
    def held(self) -> Mapping[ResourceKey, Found]:
        """The object that holds the data of each Volume or snapshot that exists."""
        return {
            key.resource: found
            for key, found in self.matched.found.items()
            if key.role in (SNAPSHOT, VOLUME)
        }

    @cached_property
    def sizes(self) -> Mapping[ResourceKey, int]:
        """The bytes that are wanted of the object that holds the data of each Volume."""
        wanted = {
            named.key.resource: named.part.want.get("size")
            for named in self.desired.parts
            if named.key.role == VOLUME
        }
        return {key: size for key, size in wanted.items() if isinstance(size, int)}


Rule = Callable[[Guarded], Iterator[Objection]]
