"""Which revision to go back to, and what of it cannot be had again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from cloudabstract.engine import Action, Plan
from cloudabstract.errors import CloudAbstractError
from cloudabstract.model import Resource, ResourceKey, Storage, Volume, VolumeClaim
from cloudabstract.provider import Effect
from cloudabstract.store import Revision


def target_of(revisions: Sequence[Revision], spec_of: Callable[[int], str]) -> Revision:
    """The latest revision whose spec is another than that in force.

    One that was done goes before one that failed. Raises CloudAbstractError when all are the same.
    """
    if not revisions:
        raise CloudAbstractError("nothing was applied yet, so there is nothing to go back to")
    now = spec_of(revisions[-1].number)
    others = [each for each in reversed(revisions) if spec_of(each.number) != now]
    done = [each for each in others if each.outcome == "done"]
    for each in (*done, *others):
        return each
    raise CloudAbstractError("every revision has the spec that is in force: nothing to go back to")


def kept_sizes(wanted: Iterable[Resource], applied: Iterable[Resource]) -> list[Resource]:
    """`wanted`, with volumes and claims at least as large as they are now: none can shrink."""
    sizes = {each.key: _size(each) for each in applied}
    return [_at_least(each, sizes) for each in wanted]


def irreversible(plan: Plan) -> Iterator[str]:
    """What of `plan` no later plan can take back, and what it cannot bring back; a line each."""
    for each in plan.rejections:
        yield f"{each.resource}: {each.message}"
    for key in sorted(plan.matched.lost):
        yield f"{plan.desired.author(key.resource)}: its data is gone and does not come back"
    told = set()
    for change in plan.changes:
        subject = change.claim or str(plan.desired.author(change.part.resource))
        if change.loses_data:
            told.add(f"{subject}: its data is lost")
        elif change.action in (Action.DELETE, Action.REPLACE) and change.effect is Effect.ADDRESS:
            told.add(f"{subject}: its address changes; the present one is given up")
    yield from sorted(told)


def _size(resource: Resource) -> int:
    if isinstance(resource, Volume):
        return resource.spec.capacity.storage
    if isinstance(resource, VolumeClaim):
        return resource.spec.resources.requests.storage
    return 0


def _at_least(resource: Resource, sizes: dict[ResourceKey, int]) -> Resource:
    now = sizes.get(resource.key, 0)
    if now <= _size(resource):
        return resource
    if isinstance(resource, Volume):
        return replace(resource, spec=replace(resource.spec, capacity=Storage(now)))
    if isinstance(resource, VolumeClaim):
        asked = replace(resource.spec.resources, requests=Storage(now))
        return replace(resource, spec=replace(resource.spec, resources=asked))
    return resource
