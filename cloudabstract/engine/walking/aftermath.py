"""A last look, once a walk is over: what has become of objects by what was done to others.

A balancer's own object may tell of its listeners, a registration of the health of its backends.
Their resources are looked at again, all at once, so that the status after an apply is that of now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from cloudabstract.engine.finding.observe import Observer
from cloudabstract.engine.planning.change import Plan
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.model import ResourceKey
from cloudabstract.provider import Found, PartKey

from .events import Outcome, Stage

World = Mapping[PartKey, Found]


def looked_again(
    plan: Plan, outcomes: Iterable[Outcome], world: World, eye: Observer
) -> dict[PartKey, Found]:
    """`world` with what a look sees now; what it does not see stays as it was."""
    fresh = dict(world)
    for (kind, place), group in _groups(plan, outcomes, world).items():
        known = {(found.name, found.id) for found in (fresh[each.key] for each in group)}
        used = {
            name: tuple(it for it in fresh.values() if it.kind == name) for name in eye.uses(kind)
        }
        names, ids = {name for name, _ in known}, {which for _, which in known}
        seen = {each.id: each for each in eye.spotted(kind, place, names, ids, used).found}
        for each in group:
            fresh[each.key] = seen.get(fresh[each.key].id, fresh[each.key])
    return fresh


def _groups(
    plan: Plan, outcomes: Iterable[Outcome], world: World
) -> dict[tuple[str, str], list[NamedPart]]:
    """What to look at by kind and place: the parts of changed resources that have several."""
    changed = {each.change.part.resource for each in outcomes if each.stage is Stage.DONE}
    parts: dict[ResourceKey, list[NamedPart]] = defaultdict(list)
    for named in plan.desired.parts if changed else ():
        if named.key.resource in changed:
            parts[named.key.resource].append(named)
    several = {key for key, group in parts.items() if len(group) > 1}
    groups: dict[tuple[str, str], list[NamedPart]] = defaultdict(list)
    for named in plan.desired.parts if several else ():  # in order: parents before children
        if named.key.resource in several and named.key in world:
            groups[named.key.kind, named.place].append(named)
    return groups
