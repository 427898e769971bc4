"""Everything a plan is made from, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cloudabstract.engine.finding.match import View
from cloudabstract.engine.finding.owning import Owning
from cloudabstract.model import Resource, ResourceKey
from cloudabstract.provider import Kind
from cloudabstract.store import Memory

from .change import Options


@dataclass(frozen=True)
class Question:
    """What is wanted and found of one stack, what is remembered, and what the user said."""

    stack: str
    target: str
    view: View
    memory: Memory
    kinds: tuple[Kind, ...]
    markable: frozenset[str] = frozenset()  # kinds whose labels can change
    prior: Mapping[ResourceKey, Resource] = field(default_factory=dict)  # as last applied
    options: Options = field(default_factory=Options)

    @property
    def owning(self) -> Owning:
        """Who owns what, as this stack sees it."""
        return Owning(self.stack, self.memory, self.view.desired.moves)
