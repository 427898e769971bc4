"""What a change says about itself: how grave it is, whose doing, and notes for people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from cloudabstract.engine.finding.fields import Delta
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.model import (
    LoadBalancer,
    Resource,
    ResourceKey,
    VolumeAttributesClass,
    VolumeClass,
)
from cloudabstract.provider import RESOURCE, Effect, Found, Kind


class Since:
    """Tells what the spec has changed since the last apply from what the world has changed."""

    def __init__(self, desired: Desired, prior: Mapping[ResourceKey, Resource]) -> None:
        self._desired = desired
        self._prior = prior

    def unchanged(self, key: ResourceKey) -> bool:
        """Whether the spec says of `key` what it said at the last apply, classes included."""
        author = self._desired.author(key)
        before, after = self._prior.get(author), self._desired.asked.get(author)
        if before is None or (before is not after and before != after):
            return False
        return isinstance(before, LoadBalancer) or self._same_classes

    def why(self, key: ResourceKey, deltas: Iterable[str]) -> str:
        """The reason of an update of a part of `key`, in a few words."""
        old = self._desired.moves.was(self._desired.author(key))
        if old and f"labels.{RESOURCE}" in deltas:
            return f"was called {old}"
        return "changed outside of this stack" if self.unchanged(key) else "the spec changed"

    @cached_property
    def _same_classes(self) -> bool:
        kinds = (VolumeClass, VolumeAttributesClass)
        before = {key: each for key, each in self._prior.items() if isinstance(each, kinds)}
        asked = self._desired.asked
        return before == {key: each for key, each in asked.items() if isinstance(each, kinds)}


def gravest(kind: Kind, deltas: Iterable[str]) -> Effect:
    """What an in-place change of these fields does to the users of the object."""
    if only_labels(deltas):
        return Effect.NONE
    effects = (kind.effects.get(name, Effect.IN_PLACE) for name in deltas)
    return max(effects, key=lambda effect: effect.rank)


def only_labels(deltas: Iterable[str]) -> bool:
    """Whether nothing but owner's labels would change."""
    return all(name.startswith("labels.") for name in deltas)


def notes(named: NamedPart, changed: Iterable[str], also: str = "") -> tuple[str, ...]:
    """What the part says about the changed fields; `also` is a prefix of more such keys."""
    known = named.part.notes
    if not known:
        return ()
    keys = [key for name in sorted(changed) for key in dict.fromkeys((name, also + name))]
    return tuple(f"{key.removeprefix(also)}: {known[key]}" for key in keys if key in known)


def label_deltas(named: NamedPart, found: Found) -> dict[str, Delta]:
    """The owner's labels that are not as they should be, as fields of a change."""
    if found.labels == named.labels:
        return {}
    keys = sorted(named.labels.keys() | found.labels.keys())
    return {
        f"labels.{key}": Delta(found.labels.get(key), named.labels.get(key))
        for key in keys
        if found.labels.get(key) != named.labels.get(key)
    }
