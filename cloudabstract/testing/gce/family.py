"""What sets one family of resources apart from the others, as a value.

A family is a collection of the API (`disks`, zonal and regional alike). The general verbs
(verbs.py) do what all families share; a `Family` says what is special: its references, defaults
and checks, what cannot change, how labels and fingerprints work, and verbs of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

Check = Callable[["Cloud", "Call", Fields], None]
Verb = Callable[["Cloud", "Call"], "Change | dict[str, Any]"]

AT_INSERT, LATER = "at insert", "by setLabels only"


@dataclass(frozen=True)
class Ref:
    """A field that names another resource."""

    path: str  # backends[].group
    collections: tuple[str, ...]  # what it may name
    holds: bool = True  # whether what it names cannot be deleted meanwhile
    full: bool = False  # whether it must be a full URL


def _passes(cloud: Cloud, call: Call, fields: Fields) -> None:
    """Nothing to add and nothing to object to."""


def _no_view(cloud: Cloud, record: Record) -> Fields:
    return {}


def _no_holders(cloud: Cloud, record: Record) -> list[Key]:
    return []


def _not_counted(key: Key, fields: Fields) -> tuple[str, float]:
    return "", 0.0


def _nothing_left(cloud: Cloud, record: Record) -> None:
    """Nothing else goes when the resource goes."""


def counted(metric: str) -> Callable[[Key, Fields], tuple[str, float]]:
    """A quota that counts resources."""
    return lambda key, fields: (metric, 1.0)


@dataclass(frozen=True)
class Family:
    """One family of resources."""

    collection: str
    schema: str
    noun: str  # what errors call it: "health_check"
    refs: tuple[Ref, ...] = ()
    labels: str = ""  # AT_INSERT, LATER, or "" for none
    fingerprint: str = ""  # "required" or "optional" when the resource is changed
    statuses: tuple[str, str] = ("", "")  # while it is being made, and after
    fixed: frozenset[str] = frozenset()  # fields that no patch may change
    mutable: frozenset[str] | None = None  # if given: the only fields that a patch may change
    in_use_later: bool = False  # a delete in use fails in its operation, not at once
    defaults: Check = _passes  # for insert, patch and update: fill in and object
    resolved: Check = _passes  # likewise, once references are full links
    allocate: Check = _passes  # for insert only: addresses, sizes
    view: Callable[[Cloud, Record], Fields] = _no_view  # what a read adds
    holders: Callable[[Cloud, Record], list[Key]] = _no_holders
    removed: Callable[[Cloud, Record], None] = _nothing_left
    quota: Callable[[Key, Fields], tuple[str, float]] = _not_counted
    verbs: Mapping[str, Verb] = field(default_factory=dict)
