"""What a plan must not do, checked on the finished plan. Pure; each rule is one function.

Data comes first: volumes do not shrink, do not grow where their class forbids it, are not replaced;
what vanished is said to be Lost. Then ownership: names taken by strangers, protection, what could
not be read. Then immutability, against the resources as they were last applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cloudabstract.model import (
    Resource,
    ResourceKey,
    Volume,
    VolumeClaim,
    format_quantity,
)
from cloudabstract.provider import PROTECTED, Objection, PartKey, Severity
from cloudabstract.store import Memory

from . import immutable
from .change import Action, Change
from .match import Matched
from .parts import NamedPart
from .resolve import Desired

VOLUME, SNAPSHOT = "volume", "snapshot"


@dataclass(frozen=True)
class Guarded:
    """A plan in the making, as the rules see it."""

    desired: Desired
    matched: Matched
    memory: Memory
    changes: tuple[Change, ...]
    prior: Mapping[ResourceKey, Resource]

    def subject(self, key: PartKey) -> str:
        """The user's own resource behind a part."""
        return str(self.desired.author(key.resource))


def objections(plan: Guarded) -> Iterator[Objection]:
    """Everything that any rule has to say."""
    for rule in _RULES:
        yield from rule(plan)


def _sizes(plan: Guarded) -> Iterator[tuple[NamedPart, int, int]]:
    """(part, wanted bytes, found bytes) of every volume that exists."""
    for named in plan.desired.parts:
        found = plan.matched.found.get(named.key)
        if named.kind.precious and named.key.role == VOLUME and found is not None:
            wanted, has = named.part.want.get("size"), found.fields.get("size")
            if isinstance(wanted, int) and isinstance(has, int):
                yield named, wanted, has


def _size_field(plan: Guarded, key: PartKey) -> str:
    claimed = plan.desired.author(key.resource).kind == VolumeClaim.KIND
    return "spec.resources.requests.storage" if claimed else "spec.capacity.storage"


def _shrinking(plan: Guarded) -> Iterator[Objection]:
    for named, wanted, has in _sizes(plan):
        if wanted < has:
            yield Objection(
                "VO001",
                _size_field(plan, named.key),
                f"{named.name} has {format_quantity(has)} and cannot shrink to "
                f"{format_quantity(wanted)}",
                f"ask for {format_quantity(has)}, or copy the data into a new, smaller claim",
                resource=plan.subject(named.key),
            )


def _expansion(plan: Guarded) -> Iterator[Objection]:
    for named, wanted, has in _sizes(plan):
        volume = plan.desired.resources.get(named.key.resource)
        if wanted <= has or not isinstance(volume, Volume) or not _by_claim(plan, volume):
            continue
        of_class = plan.desired.classes.by_name.get(volume.spec.volume_class_name)
        if of_class is None or not of_class.spec.allow_volume_expansion:
            yield Objection(
                "VO010",
                "spec.resources.requests.storage",
                f"class {volume.spec.volume_class_name!r} does not allow volumes to grow",
                "set allowVolumeExpansion: true on the class",
                resource=str(_holder(volume)),
            )


def _by_claim(plan: Guarded, volume: Volume) -> bool:
    """Whether the volume's size is asked for by a claim, not by the volume itself."""
    written = plan.desired.asked.get(volume.key)
    own = written.spec.capacity.storage if written is not None else 0
    return bool(volume.spec.capacity.storage > own) and volume.spec.claim_ref is not None


def _holder(volume: Volume) -> ResourceKey:
    ref = volume.spec.claim_ref
    return ResourceKey(VolumeClaim.KIND, ref.name, ref.namespace) if ref else volume.key


def _replacing_data(plan: Guarded) -> Iterator[Objection]:
    for change in plan.changes:
        if change.precious and change.action is Action.REPLACE:
            yield Objection(
                "VO012",
                "spec",
                f"{change.old_name} holds data and would have to be replaced: {change.reason}",
                "undo the change, or make a VolumeSnapshot and restore it into a new claim",
                resource=plan.subject(change.part),
            )


def _small_restores(plan: Guarded) -> Iterator[Objection]:
    for change in plan.changes:
        volume = plan.desired.resources.get(change.part.resource)
        if change.action is not Action.CREATE or not isinstance(volume, Volume):
            continue
        needed = _needed_by_source(plan, volume)
        if volume.spec.data_source is not None and needed > volume.spec.capacity.storage:
            yield Objection(
                "VO013",
                _size_field(plan, change.part),
                f"{volume.spec.data_source.kind}/{volume.spec.data_source.name} needs "
                f"{format_quantity(needed)}, asked are "
                f"{format_quantity(volume.spec.capacity.storage)}",
                f"ask for {format_quantity(needed)}",
                resource=plan.subject(change.part),
            )


def _needed_by_source(plan: Guarded, volume: Volume) -> int:
    source = volume.spec.data_source
    if source is None:
        return 0
    for key, found in plan.matched.found.items():
        same = key.resource.kind == source.kind and key.resource.name == source.name
        if same and key.role in (SNAPSHOT, VOLUME):
            return int(found.fields.get("size") or 0)
    return _planned_size(plan, ResourceKey(source.kind, source.name))


def _planned_size(plan: Guarded, source: ResourceKey) -> int:
    """The size of a source that is made in this same plan."""
    for key, resource in plan.desired.resources.items():
        if (key.kind, key.name) != (source.kind, source.name):
            continue
        if isinstance(resource, Volume):
            return resource.spec.capacity.storage
        return _planned_size(plan, ResourceKey(Volume.KIND, resource.spec.source.volume or ""))
    return 0


def _lost(plan: Guarded) -> Iterator[Objection]:
    made_again = {change.part for change in plan.changes}
    for key in sorted(plan.matched.lost - made_again):
        subject = plan.subject(key)
        yield Objection(
            "VO016",
            "metadata.name",
            "its data was on the target and is not there any more; nothing is made in its place",
            f"bring it back, or accept the loss with --allow-data-loss {subject}",
            Severity.DEGRADE,
            "Lost",
            subject,
        )


def _taken(plan: Guarded) -> Iterator[Objection]:
    for key, found in plan.matched.taken.items():
        owner = found.labels.get("stack")
        whose = f"belongs to stack {owner!r}" if owner else "was not made by any stack"
        yield Objection(
            "ST001",
            "metadata.name",
            f"{found.kind} {found.name} in {found.place} exists and {whose}",
            "rename the resource or the stack, or adopt the object",
            resource=plan.subject(key),
        )


def _protected(plan: Guarded) -> Iterator[Objection]:
    labelled = {
        (each.kind, each.place, each.id)
        for each in plan.matched.orphans
        if each.labels.get(PROTECTED) == "true"
    }
    said: set[str] = set()
    for change in plan.changes:
        subject = str(change.part.resource)
        gone = change.part.resource not in plan.desired.resources
        marked = (change.part.kind, change.place, change.id) in labelled
        if change.action is not Action.DELETE or not gone or subject in said:
            continue
        if marked or subject in plan.memory.protected:
            said.add(subject)
            yield Objection(
                "ST002",
                "spec.deletionProtection",
                "is protected and would be deleted",
                "apply it once with deletionProtection: false, then delete it",
                resource=change.claim or subject,
            )


def _unread(plan: Guarded) -> Iterator[Objection]:
    for key, reason in plan.matched.unread.items():
        yield Objection(
            "ST004",
            "metadata.name",
            f"{key.kind} could not be read: {reason}",
            "nothing is done about it until it can be",
            Severity.DEGRADE,
            "Unknown",
            plan.subject(key),
        )


def _immutable(plan: Guarded) -> Iterator[Objection]:
    existing = {plan.desired.author(key.resource) for key in plan.matched.found}
    existing |= {key for key, binding in plan.desired.bindings.items() if binding.volume}
    for key, before in plan.prior.items():
        after = plan.desired.asked.get(key)
        if after is None or key not in existing:
            continue
        for path, was, now in immutable.changed(before, after, plan.desired.classes):
            yield Objection(
                "LB002" if key.kind == "LoadBalancer" else "VO015",
                path,
                f"cannot change from {was} to {now}",
                "put it back, or make a new resource under another name",
                resource=str(key),
            )


_RULES: tuple[Callable[[Guarded], Iterator[Objection]], ...] = (
    _shrinking,
    _expansion,
    _immutable,
    _replacing_data,
    _small_restores,
    _lost,
    _taken,
    _protected,
    _unread,
)
