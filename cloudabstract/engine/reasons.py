"""What a change says about itself: how grave it is, whose doing, and notes for people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from cloudabstract.model import (
    LoadBalancer,
    Resource,
    ResourceKey,
    VolumeAttributesClass,
    VolumeClass,
)
from cloudabstract.provider import Effect, Kind

from .parts import NamedPart
from .resolve import Desired


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
