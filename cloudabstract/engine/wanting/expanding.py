"""Resources -> parts, by the provider. What it refuses is objected to, and left as it is found.

Only once the target was looked at does a provider know that, say, no subnet fits. It refuses then
by CapabilityError, and all that refuse are told together. What points at parts of a refused
resource has nothing to point at; it is left as it is found as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloudabstract.errors import CapabilityError, Problem
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import Facts, Objection, Part, Provider, refs

Authors = Mapping[ResourceKey, ResourceKey]


@dataclass(frozen=True)
class Expanded:
    """The parts of all resources that have any."""

    parts: tuple[Part, ...]
    objections: tuple[Objection, ...]
    kept: frozenset[ResourceKey]  # without parts: left exactly as they are found


def expand(
    wanted: Iterable[Resource], provider: Provider, facts: Facts, authors: Authors
) -> Expanded:
    """Every resource in its parts. Raises what a provider raises that errs."""
    parts: dict[ResourceKey, tuple[Part, ...]] = {}
    objections: list[Objection] = []
    refused: set[ResourceKey] = set()
    for resource in wanted:
        try:
            parts[resource.key] = tuple(provider.expand(resource, facts))
        except CapabilityError as error:
            refused.add(resource.key)
            objections += [_objection(each, resource.key, authors) for each in error.problems]
    while refused and (more := {key for key, own in parts.items() if _needs(own) & refused}):
        refused |= more
        for key in more:
            del parts[key]
    told = tuple(part for own in parts.values() for part in own)
    return Expanded(told, tuple(objections), frozenset(refused))


def in_claim(path: str) -> str:
    """The field of a claim that asks for what `path` is in the Volume that is made for it."""
    if path.startswith("spec.capacity"):
        return "spec.resources.requests.storage"
    same = ("spec.accessModes", "spec.volumeMode", "spec.dataSource", "spec.managementPolicies")
    return path if path.startswith(same) else "spec.volumeClassName"


def _needs(parts: Iterable[Part]) -> set[ResourceKey]:
    return {
        ref.to.resource for part in parts for value in part.want.values() for ref in refs(value)
    }


def _objection(problem: Problem, key: ResourceKey, authors: Authors) -> Objection:
    author = authors.get(key)
    field = problem.field if author is None else in_claim(problem.field)
    text, remedy = problem.message, problem.remedy
    return Objection(problem.code, field, text, remedy, resource=str(author or key))
