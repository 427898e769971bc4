"""Resources with their parts, as a tree or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudabstract.model import ResourceKey, Status

from ..terminal import Paint, harmless
from . import statuses

if TYPE_CHECKING:
    from cloudabstract.engine import Report
    from cloudabstract.provider import PartKey


@dataclass(frozen=True)
class Leaf:
    """One part: what it is, and whether it is there."""

    kind: str
    role: str
    name: str
    id: str  # "" when it is not there
    state: str  # READY, PENDING, FAILED, or why it is not there


@dataclass(frozen=True)
class Branch:
    """One resource the user wrote, with the parts behind it."""

    key: ResourceKey
    state: str
    facts: str
    leaves: tuple[Leaf, ...]


def branches(report: Report, keys: Iterable[ResourceKey]) -> list[Branch]:
    """A branch for each of `keys` that the user wrote; made volumes are part of their claims."""
    desired = report.plan.desired
    parts: dict[ResourceKey, list[Leaf]] = {}
    for named in desired.parts:
        leaf = _leaf(report, named.key, named.name)
        parts.setdefault(desired.author(named.key.resource), []).append(leaf)
    return [
        _branch(key, report.statuses.get(key, Status()), parts.get(key, []))
        for key in keys
        if key in desired.asked
    ]


def _branch(key: ResourceKey, status: Status, leaves: Sequence[Leaf]) -> Branch:
    row = statuses.Row(key, None, status)
    facts = (statuses.address(row), statuses.size(row), status.path, status.device)
    return Branch(
        key, statuses.state(status), "  ".join(each for each in facts if each), tuple(leaves)
    )


def _leaf(report: Report, key: PartKey, name: str) -> Leaf:
    found = report.plan.matched.found.get(key)
    if found is None:
        why = report.plan.held.get(key, "does not exist yet")
        return Leaf(key.kind, key.role, name, "", why)
    state = f"{found.health.value}: {found.reason}" if found.reason else found.health.value
    return Leaf(key.kind, key.role, found.name or name, found.id, state)


def text(title: str, given: Sequence[Branch], paint: Paint) -> str:
    """The tree; `title` is its root."""
    lines = [paint(title, "bold")]
    for number, branch in enumerate(given):
        last = number == len(given) - 1
        facts = "  ".join(each for each in (branch.state, branch.facts) if each)
        lines.append(f"{'└── ' if last else '├── '}{paint(str(branch.key), 'bold')}  {facts}")
        lines += _leaves(branch.leaves, "    " if last else "│   ")
    return "\n".join(line.rstrip() for line in lines)


def _leaves(leaves: Sequence[Leaf], indent: str) -> Iterator[str]:
    for number, leaf in enumerate(leaves):
        stem = "└── " if number == len(leaves) - 1 else "├── "
        own = f" ({leaf.id})" if leaf.id and leaf.id != leaf.name else ""
        name = harmless(f"{leaf.name or leaf.role}{own}")
        yield f"{indent}{stem}{leaf.kind}  {name}  {harmless(leaf.state)}"


def as_json(given: Iterable[Branch]) -> list[dict[str, Any]]:
    """The same as data."""
    return [
        {
            "kind": each.key.kind,
            "name": each.key.name,
            "namespace": each.key.namespace,
            "state": each.state,
            "parts": [vars(leaf) for leaf in each.leaves],
        }
        for each in given
    ]
