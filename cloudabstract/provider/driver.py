"""The four verbs for one kind of native object, and the values they exchange.

A driver never sleeps, never retries and never decides. It raises whatever its SDK raises; the
session classifies that. All verbs must be safe to repeat:

    observe   lists what exists, in as few calls as the API allows; what it leaves out is absent
    create    makes the object, or returns what an earlier attempt with the same name and token made
    update    sets just the given fields
    delete    removes it; an object that is already gone is success
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, runtime_checkable


class Health(str, Enum):
    """Whether an object can be used."""

    READY = "READY"
    PENDING = "PENDING"  # being made or changed; look again
    FAILED = "FAILED"  # will not become ready by waiting


# The owner's labels. The engine writes these keys; a driver stores them in the create call, as
# tags, labels or JSON in a description, and gives them back under the same keys.
STACK, RESOURCE, ROLE = "stack", "resource", "role"
RECLAIM, CLAIM, PROTECTED, RELEASED = "reclaim", "claim", "protected", "released-from"
INCARNATION = "incarnation"  # how many objects of this name were released before, if any
CLASS, ZONES = "class", "zones"  # what was decided for the claim that a volume was made for


@dataclass(frozen=True)
class Wanted:
    """An object to be made: refs filled in, the same on every attempt."""

    kind: str
    name: str
    place: str
    fields: Mapping[str, Any]
    labels: Mapping[str, str]
    token: str  # 64 hex digits, for APIs with idempotency tokens; new only after the object died


@dataclass(frozen=True)
class Found:
    """An object that exists. `fields` uses the words and shapes of `Part.want`."""

    kind: str
    id: str
    name: str  # the name it was created with; "" where the kind has `identity` instead
    place: str
    fields: Mapping[str, Any]
    labels: Mapping[str, str]  # only owner's labels; empty: not ours
    health: Health = Health.READY
    reason: str = ""  # why it is PENDING or FAILED, in the target's words
    version: str = ""  # changes whenever the object changes, where the target has such a thing
    not_before: float = 0.0  # epoch seconds before which the target refuses another update
    raw: Any = field(default=None, compare=False, repr=False)


class Whose(str, Enum):
    """Whose objects a batch asks for, besides those of its names and ids."""

    OURS = "ours"  # those with all of the batch's labels
    ANY_STACK = "any stack"  # those with the marks of any stack, or of one that released them
    ANYBODY = "anybody"  # all there are, strangers' too


@dataclass(frozen=True)
class Batch:
    """What to look for in one place.

    Every object for which `takes` says so; in addition every object with one of `names` (ours or a
    stranger's) or `ids`. `used` has the found objects of the kinds this kind uses, for APIs that
    list children by parent. A stranger's object that the kind has no words for is left out.
    """

    place: str
    labels: Mapping[str, str]
    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    used: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)
    whose: Whose = Whose.OURS
    closely: bool = False  # ask the objects themselves, even where notes on them are cheaper

    def takes(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these owner's labels is asked for, whatever its name."""
        if self.whose is Whose.ANYBODY:
            return True
        if self.whose is Whose.ANY_STACK:
            return STACK in labels or RELEASED in labels
        return bool(self.labels) and all(labels.get(key) == it for key, it in self.labels.items())


class Incomplete(Exception):
    """Raised by observe when a page or zone could not be read: absence means nothing then."""

    def __init__(self, found: Iterable[Found], reason: str) -> None:
        self.found = tuple(found)
        self.reason = reason
        super().__init__(reason)


class Driver(Protocol):
    """Protocol: the four verbs for one kind."""

    def observe(self, batch: Batch) -> Iterable[Found]:
        """Everything that `batch` asks for. Raises Incomplete when something could not be read."""
        ...

    def create(self, wanted: Wanted) -> Found:
        """Make it, labels in the same call; never a second object for one name and token."""
        ...

    def update(self, found: Found, fields: Mapping[str, Any]) -> Found:
        """Set `fields` and nothing else; setting what is already so is success."""
        ...

    def delete(self, found: Found) -> None:
        """Remove it with everything that came into being with it; absence is success."""
        ...


@runtime_checkable
class Marks(Protocol):
    """Protocol: the extra power of drivers whose objects' labels can change later.

    Needed by every precious kind (to release, protect and adopt), optional for others.
    """

    def mark(self, found: Found, labels: Mapping[str, str]) -> Found:
        """Make `labels` the owner's labels of the object; an empty mapping disowns it."""
        ...
