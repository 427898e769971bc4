"""Resources with their references followed: claims to volumes, sources to what they copy. Pure.

    Volume, VolumeClaim      -> Volume, with its class, its claim, and a data source that exists
    VolumeSnapshot           -> the same, of a Volume; kept as it is when its source is gone
    VolumeAttachment         -> the same, of a Volume

What a reference does not lead to is said by an Objection. Nothing is ever made from less than was
asked for: a volume whose origin is missing is not made empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cloudabstract.model import (
    DEFAULT_NAMESPACE,
    DataSource,
    LoadBalancer,
    Resource,
    ResourceKey,
    Volume,
    VolumeAttachment,
    VolumeClaim,
    VolumeSnapshot,
    VolumeSource,
)
from cloudabstract.provider import Objection, Severity
from cloudabstract.store import Memory

from . import decided
from .binding import Binding
from .classes import Classes
from .volumes import held_by, released_by, with_class


class Following:
    """Follows every reference of one spec; collects what could not be followed."""

    def __init__(
        self,
        asked: tuple[Resource, ...],
        bindings: Mapping[ResourceKey, Binding],
        classes: Classes,
        memory: Memory,
    ) -> None:
        self._asked = asked
        self._keys = {each.key for each in asked}
        self._bindings = bindings
        self._classes = classes
        self._memory = memory
        self._authors = authors(bindings)
        self._holders = {volume: claim for claim, volume in memory.bindings.items()}
        self._copies = {
            each.key: self._sourced(each) for each in asked if isinstance(each, VolumeSnapshot)
        }
        self.objections: list[Objection] = []
        self.kept: set[ResourceKey] = set()

    def resolved(self) -> dict[ResourceKey, Resource]:
        """Every resource that has parts, by key, volumes first; what is kept is among them."""
        found: dict[ResourceKey, Resource] = {each.key: each for each in self._volumes()}
        for resource in self._asked:
            if isinstance(resource, (VolumeSnapshot, VolumeAttachment)):
                followed = self._sourced(resource) or self._without_source(resource)
                if followed is not None:
                    found[followed.key] = followed
            if isinstance(resource, LoadBalancer):
                found[resource.key] = resource
        return found

    def _volumes(self) -> Iterator[Volume]:
        """Volumes as they are wanted, those of the spec and those made for claims."""
        wanted = dict(self._classed())
        origins = {
            key: self._origin(_source_of(each))
            for key, each in wanted.items()
            if each.spec.data_source is not None
        }
        for key, volume in wanted.items():
            circular = key in origins and self._circular(key, origins)
            yield self._born(volume, None if circular else origins.get(key))

    def _classed(self) -> Iterator[tuple[ResourceKey, Volume]]:
        held = {each.volume.key for each in self._bindings.values() if each.volume is not None}
        for resource in self._asked:
            if isinstance(resource, Volume) and resource.key not in held:
                yield resource.key, self._released(with_class(resource, self._classes))
        for key, binding in self._bindings.items():
            if binding.why is not None:
                self.objections.append(replace(binding.why, resource=str(key)))
            self._check_attributes(key, binding.claim)
            if binding.volume is not None:
                volume = with_class(binding.volume, self._classes)
                yield volume.key, held_by(volume, binding.claim, self._classes)

    def _released(self, volume: Volume) -> Volume:
        """`volume`, whose claim may be gone from the spec."""
        claim = self._holders.get(volume.metadata.name)
        if claim is None:
            return volume
        answers = decided.read(self._memory.notes, [claim])
        size = answers[claim].size if claim in answers else 0
        return released_by(volume, ResourceKey.parse(claim), size)

    def _check_attributes(self, key: ResourceKey, claim: VolumeClaim) -> None:
        name = claim.spec.volume_attributes_class_name
        if name and name not in self._classes.attributes:
            self.objections.append(
                Objection(
                    "CL006",
                    "spec.volumeAttributesClassName",
                    f"there is no VolumeAttributesClass {name!r}",
                    "add it to the spec, or leave the field out",
                    resource=str(key),
                )
            )

    def _born(self, volume: Volume, origin: ResourceKey | None) -> Volume:
        """`volume` with its data source followed to `origin`, a Volume or snapshot of this spec."""
        source = volume.spec.data_source
        if source is None:
            return volume
        if origin is not None:
            copies = origin.kind == VolumeSnapshot.KIND
            followed = DataSource("VolumeSnapshot" if copies else "Volume", origin.name)
            return replace(volume, spec=replace(volume.spec, data_source=followed))
        if not self._exists(volume.key):
            key = _source_of(volume)
            there = key in self._keys
            self.objections.append(
                Objection(
                    "CL004",
                    "spec.dataSource",
                    f"{key} has nothing to copy yet" if there else f"{key} is not in this spec",
                    "wait until it exists" if there else "add it to the spec",
                    resource=str(self._authors.get(volume.key, volume.key)),
                )
            )
        return replace(volume, spec=replace(volume.spec, data_source=None))

    def _origin(self, key: ResourceKey | None) -> ResourceKey | None:
        """The Volume or snapshot behind a data source; None when there is nothing to copy."""
        if key is None:
            return None
        if key.kind == VolumeClaim.KIND:
            binding = self._bindings.get(key)
            return binding.volume.key if binding is not None and binding.volume else None
        if key.kind == VolumeSnapshot.KIND:
            there = self._copies.get(key) is not None or self._exists(key)
            return key if key in self._copies and there else None
        return key if key in self._keys else None

    def _circular(
        self, start: ResourceKey, origins: Mapping[ResourceKey, ResourceKey | None]
    ) -> bool:
        """Whether a volume would in the end be a copy of itself."""
        seen: set[ResourceKey] = set()
        here = origins.get(start)
        while here is not None and here not in seen:
            if here == start:
                return True
            seen.add(here)
            copied = self._copies.get(here)
            taken = None if copied is None else copied.spec.source.volume
            here = ResourceKey(Volume.KIND, taken) if taken else origins.get(here)
        return False

    def _sourced(self, resource: Resource) -> Resource | None:
        """A snapshot or attachment whose source is a Volume; None when it cannot be followed."""
        source = resource.spec.source
        if source.volume is not None:
            return resource if ResourceKey(Volume.KIND, source.volume) in self._keys else None
        binding = self._bindings.get(_claim_of(resource))
        if binding is None or binding.volume is None:
            return None
        followed = VolumeSource(volume=binding.volume.metadata.name)
        return replace(resource, spec=replace(resource.spec, source=followed))

    def _without_source(self, resource: Resource) -> Resource | None:
        """A snapshot that exists is kept; what would have to be made is objected to."""
        if isinstance(resource, VolumeSnapshot) and self._exists(resource.key):
            self.kept.add(resource.key)
            return resource
        source = resource.spec.source
        claim = _claim_of(resource)
        waits = source.volume is None and claim in self._bindings
        missing = claim if source.volume is None else ResourceKey(Volume.KIND, source.volume)
        self.objections.append(
            Objection(
                "CL001" if waits else "CL004",
                "spec.source",
                f"{missing} is Pending" if waits else f"{missing} is not in this spec",
                "" if waits else "name a VolumeClaim or Volume of this spec",
                Severity.DEGRADE if waits else Severity.REJECT,
                "Pending" if waits else "",
                str(resource.key),
            )
        )
        return None

    def _exists(self, key: ResourceKey) -> bool:
        return any(trace.id for trace in self._memory.of_resource(str(key)))


def authors(bindings: Mapping[ResourceKey, Binding]) -> dict[ResourceKey, ResourceKey]:
    """Volumes that exist only for a claim, and that claim."""
    return {
        binding.volume.key: key
        for key, binding in bindings.items()
        if binding.made and binding.volume is not None
    }


def _source_of(volume: Volume) -> ResourceKey | None:
    """The resource that a volume is to be a copy of."""
    source = volume.spec.data_source
    if source is None:
        return None
    if source.kind == Volume.KIND:
        return ResourceKey(source.kind, source.name)
    held = volume.spec.claim_ref
    return ResourceKey(source.kind, source.name, held.namespace if held else DEFAULT_NAMESPACE)


def _claim_of(resource: Resource) -> ResourceKey:
    source = resource.spec.source
    return ResourceKey(VolumeClaim.KIND, source.claim or "", resource.metadata.namespace)
