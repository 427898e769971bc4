"""Everything that is known about one resource, gathered for `describe`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudabstract.clock import iso
from cloudabstract.model import ResourceKey

from . import documents
from .render import tree
from .render.statuses import Row

if TYPE_CHECKING:
    from cloudabstract.engine import Report
    from cloudabstract.provider import Objection
    from cloudabstract.stack import Stack

_REVISIONS = 10  # looked through for events, newest first
_EVENTS = 12


@dataclass(frozen=True)
class Happening:
    """One thing that was done to the resource, from history."""

    revision: int
    at: str
    change: dict[str, Any]  # with "outcome" and "error", as in `apply -o json`


@dataclass(frozen=True)
class Story:
    """One resource with all that belongs to it."""

    row: Row
    document: dict[str, Any]
    parts: tuple[tree.Leaf, ...]
    objections: tuple[Objection, ...]
    pending: tuple[dict[str, Any], ...]  # changes that an apply would make now
    events: tuple[Happening, ...]  # newest first
    next_step: str


def describe(stack: Stack, report: Report, row: Row) -> Story:
    """The story of one resource of the stack."""
    plan, key = report.plan, row.key
    behind = _behind(report, key)
    branch = tree.branches(report, [key])
    parts = branch[0].leaves if branch else _made(report, key)
    objections = tuple(each for each in plan.objections if each.resource == str(key))
    pending = tuple(each.as_json() for each in plan.changes if str(each.part.resource) in behind)
    events = tuple(_events(stack, behind))
    document = documents.resource(key, row.status, row.resource)
    step = _next_step(objections, pending, events, row)
    return Story(row, document, parts, objections, pending, events, step)


def as_json(story: Story) -> dict[str, Any]:
    """The story as data: the resource's document, and what else is known."""
    from cloudabstract.engine.planning.change import objection_json

    return {
        **story.document,
        "parts": [vars(each) for each in story.parts],
        "objections": [objection_json(each) for each in story.objections],
        "pending": list(story.pending),
        "events": [
            {"revision": each.revision, "at": each.at, **each.change} for each in story.events
        ],
        "nextStep": story.next_step,
    }


def _behind(report: Report, key: ResourceKey) -> set[str]:
    """The texts of all resources whose parts are those of `key`: itself, and a made volume."""
    authors = report.plan.desired.authors
    return {str(key), *(str(volume) for volume, claim in authors.items() if claim == key)}


def _made(report: Report, key: ResourceKey) -> tuple[tree.Leaf, ...]:
    """The parts of a volume that was made for a claim."""
    author = report.plan.desired.author(key)
    branch = tree.branches(report, [author]) if author != key else []
    return branch[0].leaves if branch else ()


def _events(stack: Stack, behind: set[str]) -> Iterator[Happening]:
    told = 0
    for revision in reversed(stack.history()[-_REVISIONS:]):
        for change in _outcomes(stack.revision(revision.number).report):
            if change.get("resource") in behind and told < _EVENTS:
                told += 1
                yield Happening(revision.number, iso(revision.at), change)


def _outcomes(text: str) -> Iterable[dict[str, Any]]:
    return json.loads(text) if text else []


def _next_step(
    objections: Iterable[Objection],
    pending: Iterable[dict[str, Any]],
    events: Iterable[Happening],
    row: Row,
) -> str:
    """What a person should do now, in one line."""
    for each in objections:
        if each.alternative:
            return each.alternative
    pending = list(pending)
    failed = next((each.change for each in events if each.change["outcome"] == "failed"), None)
    if pending and failed is not None:
        remedy = (failed.get("error") or {}).get("remedy")
        return f"{remedy}; then apply again" if remedy else "apply again"
    if pending:
        return f"apply: {len(pending)} changes are to be made"
    if any(each.health != "Healthy" for each in row.status.backends):
        return "look at the backends that are not healthy"
    return "nothing: it is as it should be"
