"""What stands on a target and was made by nobody here, in portable words.

The engine lists everything through the drivers, the provider reads it back (`Discovers`), and what
belongs to any stack is left out again. Names are those of the objects in front, made unique.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cloudabstract.engine.engine import Engine
from cloudabstract.engine.finding.owning import Owning
from cloudabstract.errors import CapabilityError, Problem
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import RELEASED, STACK, Discovers, Found, Portable, Whose


@dataclass(frozen=True)
class Discovery:
    """One thing that exists, and could become a resource of a stack."""

    portable: Portable

    @property
    def resource(self) -> Resource:
        """The resource, under a name that is free."""
        return self.portable.resource

    @property
    def objects(self) -> tuple[Found, ...]:
        """What it is made of, the object in front first."""
        return tuple(self.portable.parts.values())

    @property
    def id(self) -> str:
        """The id of the object in front."""
        return self.objects[0].id if self.objects else ""

    @property
    def released_from(self) -> str:
        """The stack that had it before, if it was released with its data."""
        told = (each.labels.get(RELEASED, "") for each in self.objects)
        return next(filter(None, told), "")


def discover(engine: Engine, kinds: Iterable[str] = ()) -> tuple[Discovery, ...]:
    """Everything that could be adopted; of `kinds` only, if there are any.

    Raises CapabilityError when the provider cannot read its target back, and CallError.
    """
    provider = engine.provider
    if not isinstance(provider, Discovers):
        message = f"provider {provider.name!r} cannot read its target back"
        raise CapabilityError((Problem(message, remedy="adopt volumes with spec.externalRef"),))
    facts = engine.turn.facts(())
    observed = engine.turn.observer.sweep(Whose.ANYBODY, facts.places)
    owning = Owning(engine.stack, engine.records.memory())
    wanted = frozenset(kinds)
    free = [
        each
        for each in provider.portable(observed.found, facts)
        if (not wanted or each.resource.KIND in wanted)
        and not any(_owned(owning, found) for found in each.parts.values())
    ]
    taken = {each.key for each in engine.records.applied()}
    return tuple(Discovery(each) for each in _named_apart(free, taken))


def _owned(owning: Owning, found: Found) -> bool:
    return bool(found.labels.get(STACK)) or owning.ours(found)


def _named_apart(found: Sequence[Portable], taken: set[ResourceKey]) -> Iterator[Portable]:
    """The same in a stable order, each under a name of its own: web, web-2, web-3."""
    used = set(taken)
    for each in sorted(found, key=_order):
        resource, number = each.resource, 1
        while resource.key in used:
            number += 1
            name = f"{each.resource.metadata.name}-{number}"
            metadata = replace(each.resource.metadata, name=name)
            resource = replace(each.resource, metadata=metadata)
        used.add(resource.key)
        yield replace(each, resource=resource)


def _order(each: Portable) -> tuple[str, str, str]:
    first = next(iter(each.parts.values()), None)
    return each.resource.KIND, each.resource.metadata.name, first.id if first else ""
