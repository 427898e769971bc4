"""Spec + Facts + Memory -> Desired: claims bound, classes applied, checked, every part named. Pure.

    resources --bind--> volumes --apply classes--> resolved --check--> objections
                                                      |
                                                      +--expand--> parts --name--> NamedPart

What cannot be followed is never an exception here: a claim without a volume is Pending, a snapshot
whose source is gone is kept as it is, a pool without hosts is Degraded, and what the provider
refuses to expand is left alone. Each says so by an Objection; the plan decides what that means.
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
    VolumeClaim,
    VolumeClass,
)
from cloudabstract.provider import (
    ChecksFacts,
    Facts,
    Objection,
    Provider,
    Severity,
    backends,
    pool_of,
)
from cloudabstract.store import Memory

from . import decided, expanding, ignoring, weakened
from . import parts as parting
from .binding import Before, Binding, Consumers, bind_all
from .classes import Classes, classes_of
from .following import Following
from .following import authors as authors_of
from .moving import Moves, moves_of
from .parts import NamedPart


@dataclass(frozen=True)
class Desired:
    """Everything wanted of one stack, in an order in which parts come after what they use."""

    resources: Mapping[ResourceKey, Resource]  # resolved, as they were expanded, and `kept`
    parts: tuple[NamedPart, ...]
    objections: tuple[Objection, ...] = ()
    bindings: Mapping[ResourceKey, Binding] = field(default_factory=dict)
    kept: frozenset[ResourceKey] = frozenset()  # left exactly as they are found
    facts: Facts = field(default_factory=lambda: Facts(places=("",)))
    asked: Mapping[ResourceKey, Resource] = field(default_factory=dict)  # as the user wrote them
    classes: Classes = field(default_factory=lambda: Classes({}, {}, ""))
    moves: Moves = field(default_factory=Moves)  # what was called otherwise before

    @cached_property
    def authors(self) -> Mapping[ResourceKey, ResourceKey]:
        """Volumes that were made for a claim -> that claim, which is what the user wrote."""
        return authors_of(self.bindings)

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
    before = Before(memory.bindings, decided.read(memory.notes, memory.bindings))
    bindings = bind_all(asked, classes, before, consumers)
    following = Following(asked, bindings, classes, memory)
    resolved = following.resolved()
    facts = replace(facts, resources=resolved)
    wanted = [each for key, each in resolved.items() if key not in following.kept]
    authors = authors_of(bindings)
    objections = [*following.objections, *_checks(wanted, authors, provider, facts)]
    objections += weakened.objections(written.values())
    expanded = expanding.expand(wanted, provider, facts, authors)
    objections += expanded.objections
    named = parting.name_all(stack, expanded.parts, provider.kinds, memory)
    labelled = tuple(_labelled(stack, each, resolved, authors) for each in named)
    labelled = ignoring.told(labelled, written, authors)
    objections += ignoring.objections(labelled, written, authors)
    return Desired(
        resolved,
        labelled,
        tuple(objections),
        bindings,
        frozenset(following.kept) | expanded.kept,
        facts,
        written,
        classes,
        moves_of(asked),
    )


def admitted(
    resources: Iterable[Resource], built_in: Iterable[VolumeClass], memory: Memory
) -> tuple[Resource, ...]:
    """`resources`, every claim with its class: what a target must be asked about."""
    asked = tuple(resources)
    classes = classes_of(asked, built_in)
    return tuple(_admitted(each, classes, memory) for each in asked)


def _admitted(resource: Resource, classes: Classes, memory: Memory) -> Resource:
    """A claim with the class it got when it was first bound, so that a new default is not its."""
    if not isinstance(resource, VolumeClaim) or resource.spec.volume_class_name is not None:
        return resource
    known = decided.read(memory.notes, [resource.key]).get(str(resource.key))
    name = known.class_name if known is not None else None
    name = classes.default if name is None else name
    return replace(resource, spec=replace(resource.spec, volume_class_name=name))


def _checks(
    wanted: Iterable[Resource],
    authors: Mapping[ResourceKey, ResourceKey],
    provider: Provider,
    facts: Facts,
) -> Iterator[Objection]:
    """The provider's objections, told of the resource and field that the user wrote."""
    knowing = provider if isinstance(provider, ChecksFacts) else None
    for resource in wanted:
        author = authors.get(resource.key)
        absent = () if knowing is None else knowing.check_facts(resource, facts)
        for each in (*provider.check(resource), *absent):
            path = each.field if author is None else expanding.in_claim(each.field)
            yield replace(each, resource=str(author or resource.key), field=path)
        if isinstance(resource, LoadBalancer):
            yield from _without_backends(resource, facts)


def _without_backends(resource: LoadBalancer, facts: Facts) -> Iterator[Objection]:
    spec = resource.spec
    empty = [
        f"spec.ports[{index}]"
        for index, port in enumerate(spec.ports)
        if not backends(pool := pool_of(spec, port), port, facts.hosts)
        and not (spec.routes and pool is not None and pool.addresses == ())
    ]  # a pool of nobody is how a balancer with routes says: nothing but these
    pools = {each.name: each for each in spec.backends}
    empty += [
        f"spec.routes[{index}]"
        for index, route in enumerate(spec.routes)
        if not any(backends(pools.get(route.backend), port, facts.hosts) for port in spec.ports)
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


def _labelled(
    stack: str,
    named: NamedPart,
    resolved: Mapping[ResourceKey, Resource],
    authors: Mapping[ResourceKey, ResourceKey],
) -> NamedPart:
    resource = resolved.get(named.key.resource)
    labels = parting.owner_labels(stack, named, resource)
    if named.kind.precious and isinstance(resource, Volume) and resource.key in authors:
        labels |= decided.labels(resource)
    return replace(named, labels=labels)
