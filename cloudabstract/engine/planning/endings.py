"""How an object of ours ends that no part wants any more: deleted, or released with its data.

Users go before what they use. An object stays where its reclaim label says Retain, where its
management policies do not allow Delete, and data also where the user asks for it; whether data may
be lost is not decided here but by consent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cloudabstract.engine.finding.observe import levels
from cloudabstract.engine.wanting.parts import may
from cloudabstract.model import ResourceKey
from cloudabstract.provider import CLAIM, RECLAIM, Effect, Found, Kind, Objection, PartKey, Severity

from .change import Action, Change
from .question import Question


@dataclass(frozen=True)
class Ended:
    """Changes, users first; and what cannot end as it should."""

    changes: tuple[Change, ...] = ()
    objections: tuple[Objection, ...] = ()


class Endings:
    """Turns orphans into changes, but those whose end is decided elsewhere."""

    def __init__(self, question: Question, spared: set[tuple[str, str, str]]) -> None:
        self._owning = question.owning
        self._resources = question.view.desired.resources
        self._options = question.options
        self._markable = question.markable
        self._spared = spared
        self._kinds = {kind.name: kind for kind in question.kinds}
        self._rank = {
            kind.name: depth for depth, level in enumerate(levels(question.kinds)) for kind in level
        }

    def changes(self, orphans: Iterable[Found]) -> Ended:
        """One change for each orphan."""
        changes: list[Change] = []
        objections: list[Objection] = []
        found_parts = [(each, self._part(each)) for each in sorted(orphans, key=self._order)]
        claims = _claims(found_parts)
        for found, part in found_parts:
            wanted = part.resource in self._resources
            ends = self._options.prune or wanted
            if not ends or (found.kind, found.place, found.id) in self._spared:
                continue
            follows = self._kinds[found.kind].identity and found.kind not in self._markable
            if follows and self._disowned(found, part):
                continue  # it has no labels of its own, and goes with its parent
            if self._stays(found, part) and found.kind not in self._markable:
                objections.append(_stuck(found, part))
                continue
            claim = claims.get(part.resource, "")
            changes.append(self._ending(found, part, claim))
        return Ended(tuple(changes), tuple(objections))

    def _order(self, found: Found) -> tuple[int, str, str]:
        return (-self._rank[found.kind], found.name, found.id)

    def _part(self, found: Found) -> PartKey:
        resource, kind, role = self._owning.role(found)
        return PartKey(_resource(resource, found), kind, role)

    def _reclaim(self, found: Found) -> str:
        precious = self._kinds[found.kind].precious
        return found.labels.get(RECLAIM, "Retain" if precious else "")

    def _disowned(self, found: Found, part: PartKey) -> bool:
        """Whether the user wants the object to stay, and to be nobody's."""
        return bool(self._options.release & {str(part.resource), found.labels.get(CLAIM, "")})

    def _stays(self, found: Found, part: PartKey) -> bool:
        if self._disowned(found, part):
            return True
        if not may(self._resources.get(part.resource), "Delete"):
            return True
        kept = self._kinds[found.kind].precious and self._options.retain_data
        return kept or self._reclaim(found) == "Retain"

    def _ending(self, found: Found, part: PartKey, claim: str) -> Change:
        kind = self._kinds[found.kind]
        stays = self._stays(found, part)
        gone = part.resource not in self._resources
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
            claim=claim,
            reclaim=self._reclaim(found),
            disown=stays and self._disowned(found, part),
        )


def _claims(found: Iterable[tuple[Found, PartKey]]) -> dict[ResourceKey, str]:
    """The claims that have these volumes: only the part that holds the data is labelled so."""
    return {part.resource: each.labels[CLAIM] for each, part in found if each.labels.get(CLAIM)}


def _resource(text: str, found: Found) -> ResourceKey:
    """The resource of an orphan; one that says of itself nothing readable gets a name."""
    if text.count("/") not in (1, 2):
        return ResourceKey("Unknown", text or found.name or found.id)
    namespaced = not text.startswith(("Volume/", "VolumeClass/"))
    return ResourceKey.parse(text, namespaced)


def _effect(kind: Kind, stays: bool) -> Effect:
    if stays:
        return Effect.NONE
    return Effect.DATA if kind.precious else kind.ending


def _stuck(found: Found, part: PartKey) -> Objection:
    return Objection(
        "ST003",
        "spec.managementPolicies",
        f"{found.kind} {found.name or found.id} may not be deleted, and cannot be let go either",
        "allow Delete, then remove it",
        Severity.DEGRADE,
        "NotManaged",
        str(part.resource),
    )
