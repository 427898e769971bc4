"""The plan as a value: changes, each with its action, its effect, its reason and its fields.

A replacement is one change that becomes two steps: a new object beside the old, the old one last
(`+/-`); for exclusive kinds the old one first (`-/+`), which leaves a gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from cloudabstract.engine.finding.fields import Delta
from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.finding.observe import Observed
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import Effect, Kind, Objection, PartKey, Severity


class Action(str, Enum):
    """What is done to one object."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    ADOPT = "adopt"  # an existing object becomes ours
    RELEASE = "release"  # it stays, with its data, and is no longer ours


@dataclass(frozen=True)
class Options:
    """What the user wants of a plan beyond the spec."""

    prune: bool = True  # delete what the spec no longer names
    retain_data: bool = False  # volumes that go are released instead of deleted
    data_loss: frozenset[str] = frozenset()  # keys of resources whose data may be lost
    now: float = 0.0  # seconds since the epoch, for "not before"
    only: frozenset[str] = frozenset()  # keys of resources to change; none: all
    exclude: frozenset[str] = frozenset()  # keys of resources to leave as they are
    release: frozenset[str] = frozenset()  # keys of resources whose objects stay, disowned
    once: frozenset[str] = frozenset()  # keys of resources of which each call is tried once
    everywhere: bool = True  # look also for kinds, and in places, of which nothing is known
    closely: bool = False  # ask the objects themselves, even where notes on them are cheaper


@dataclass(frozen=True)
class Change:
    """One object and what will be done to it. Comparable; survives JSON as `as_json`."""

    action: Action
    part: PartKey
    place: str
    name: str
    effect: Effect = Effect.NONE
    reason: str = ""
    fields: Mapping[str, Delta] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    id: str = ""  # of the object that exists
    version: str = ""  # of the object that exists
    old_name: str = ""  # replacements: the object that goes
    old_place: str = ""  # replacements: where that stands
    gap: bool = False  # replacements: the old object goes first
    drift: bool = False  # the world changed, not the spec
    precious: bool = False
    claim: str = ""  # precious: the claim that has it
    reclaim: str = ""  # what becomes of the data: Delete, Retain or ""
    disown: bool = False  # releases: no mark of ours stays on the object

    @property
    def key(self) -> str:
        """One text for each change of a plan."""
        return key_of(self.action.value, str(self.part), self.old_name or self.name, self.id)

    @property
    def loses_data(self) -> bool:
        """Whether the bytes are gone afterwards."""
        return self.precious and self.action in (Action.DELETE, Action.REPLACE)

    @property
    def destructive(self) -> bool:
        """Whether a person should be asked first."""
        gone = self.action in (Action.DELETE, Action.REPLACE, Action.RELEASE)
        return gone or self.effect.rank >= Effect.ADDRESS.rank

    def as_json(self) -> dict[str, Any]:
        """The documented form of `plan -o json`."""
        return {
            "action": self.action.value,
            "kind": self.part.kind,
            "resource": str(self.part.resource),
            "part": str(self.part),
            "name": self.name,
            "place": self.place,
            "effect": self.effect.value,
            "reason": self.reason,
            "fields": {
                name: {"from": delta.before, "to": delta.after}
                for name, delta in sorted(self.fields.items())
            },
            "notes": list(self.notes),
            "id": self.id,
            "version": self.version,
            "replaces": self.old_name,
            "gap": self.gap,
            "drift": self.drift,
            "claim": self.claim,
        }


def key_of(action: str, part: str, name: str, native_id: str) -> str:
    """The key of a change; its id tells objects apart that have the same name, or none."""
    return " ".join(word for word in (action, part, name, native_id) if word)


class Why(str, Enum):
    """Why a change is left out of a plan."""

    SELECTION = "selection"  # the user chose others
    NEEDS = "needs"  # it needs another change that is left out
    BACKOFF = "backoff"  # it failed, and is tried again later
    CONSENT = "consent"  # it destroys something, and nobody has agreed to that
    REJECTED = "rejected"  # the target cannot do what its resource asks
    REPORT = "report"  # its resource wants drift reported, not repaired


@dataclass(frozen=True)
class LeftOut:
    """A change that would be needed, and will not be made."""

    change: Change
    why: Why
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The documented form."""
        return {**self.change.as_json(), "leftOut": self.why.value, "because": self.reason}


@dataclass(frozen=True)
class Plan:
    """What will be done, in order; and the two sides it was made from."""

    stack: str
    target: str
    changes: tuple[Change, ...]
    objections: tuple[Objection, ...] = ()
    desired: Desired = field(default_factory=lambda: Desired({}, ()), repr=False)
    observed: Observed = field(default_factory=Observed, repr=False)
    matched: Matched = field(default_factory=Matched, repr=False)
    kinds: tuple[Kind, ...] = field(default=(), repr=False)
    held: Mapping[PartKey, str] = field(default_factory=dict)  # wanted, but waiting for something
    calls: Mapping[str, int] = field(default_factory=dict, compare=False)
    options: Options = field(default_factory=Options)
    left_out: tuple[LeftOut, ...] = ()
    along: tuple[str, ...] = ()  # resources that were not chosen, but are needed by those that were
    prior: Mapping[ResourceKey, Resource] = field(default_factory=dict, repr=False, compare=False)
    # ^ as last applied
    spec: tuple[Resource, ...] | None = field(default=None, repr=False, compare=False)
    # ^ what will have been applied, if it is not all that was asked for

    @cached_property
    def named(self) -> Mapping[PartKey, NamedPart]:
        """The wanted parts by key."""
        return {each.key: each for each in self.desired.parts}

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.changes

    @property
    def rejections(self) -> tuple[Objection, ...]:
        """The objections that stop it."""
        return tuple(each for each in self.objections if each.severity is Severity.REJECT)

    @property
    def summary(self) -> dict[str, int]:
        """Counts as Terraform counts: a replacement adds one and destroys one."""
        return summarise(self.changes)

    def as_json(self) -> dict[str, Any]:
        """The documented form of `plan -o json`."""
        return {
            "stack": self.stack,
            "target": self.target,
            "changes": [each.as_json() for each in self.changes],
            "objections": [objection_json(each) for each in self.objections],
            "summary": self.summary,
            "leftOut": [each.as_json() for each in self.left_out],
            "takenAlong": list(self.along),
            "apiCalls": dict(self.calls),
        }


def summarise(changes: Iterable[Change]) -> dict[str, int]:
    """How many objects are added, changed, destroyed and released."""
    count = Counter(each.action for each in changes)
    return {
        "add": count[Action.CREATE] + count[Action.REPLACE],
        "change": count[Action.UPDATE] + count[Action.ADOPT],
        "destroy": count[Action.DELETE] + count[Action.REPLACE],
        "release": count[Action.RELEASE],
    }


def objection_json(each: Objection) -> dict[str, str]:
    """The documented form of an objection."""
    return {
        "code": each.code,
        "severity": each.severity.value,
        "resource": each.resource,
        "field": each.field,
        "message": each.message,
        "alternative": each.alternative,
    }
