"""Parts with their names and owner's labels, in an order in which users follow what they use.

Here the engine also checks what a provider expanded to, and blames it in words for its author:
undeclared kinds, refs to kinds it does not declare to use, refs to nowhere, circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from cloudabstract.errors import ProviderError
from cloudabstract.model import Resource, ResourceKey, Volume, VolumeSnapshot
from cloudabstract.provider import (
    CLAIM,
    INCARNATION,
    PROTECTED,
    RECLAIM,
    RESOURCE,
    ROLE,
    STACK,
    Kind,
    Part,
    PartKey,
    refs,
)
from cloudabstract.store import Memory

from .naming import native_name

__all__ = ["NamedPart", "Part", "name_all", "owner_labels"]


@dataclass(frozen=True)
class NamedPart:
    """A part, the native name the engine chose for it, and its owner's labels."""

    part: Part
    kind: Kind
    name: str
    incarnation: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    points: tuple[tuple[str, PartKey], ...] = ()  # (field, part that it refers to)
    ignored: frozenset[str] = frozenset()  # fields that others look after, once it exists

    @property
    def key(self) -> PartKey:
        return self.part.key

    @property
    def place(self) -> str:
        return self.part.place

    @property
    def left_alone(self) -> frozenset[str]:
        """Fields in which an existing object may differ from what is wanted."""
        return self.kind.birth | self.ignored if self.ignored else self.kind.birth


def name_all(
    stack: str, parts: Iterable[Part], kinds: Iterable[Kind], memory: Memory
) -> tuple[NamedPart, ...]:
    """Every part named and in order. Raises ProviderError when the parts do not fit together."""
    known = {kind.name: kind for kind in kinds}
    by_key = _by_key(parts, known)
    points = {key: tuple(_points(part)) for key, part in by_key.items()}
    for key, pointed in points.items():
        _check(by_key[key], known[key.kind], pointed, by_key)
    names: dict[PartKey, str] = {}
    named: list[NamedPart] = []
    for key in _ordered(by_key, points):
        part, kind = by_key[key], known[key.kind]
        incarnation = memory.salts.get(str(key.resource), 0) if memory.salts else 0
        names[key] = native_name(stack, part, kind, names, incarnation)
        named.append(NamedPart(part, kind, names[key], incarnation, points=points[key]))
    return tuple(named)


def owner_labels(stack: str, named: NamedPart, resource: Resource | None) -> dict[str, str]:
    """Who owns the object, and what the engine must know of it should all else be lost.

    stack, resource and role find it again; reclaim says what becomes of the data, claim who has
    the volume, protected that it must not be deleted, incarnation which of several it is.
    """
    labels = {STACK: stack, RESOURCE: str(named.key.resource), ROLE: named.key.role}
    if named.incarnation:
        labels[INCARNATION] = str(named.incarnation)
    if resource is None:
        return labels
    if getattr(resource.spec, "deletion_protection", False):
        labels[PROTECTED] = "true"
    if not named.kind.precious:
        return labels if may(resource, "Delete") else {**labels, RECLAIM: "Retain"}
    if isinstance(resource, Volume):
        labels[RECLAIM] = resource.spec.reclaim_policy
        holder = resource.spec.claim_ref
        if holder is not None:
            labels[CLAIM] = str(ResourceKey("VolumeClaim", holder.name, holder.namespace))
    if isinstance(resource, VolumeSnapshot):
        labels[RECLAIM] = resource.spec.deletion_policy
    if not may(resource, "Delete"):
        labels[RECLAIM] = "Retain"
    return labels


def may(resource: Resource | None, policy: str) -> bool:
    """Whether the management policies of `resource` allow `policy`."""
    allowed = getattr(getattr(resource, "spec", None), "management_policies", ("*",))
    return "*" in allowed or policy in allowed


def _by_key(parts: Iterable[Part], known: Mapping[str, Kind]) -> dict[PartKey, Part]:
    by_key: dict[PartKey, Part] = {}
    for part in parts:
        if part.key in by_key:
            raise ProviderError(f"expand gave two parts with the key {part.key}")
        if part.key.kind not in known:
            raise ProviderError(f"{part.key}: the provider does not declare kind {part.key.kind!r}")
        by_key[part.key] = part
    return by_key


def _points(part: Part) -> Iterator[tuple[str, PartKey]]:
    for name, value in part.want.items():
        if type(value) is not str:  # most are
            for ref in refs(value):
                yield name, ref.to


def _check(
    part: Part,
    kind: Kind,
    points: Iterable[tuple[str, PartKey]],
    by_key: Mapping[PartKey, Part],
) -> None:
    """Raise unless the kind declares what `part` uses, and its name depends on parts only."""
    for name, to in points:
        if to.kind not in kind.uses:
            raise ProviderError(
                f"{part.key} refers to {to}, but kind {kind.name!r} does not declare "
                f"that it uses {to.kind!r}"
            )
        if name in kind.fixed and to not in by_key:
            raise ProviderError(f"fixed field {name!r} of {part.key} refers to {to}, not a part")


def _ordered(
    by_key: Mapping[PartKey, Part], points: Mapping[PartKey, Iterable[tuple[str, PartKey]]]
) -> tuple[PartKey, ...]:
    """Users after what they use; otherwise in the order given, the same in every process."""
    graph = {
        key: [to for to in (*(to for _, to in points[key]), *part.after) if to in by_key]
        for key, part in by_key.items()
    }
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " -> ".join(str(key) for key in error.args[1])
        raise ProviderError(f"parts refer to each other in a circle: {circle}") from error
