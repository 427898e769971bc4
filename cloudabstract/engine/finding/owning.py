"""Whose an object is: ours or not, and of ours, of which resource and in which role. Pure.

An object is ours if it carries our labels, or if memory knows its id: somebody may have taken the
labels off. What another stack owns, or released, is not ours whatever we remember. A resource that
was renamed owns what its old name did.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cloudabstract.engine.wanting.moving import Moves
from cloudabstract.provider import RELEASED, RESOURCE, ROLE, STACK, Found
from cloudabstract.store import Memory

Role = tuple[str, str, str]  # (resource, kind, role)


@dataclass(frozen=True)
class Owning:
    """What one stack can say of an object."""

    stack: str
    memory: Memory
    moves: Moves = field(default_factory=Moves)

    def ours(self, found: Found) -> bool:
        """Whether `found` belongs to this stack."""
        if found.labels.get(STACK) == self.stack:
            return True
        if found.labels.get(STACK) or found.labels.get(RELEASED):
            return False
        trace = self.memory.find(found.kind, found.place, found.name)
        return trace is not None and bool(trace.id) and trace.id == found.id

    def resource(self, found: Found) -> str:
        """The text of the key of the resource that `found` belongs to, by label or by memory."""
        labelled = found.labels.get(RESOURCE, "")
        if labelled:
            return self.moves.text(labelled)
        trace = self.memory.find(found.kind, found.place, found.name)
        return trace.resource if trace is not None else ""

    def role(self, found: Found) -> Role:
        """Which part `found` is, whatever its name."""
        return (self.resource(found), found.kind, self.role_in(found))

    def role_in(self, found: Found) -> str:
        """The role of `found` in its resource, by label or by memory."""
        labelled = found.labels.get(ROLE, "")
        if labelled:
            return labelled
        trace = self.memory.find(found.kind, found.place, found.name)
        return trace.part.rpartition(":")[2] if trace is not None else ""
