"""Spec + Facts + Memory -> Desired: claims bound, classes applied, checked, every part named. Pure.

    resources --bind--> volumes --apply classes--> resolved --check--> objections
                                                      |
                                                      +--expand--> parts --name--> NamedPart

What cannot be followed is never an exception here: a claim without a volume is Pending, a snapshot
whose source is gone is kept as it is, a pool without hosts is Degraded. Each says so by an
Objection, and the plan decides what that means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cloudabstract.model import (
    LoadBalancer,
    Resource,
    ResourceKey,
    Volume,
    VolumeAttachment,
    VolumeClaim,
    VolumeSnapshot,
    VolumeSource,
)
from cloudabstract.provider import Facts, Objection, Provider, Severity, backends, pool_of
from cloudabstract.store import Memory

from . import parts as parting
from .binding import Binding, Consumers, bind_all
from .classes import Classes, classes_of
from .parts import NamedPart
from .volumes import with_class


@dataclass(frozen=True)
class Desired:
    """Everything wanted of one stack, in an order in which parts come after what they use."""

    resources: Mapping[ResourceKey, Resource]  # resolved, as they were expanded
    parts: tuple[NamedPart, ...]
    objections: tuple[Objection, ...] = ()
    bindings: Mapping[ResourceKey, Binding] = field(default_factory=dict)
    kept: frozenset[ResourceKey] = frozenset()  # left exactly as they are found
    facts: Facts = field(default_factory=lambda: Facts(places=("",)))
    asked: Mapping[ResourceKey, Resource] = field(default_factory=dict)  # as the user wrote them
    classes: Classes = field(default_factory=lambda: Classes({}, {}, ""))

    @cached_property
    def authors(self) -> Mapping[ResourceKey, ResourceKey]:
        """Volumes that were made for a claim -> that claim, which is what the user wrote."""
        return authors(self.bindings)

    def author(self, key: ResourceKey) -> ResourceKey:
        """The resource in the user's spec that is behind `key`."""
        return self.authors.get(key, key)


def resolve(
    stack: str, resources: Iterable[Resource], provider: Provider, facts: Facts, memory: Memory
) -> Desired:
    """What `resources` mean on this target. Raises ProviderError when the provider errs."""
    asked = tuple(resources)
    classes = classes_of(asked, provider.classes)
    written = {each.key: each for each in asked}
    asked = tuple(_admitted(each, classes, memory) for each in asked)
    consumers = Consumers.of(asked, facts.hosts)
    bindings = bind_all(asked, classes, memory.bindings, consumers)
    followed = _Followed(asked, bindings, classes, memory)
    resolved = followed.resolved()
    facts = replace(facts, resources=resolved)
    objections = [*followed.objections, *_checks(resolved, bindings, provider, facts)]
    named = parting.name_all(stack, _expand(resolved, provider, facts), provider.kinds, memory)
    labelled = tuple(_labelled(stack, each, resolved) for each in named)
    return Desired(
        resolved,
        labelled,
        tuple(objections),
        bindings,
        frozenset(followed.kept),
        facts,
        written,
        classes,
    )


def _admitted(resource: Resource, classes: Classes, memory: Memory) -> Resource:
    """A claim with the class it got when it was first bound, so that a new default is not its."""
    if not isinstance(resource, VolumeClaim) or resource.spec.volume_class_name is not None:
        return resource
    name = memory.notes.get(class_note(resource.key), classes.default)
    return replace(resource, spec=replace(resource.spec, volume_class_name=name))


def class_note(claim: ResourceKey) -> str:
    """The key under which memory keeps the class that a claim got."""
    return f"class:{claim}"


def authors(bindings: Mapping[ResourceKey, Binding]) -> dict[ResourceKey, ResourceKey]:
    """Volumes that exist only for a claim, and that claim."""
    return {
        binding.volume.key: key
        for key, binding in bindings.items()
        if binding.made and binding.volume is not None
    }


class _Followed:
    """Resources with their references followed; collects what could not be."""

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
        self.objections: list[Objection] = []
        self.kept: set[ResourceKey] = set()

    def resolved(self) -> dict[ResourceKey, Resource]:
        """Every resource that has parts, by key, volumes first."""
        found: dict[ResourceKey, Resource] = {each.key: each for each in self._volumes()}
        for resource in self._asked:
            if isinstance(resource, (VolumeSnapshot, VolumeAttachment)):
                followed = self._sourced(resource)
                if followed is not None:
                    found[followed.key] = followed
            if isinstance(resource, LoadBalancer):
                found[resource.key] = resource
        return found

    def _volumes(self) -> Iterator[Volume]:
        holders = {
            binding.volume.key: binding
            for binding in self._bindings.values()
            if binding.volume is not None
        }
        for resource in self._asked:
            if isinstance(resource, Volume) and resource.key not in holders:
                yield self._born(with_class(resource, self._classes, None), resource.key)
        for key, binding in self._bindings.items():
            if binding.why is not None:
                self.objections.append(replace(binding.why, resource=str(key)))
            if binding.volume is None:
                continue
            grown = with_class(binding.volume, self._classes, binding.claim)
            yield self._born(grown, key if binding.made else binding.volume.key)

    def _born(self, volume: Volume, subject: ResourceKey) -> Volume:
        """`volume` with its data source followed to a Volume or snapshot of this spec."""
        source = volume.spec.data_source
        if source is None:
            return volume
        namespace = subject.namespace or "default"
        kind = "VolumeClaim" if source.kind == "VolumeClaim" else source.kind
        key = ResourceKey(kind, source.name, "" if kind == "Volume" else namespace)
        if key in self._keys and kind == "VolumeClaim":
            origin = self._bindings[key].volume
            if origin is not None:
                followed = replace(source, kind="Volume", name=origin.metadata.name)
                return replace(volume, spec=replace(volume.spec, data_source=followed))
        elif key in self._keys:
            return volume
        if not self._exists(volume.key):
            self.objections.append(
                Objection(
                    "CL004",
                    "spec.dataSource",
                    f"{key} is not in this spec, or has no volume yet",
                    "add it to the spec, or leave dataSource out",
                    resource=str(subject),
                )
            )
        return replace(volume, spec=replace(volume.spec, data_source=None))

    def _sourced(self, resource: Resource) -> Resource | None:
        """A snapshot or attachment whose source is a Volume; None when it cannot be followed."""
        source = resource.spec.source
        if source.volume is not None and ResourceKey("Volume", source.volume) in self._keys:
            return resource
        claim = ResourceKey("VolumeClaim", source.claim or "", resource.metadata.namespace)
        binding = self._bindings.get(claim)
        if binding is not None and binding.volume is not None:
            followed = VolumeSource(volume=binding.volume.metadata.name)
            return replace(resource, spec=replace(resource.spec, source=followed))
        if self._exists(resource.key):
            self.kept.add(resource.key)
            return None
        missing = claim if source.claim else ResourceKey("Volume", source.volume or "")
        waits = claim in self._bindings
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


def _checks(
    resolved: Mapping[ResourceKey, Resource],
    bindings: Mapping[ResourceKey, Binding],
    provider: Provider,
    facts: Facts,
) -> Iterator[Objection]:
    """The provider's objections, told of the resource that the user wrote."""
    written_by = authors(bindings)
    for key, resource in resolved.items():
        for objection in provider.check(resource):
            yield replace(objection, resource=str(written_by.get(key, key)))
        if isinstance(resource, LoadBalancer):
            yield from _without_backends(resource, facts)


def _without_backends(resource: LoadBalancer, facts: Facts) -> Iterator[Objection]:
    empty = [
        f"spec.ports[{index}]"
        for index, port in enumerate(resource.spec.ports)
        if not backends(pool_of(resource.spec, port), port, facts.hosts)
    ]
    if empty:
        yield Objection(
            "LB018",
            empty[0],
            "no backend is known for it",
            "add addresses, or hosts that the selector or names pick",
            Severity.DEGRADE,
            "NoBackends",
            str(resource.key),
        )


def _expand(
    resolved: Mapping[ResourceKey, Resource], provider: Provider, facts: Facts
) -> Iterator[parting.Part]:
    for resource in resolved.values():
        yield from provider.expand(resource, facts)


def _labelled(
    stack: str, named: NamedPart, resolved: Mapping[ResourceKey, Resource]
) -> NamedPart:
    resource = resolved.get(named.part.key.resource)
    return replace(named, labels=parting.owner_labels(stack, named, resource))


