"""Resources that were renamed: what is known under the old name is known under the new one. Pure.

The annotation `cloudabstract.dev/moved-from: LoadBalancer/web` stands on the resource with its new
name. Memory and the spec as last applied are read as if the resource had always been called so;
objects keep their native names and are found by their owner's labels, which the plan then
corrects. Once that is done the annotation may go: the labels say the new name.

A claim takes the volume along that was made for it, whose name follows from the claim's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cloudabstract.model import Resource, ResourceKey, Volume, VolumeClaim
from cloudabstract.model.annotations import MOVED_FROM, origin
from cloudabstract.store import Memory, Trace

from .naming import claim_volume_name

_CLAIM_NOTE = "claim:"


@dataclass(frozen=True)
class Moves:
    """Who was called what: the text of an old key -> the new key. False when nobody has moved."""

    to: Mapping[str, ResourceKey] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.to)

    def text(self, key: str) -> str:
        """The text of a resource's key as it is now."""
        return str(self.to[key]) if key in self.to else key

    def was(self, key: ResourceKey) -> str:
        """What the resource was called before; "" when it has not moved."""
        return next((old for old, new in self.to.items() if new == key), "")

    def volume(self, name: str) -> str:
        """The name of a Volume as it is now."""
        moved = self.to.get(str(ResourceKey(Volume.KIND, name)))
        return name if moved is None else moved.name

    def memory(self, known: Memory) -> Memory:
        """What is remembered, under the names of now."""
        if not self:
            return known
        return replace(
            known,
            traces=tuple(self._trace(each) for each in known.traces),
            bindings={self.text(claim): self.volume(it) for claim, it in known.bindings.items()},
            salts={self.text(key): count for key, count in known.salts.items()},
            protected=frozenset(self.text(key) for key in known.protected),
            notes={self._note(key): text for key, text in known.notes.items()},
        )

    def resources(self, before: Mapping[ResourceKey, Resource]) -> Mapping[ResourceKey, Resource]:
        """Resources as they were last applied, under the names of now."""
        if not self:
            return before
        moved = (self._renamed(each) for each in before.values())
        return {each.key: each for each in moved}

    def _trace(self, trace: Trace) -> Trace:
        if trace.resource not in self.to:
            return trace
        resource = self.text(trace.resource)
        return replace(trace, resource=resource, part=resource + trace.part[len(trace.resource) :])

    def _note(self, key: str) -> str:
        if not key.startswith(_CLAIM_NOTE):
            return key
        return _CLAIM_NOTE + self.text(key.removeprefix(_CLAIM_NOTE))

    def _renamed(self, resource: Resource) -> Resource:
        spec = self._referring(resource)
        key = self.to.get(str(resource.key))
        if key is None:
            return resource if spec is resource.spec else replace(resource, spec=spec)
        metadata = replace(resource.metadata, name=key.name, namespace=key.namespace)
        return replace(resource, metadata=metadata, spec=spec)

    def _referring(self, resource: Resource) -> Any:
        """The spec of `resource` with the names of now wherever it names another resource."""
        spec, namespace = resource.spec, resource.metadata.namespace
        changes: dict[str, Any] = {}
        name = getattr(spec, "volume_name", None)
        if name is not None:
            changes["volume_name"] = self.volume(name)
        source = getattr(spec, "data_source", None)
        if source is not None:
            changes["data_source"] = replace(
                source, name=self._name(source.kind, source.name, namespace)
            )
        held = getattr(spec, "claim_ref", None)
        if held is not None:
            now = self.to.get(str(ResourceKey(VolumeClaim.KIND, held.name, held.namespace)))
            changes["claim_ref"] = (
                held if now is None else replace(held, name=now.name, namespace=now.namespace)
            )
        changed = any(getattr(spec, name) != value for name, value in changes.items())
        return replace(spec, **changes) if changed else spec

    def _name(self, kind: str, name: str, namespace: str) -> str:
        if kind == Volume.KIND:
            return self.volume(name)
        moved = self.to.get(str(ResourceKey(kind, name, namespace)))
        return name if moved is None else moved.name


def moves_of(resources: Iterable[Resource]) -> Moves:
    """What the annotations of `resources` say. What is no move at all is passed over."""
    asked = tuple(resources)
    marked = [each for each in asked if MOVED_FROM in each.metadata.annotations]
    if not marked:
        return Moves()
    present = {each.key for each in asked}
    to: dict[str, ResourceKey] = {}
    for resource in marked:
        for old, new in _moved(resource):
            if old not in present:
                to.setdefault(str(old), new)
    return Moves(to)


def _moved(resource: Resource) -> Iterator[tuple[ResourceKey, ResourceKey]]:
    try:
        old = origin(resource)
    except ValueError:  # the spec's own check says so
        return
    if old is None or old == resource.key:
        return
    yield old, resource.key
    if isinstance(resource, VolumeClaim):
        before = claim_volume_name(old.namespace, old.name)
        now = claim_volume_name(resource.metadata.namespace, resource.metadata.name)
        yield ResourceKey(Volume.KIND, before), ResourceKey(Volume.KIND, now)
