"""The parts a resource is made of, and the refs by which one part uses another.

A provider *expands* a resource into parts: values that say what native object is wanted, where, and
with which fields. A field may be a `Ref`: the value of a field of another part, known once that
part exists. A ref carries order and value at once, so nothing else declares dependencies, except
`after`, for an order that no value expresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from cloudabstract.model import ResourceKey, loose


class Effect(str, Enum):
    """What a change does to those who use the object, from harmless to grave."""

    NONE = "none"
    IN_PLACE = "in-place"
    DRAINS = "drains connections"
    ADDRESS = "changes address"
    DATA = "loses data"

    @property
    def rank(self) -> int:
        """Position from harmless (0) to grave (4)."""
        return list(Effect).index(self)


@dataclass(frozen=True)
class Kind:
    """A type of native object, and what the engine must know to plan for it.

    The engine names objects itself: lower case letters, digits and '-', a letter first, at most
    `name_limit` characters (at least 20).
    """

    name: str  # "<provider>.<object>" in the target's own words
    uses: tuple[str, ...] = ()  # kinds its refs may point at: order of observing and deleting
    fixed: frozenset[str] = frozenset()  # fields that cannot change in place
    birth: frozenset[str] = frozenset()
    # ^ fields that only matter when it is made (the snapshot a disk is restored from): they are
    #   neither compared nor part of the name, and a Ref in them may outlive what it points at
    name_limit: int = 63
    exclusive: bool = False  # two cannot stand side by side: replacing deletes first
    seat: frozenset[str] = frozenset()
    # ^ exclusive kinds: fields in which no two objects agree, even of different parts (the disk of
    #   an attachment); whoever takes a seat is made after the object that leaves it is gone
    precious: bool = False  # holds data: never replaced or deleted unless named by the user
    identity: frozenset[str] = frozenset()
    # ^ for objects with neither name nor labels of their own (a registration in its group): the
    #   fields that tell one from another; they must include a Ref to the owning parent
    lag: float = 0.0  # seconds in which a fresh object may still be missing from what observe lists
    early: bool = False  # its users may be made while it is still PENDING
    effects: Mapping[str, Effect] = field(default_factory=dict)  # of an in-place change, by field
    ending: Effect = Effect.NONE  # what deleting or replacing one means to its users
    security: frozenset[str] = frozenset()
    # ^ fields that say who gets in and what is readable: source ranges, scheme, TLS, encryption;
    #   `drift` tells a change of one apart from harmless ones
    summary: str = ""  # one line for `providers` and the docs


@dataclass(frozen=True, order=True)
class PartKey:
    """The address of a part: its resource, its kind, and its role in that resource."""

    resource: ResourceKey
    kind: str
    role: str

    def __str__(self) -> str:
        return f"{self.resource}#{self.kind}:{self.role}"


@loose.carry
@dataclass(frozen=True)
class Ref:
    """The value that field `field` of part `to` will have; `id` and `name` always exist."""

    to: PartKey
    field: str


@dataclass(frozen=True)
class Part:
    """One native object that is wanted. Values are JSON values, in which any value may be a Ref."""

    key: PartKey
    place: str
    want: Mapping[str, Any]
    after: tuple[PartKey, ...] = ()
    external: str = ""  # id of an object that exists already: adopted, never created or deleted
    notes: Mapping[str, str] = field(default_factory=dict)
    # ^ per field, what the plan should say when it is set or changes: "rounded up from 1500M";
    #   under `update.FIELD`, what it should say only when an existing object changes

    def ref(self, field: str) -> Ref:
        """A reference to a field of this part."""
        return Ref(self.key, field)


def refs(value: Any) -> Iterator[Ref]:
    """Every Ref inside a JSON value, depth first."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from refs(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from refs(item)
