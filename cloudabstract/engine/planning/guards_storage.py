"""Rules about data: it does not shrink, is not replaced, and what vanished is Lost. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.model import (
    DEFAULT_NAMESPACE,
    ResourceKey,
    Volume,
    VolumeClaim,
    VolumeSnapshot,
    format_quantity,
)
from cloudabstract.provider import Objection, PartKey, Severity

from .change import Action
from .guarded import VOLUME, Guarded, Rule


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


def _replacing(plan: Guarded) -> Iterator[Objection]:
    """A replacement, or a new object of another kind beside the end of the old one."""
    kinds = {(each.key.resource, each.key.role): each.key.kind for each in plan.desired.parts}
    for change in plan.changes:
        part = change.part
        ends = change.action in (Action.DELETE, Action.RELEASE)
        moved = ends and kinds.get((part.resource, part.role), part.kind) != part.kind
        if change.precious and (moved or change.action is Action.REPLACE):
            name, why = change.old_name or change.name, change.reason
            yield Objection(
                "VO012",
                "spec",
                f"{name} holds data and would have to be replaced: {why}",
                "undo the change, or make a VolumeSnapshot and restore it into a new claim",
                resource=plan.subject(change.part),
            )


def _small_restores(plan: Guarded) -> Iterator[Objection]:
    for change in plan.changes:
        volume = plan.desired.resources.get(change.part.resource)
        if change.action is not Action.CREATE or not isinstance(volume, Volume):
            continue
        needed = _needed_by_source(plan, volume)
        if volume.spec.data_source is not None and needed > _made(plan, volume):
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
    """The bytes that a copy of a volume's source needs; 0 when it has no source."""
    source = volume.spec.data_source
    if source is None:
        return 0
    held = volume.spec.claim_ref
    namespace = held.namespace if held is not None else DEFAULT_NAMESPACE
    key = ResourceKey(source.kind, source.name, "" if source.kind == Volume.KIND else namespace)
    found = plan.held.get(key)
    if found is not None:
        return int(found.fields.get("size") or 0)
    return _planned_size(plan, key)


def _planned_size(plan: Guarded, source: ResourceKey) -> int:
    """The size of a source that is made in this same plan."""
    resource = plan.desired.resources.get(source)
    if isinstance(resource, Volume):
        return _made(plan, resource)
    if isinstance(resource, VolumeSnapshot):
        return _planned_size(plan, ResourceKey(Volume.KIND, resource.spec.source.volume or ""))
    return 0


def _made(plan: Guarded, volume: Volume) -> int:
    """The bytes that `volume` gets: what was asked for, rounded up to what the target makes."""
    return max(volume.spec.capacity.storage, plan.sizes.get(volume.key, 0))


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


RULES: tuple[Rule, ...] = (_shrinking, _expansion, _replacing, _small_restores, _lost)
