"""Immutable fields: compared with the resources as they were last applied. Pure.

What is immutable is written once, as a mark on the model's fields. Two changes look like one but
are not: naming the class that a claim got as the default, and naming the volume it is bound to.
Classes are immutable while something that exists was made by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from cloudabstract.engine.wanting import decided
from cloudabstract.model import (
    LoadBalancer,
    Resource,
    ResourceKey,
    Volume,
    VolumeAttributesClass,
    VolumeClaim,
    VolumeClass,
    traits,
)
from cloudabstract.model.limits import Change
from cloudabstract.provider import Objection

from .guarded import Guarded

_MARKS = (Change.IMMUTABLE, Change.PRIMARY)


def refused(plan: Guarded) -> Iterator[Objection]:
    """LB002 or VO015 for every immutable field that the spec changes."""
    existing = _existing(plan)
    for key, before in plan.prior.items():
        after = plan.desired.asked.get(key)
        if after is None or after is before or key not in existing:
            continue
        for path, was, now in changed(before, after, _answers(plan, key)):
            yield Objection(
                "LB002" if key.kind == LoadBalancer.KIND else "VO015",
                path,
                f"cannot change from {was} to {now}",
                "put it back, or make a new resource under another name",
                resource=str(key),
            )


def changed(
    before: Resource, after: Resource, answers: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """(field path, old value, new value) for every immutable field that differs.

    `answers` has, by path, what the engine decided where the spec left a field open.
    """
    for path, was, now in _walk("spec", before.spec, after.spec):
        if not _same_meaning(path, was, now, answers):
            yield path, was, now


def _walk(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    owner: type = type(after)
    for each in traits.fields(owner):
        was, now = getattr(before, each.name, None), getattr(after, each.name)
        here = f"{path}.{each.key}"
        if was == now:
            continue
        if each.change in _MARKS:
            yield here, was, now
        elif is_dataclass(now) and type(was) is type(now):
            yield from _walk(here, was, now)


def _same_meaning(path: str, was: Any, now: Any, answers: Mapping[str, Any]) -> bool:
    if path == "spec.ipFamilies":
        return bool((was or ("IPv4",))[0] == (now or ("IPv4",))[0])
    if path not in answers:
        return False
    answer = answers[path]
    return bool((answer if was is None else was) == (answer if now is None else now))


def _answers(plan: Guarded, key: ResourceKey) -> dict[str, Any]:
    """The class and the volume that a claim got, where it named none."""
    if key.kind != VolumeClaim.KIND:
        return {}
    known = decided.read(plan.memory.notes, [key]).get(str(key))
    name = known.class_name if known is not None else None
    return {
        "spec.volumeClassName": plan.desired.classes.default if name is None else name,
        "spec.volumeName": plan.memory.bindings.get(str(key)),
    }


def _existing(plan: Guarded) -> set[ResourceKey]:
    """The resources of the spec that stand for something which exists."""
    desired = plan.desired
    existing = {desired.author(key.resource) for key in plan.matched.found}
    existing |= {desired.author(each.part.resource) for each in plan.changes if each.id}
    existing |= {key for key in desired.bindings if str(key) in plan.memory.bindings}
    for key in tuple(existing):
        binding = desired.bindings.get(key)
        if binding is not None:
            attributes = binding.claim.spec.volume_attributes_class_name or ""
            existing.add(ResourceKey(VolumeAttributesClass.KIND, attributes))
        volume = binding.volume if binding is not None else desired.resources.get(key)
        if isinstance(volume, Volume):
            existing.add(ResourceKey(VolumeClass.KIND, volume.spec.volume_class_name))
    return existing
