"""How a memory cloud behaves: the dials a test turns, before or while the cloud is in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Rules:
    """Everything is instant, consistent and allowed until a dial says otherwise."""

    delay: float = 0.0  # seconds from a creation or change until the object is READY
    deletion: float = 0.0  # seconds from a deletion until the object is gone
    lag: int = 0  # whole listings of its kind that do not show a new object yet
    page: int = 500  # objects on one page of a listing
    quotas: Mapping[str, int] = field(default_factory=dict)  # kind -> how many may exist
    cooldown: Mapping[str, float] = field(default_factory=dict)  # kind -> seconds between updates
    denied: frozenset[str] = frozenset()  # "memory.disk", "delete" or "memory.disk:delete"

    def denies(self, kind: str, verb: str) -> bool:
        """Whether `verb` on objects of `kind` is forbidden."""
        return not self.denied.isdisjoint((kind, verb, f"{kind}:{verb}"))
