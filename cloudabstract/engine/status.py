"""Portable status of every resource: what the provider says of its parts, and what only the engine
can know: bindings, degraded fields, what is still missing. Pure.

Conditions keep the time of their last transition as long as they say the same (`Seen`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cloudabstract.clock import iso
from cloudabstract.engine.planning.guarded import VOLUME
from cloudabstract.engine.wanting.resolve import Desired
from cloudabstract.model import (
    Condition,
    ExternalResource,
    Resource,
    ResourceKey,
    Status,
    Volume,
    VolumeAttachment,
    VolumeClaim,
    VolumeSnapshot,
)
from cloudabstract.provider import Found, Health, Objection, PartKey, Provider, Severity

Seen = Mapping[str, Mapping[str, tuple[str, str]]]  # resource -> type -> (what it said, since)


@dataclass(frozen=True)
class World:
    """What is known of a stack at one moment."""

    desired: Desired
    found: Mapping[PartKey, Found]
    objections: tuple[Objection, ...] = ()
    waiting: Mapping[PartKey, str] = field(default_factory=dict)  # wanted parts, why not there
    lost: frozenset[PartKey] = frozenset()
    bindings: Mapping[str, str] = field(default_factory=dict)  # remembered, gone claims too


def statuses(world: World, provider: Provider, now: float, seen: Seen) -> dict[ResourceKey, Status]:
    """The status of every resource that has one; claims after the volumes they are bound to."""
    by_resource: dict[ResourceKey, dict[PartKey, Found]] = defaultdict(dict)
    for part, found in world.found.items():
        by_resource[part.resource][part] = found
    view = _View(world, iso(now), seen)
    told: dict[ResourceKey, Status] = {}
    for key, resource in world.desired.resources.items():
        parts = by_resource.get(key, {})
        told[key] = view.finished(key, resource, provider.status(resource, parts), parts)
    for key, binding in world.desired.bindings.items():
        told[key] = view.of_claim(key, binding.claim, binding.volume, told)
    for key, resource in world.desired.asked.items():
        if key in told:
            continue
        if isinstance(resource, (VolumeSnapshot, VolumeAttachment)):
            told[key] = view.waiting(key)
        elif view.weak(key):  # a class, which has no objects of its own
            told[key] = view.of_words(key)
    return told


def remembered(told: Mapping[ResourceKey, Status]) -> dict[str, dict[str, tuple[str, str]]]:
    """What to give as `seen` next time."""
    return {
        str(key): {
            each.type: (f"{each.status}/{each.reason}", each.last_transition_time)
            for each in status.conditions
        }
        for key, status in told.items()
    }


class _View:
    def __init__(self, world: World, now: str, seen: Seen) -> None:
        self._world = world
        self._now = now
        self._seen = seen
        self._objections: dict[str, list[Objection]] = defaultdict(list)
        for each in world.objections:
            self._objections[each.resource].append(each)
        self._parts: dict[ResourceKey, list[PartKey]] = defaultdict(list)
        for named in world.desired.parts:
            self._parts[named.key.resource].append(named.key)
        self._holders = {volume: claim for claim, volume in world.bindings.items()}
        self._lost = {part.resource for part in world.lost}
        self._made = {part.resource for part in world.found if part.role == VOLUME}

    def finished(
        self, key: ResourceKey, resource: Resource, status: Status, parts: Mapping[PartKey, Found]
    ) -> Status:
        """The provider's status with the engine's conditions, phases and native objects."""
        status = status.with_condition(self._accepted(key))
        status = status.with_condition(self._programmed(key, status, parts))
        status = self._degraded(self._world.desired.author(key), status)
        if isinstance(resource, Volume):
            status = self._phased(key, resource, status, parts)
        natives = tuple(
            ExternalResource(found.kind, found.id, found.place, part.role)
            for part, found in sorted(parts.items())
        )
        return self._timed(key, replace(status, external_resources=natives))

    def of_claim(
        self,
        key: ResourceKey,
        claim: VolumeClaim,
        volume: Volume | None,
        told: Mapping[ResourceKey, Status],
    ) -> Status:
        """A claim's status, which is mostly that of its volume."""
        status = self._degraded(key, Status(phase="Pending").with_condition(self._accepted(key)))
        if volume is None:
            reason, message = self._why(key)
            return self._timed(key, replace(status, reason=reason, message=message))
        of_volume = told[volume.key]
        lost, made = volume.key in self._lost, volume.key in self._made
        return self._timed(
            key,
            replace(
                status,
                phase="Lost" if lost else "Bound" if made else "Pending",
                volume_name=volume.metadata.name,
                capacity=of_volume.capacity,
                access_modes=volume.spec.access_modes if made else (),
                path=of_volume.path,
                device=of_volume.device,
                message=of_volume.message,
                conditions=_merged(status.conditions, of_volume.conditions),
            ),
        )

    def waiting(self, key: ResourceKey) -> Status:
        """A snapshot or attachment whose source is not there yet."""
        reason, message = self._why(key)
        status = Status(phase="Pending", reason=reason, message=message)
        return self._timed(key, self._degraded(key, status.with_condition(self._accepted(key))))

    def weak(self, key: ResourceKey) -> bool:
        """Whether something of the resource is not honoured in full."""
        return any(each.severity is Severity.DEGRADE for each in self._objections.get(str(key), ()))

    def of_words(self, key: ResourceKey) -> Status:
        """The status of a resource that is nothing but what is said in it."""
        return self._timed(key, self._degraded(key, Status().with_condition(self._accepted(key))))

    def _why(self, key: ResourceKey) -> tuple[str, str]:
        for each in self._objections.get(str(key), ()):
            return each.reason or each.code, each.message
        return "", ""

    def _accepted(self, key: ResourceKey) -> Condition:
        subject = str(self._world.desired.author(key))
        for each in self._objections.get(subject, ()):
            if each.severity is Severity.REJECT:
                return Condition("Accepted", "False", "Unsupported", each.message)
        return Condition("Accepted", "True", "Accepted")

    def _programmed(
        self, key: ResourceKey, status: Status, parts: Mapping[PartKey, Found]
    ) -> Condition:
        own = status.condition("Programmed")
        if own is not None and own.status != "True":
            return own
        for part in self._parts.get(key, ()):
            found = parts.get(part)
            if found is None:
                why = self._world.waiting.get(part, "")
                return Condition("Programmed", "False", "Provisioning", f"no {part.kind}: {why}")
            if found.health is Health.FAILED:
                text = found.reason or f"{part.kind} failed"
                return Condition("Programmed", "False", "Infrastructure", text)
            if found.health is Health.PENDING:
                text = found.reason or f"{part.kind} is not ready"
                return Condition("Programmed", "False", "Provisioning", text)
        return own or Condition("Programmed", "True", "Programmed")

    def _degraded(self, subject: ResourceKey, status: Status) -> Status:
        weak = [
            (each.reason or each.code, f"{each.field}: {each.message}")
            for each in self._objections.get(str(subject), ())
            if each.severity is Severity.DEGRADE
        ]
        own = status.condition("Degraded")
        if own is not None and own.status == "True":
            weak.append((own.reason, own.message))
        if not weak:
            return status.with_condition(own or Condition("Degraded", "False", "AsSpecified"))
        reasons = {reason for reason, _ in weak}
        reason = reasons.pop() if len(reasons) == 1 else "Multiple"
        text = "; ".join(dict.fromkeys(message for _, message in weak if message))
        return status.with_condition(Condition("Degraded", "True", reason, text))

    def _phased(
        self, key: ResourceKey, volume: Volume, status: Status, parts: Mapping[PartKey, Found]
    ) -> Status:
        if key in self._lost:
            return replace(status, phase="Failed", reason="Lost")
        if any(
            part.role == VOLUME and found.health is Health.FAILED for part, found in parts.items()
        ):
            return replace(status, phase="Failed")
        if key not in self._made:
            return replace(status, phase="Pending")
        held = volume.spec.claim_ref
        if held is not None:
            claim = ResourceKey(VolumeClaim.KIND, held.name, held.namespace)
            bound = self._world.desired.bindings.get(claim)
            if bound is not None and bound.volume is not None and bound.volume.key == key:
                return replace(status, phase="Bound")
        if self._holders.get(key.name) is not None:
            return replace(status, phase="Released")
        return replace(status, phase="Available")

    def _timed(self, key: ResourceKey, status: Status) -> Status:
        before = self._seen.get(str(key), {})
        return replace(
            status, conditions=tuple(self._since(each, before) for each in status.conditions)
        )

    def _since(self, each: Condition, before: Mapping[str, tuple[str, str]]) -> Condition:
        said, since = before.get(each.type, ("", ""))
        same = said == f"{each.status}/{each.reason}" and since
        return replace(each, last_transition_time=since if same else self._now)


def _merged(own: Iterable[Condition], inherited: Iterable[Condition]) -> tuple[Condition, ...]:
    """Own conditions first; of the volume's, those that the claim does not say better."""
    kept = {each.type: each for each in inherited}
    for each in own:
        if each.type not in kept or each.status != "False":
            kept[each.type] = each
    return tuple(kept.values())
