"""How an object of ours ends that no part wants any more: deleted, or released with its data.

Users go before what they use. Data stays where its reclaim label says Retain, or where the user
asks for it; whether it may be lost is not decided here but by consent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cloudabstract.model import ResourceKey
from cloudabstract.provider import CLAIM, RECLAIM, Effect, Found, Kind, PartKey
from cloudabstract.store import Memory

from .change import Action, Change
from .match import owner, role
from .observe import levels
from .resolve import Desired


@dataclass(frozen=True)
class Endings:
    """Turns orphans into changes."""

    kinds: Mapping[str, Kind]
    memory: Memory
    desired: Desired
    prune: bool
    retain_data: bool

    def changes(self, orphans: Iterable[Found]) -> Iterator[Change]:
        """One change for each orphan, users first."""
        rank = {
            kind.name: depth
            for depth, level in enumerate(levels(self.kinds.values()))
            for kind in level
        }
        for found in sorted(orphans, key=lambda each: (-rank[each.kind], each.name, each.id)):
            part = self._part(found)
            if self.prune or part.resource in self.desired.resources:
                yield self._ending(found, part)

    def _part(self, found: Found) -> PartKey:
        text = owner(found, self.memory)
        resource = (
            ResourceKey.parse(text, namespaced=not text.startswith(("Volume/", "VolumeClass/")))
            if text.count("/") in (1, 2)
            else ResourceKey("Unknown", text or found.name or found.id)
        )
        return PartKey(resource, found.kind, role(found, self.memory))

    def _ending(self, found: Found, part: PartKey) -> Change:
        kind = self.kinds[found.kind]
        reclaim = found.labels.get(RECLAIM, "Retain" if kind.precious else "")
        stays = reclaim == "Retain" or (kind.precious and self.retain_data)
        gone = part.resource not in self.desired.resources
        return Change(
            Action.RELEASE if stays else Action.DELETE,
            part,
            found.place,
            found.name,
            effect=_effect(kind, stays),
            reason="the spec no longer names it" if gone else "its resource no longer needs it",
            id=found.id,
            version=found.version,
            precious=kind.precious,
            claim=found.labels.get(CLAIM, ""),
            reclaim=reclaim,
        )


def _effect(kind: Kind, stays: bool) -> Effect:
    if stays:
        return Effect.NONE
    return Effect.DATA if kind.precious else kind.ending
