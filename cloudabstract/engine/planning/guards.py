"""What a plan must not do, checked on the finished plan. Pure; each rule is one function.

guards_storage  volumes do not shrink, do not grow where their class forbids it, are not
                replaced; what vanished is said to be Lost
guards_owner    names taken by strangers, protection, what could not be read
immutable       fields that may not change, against the resources as they were last applied
"""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.provider import Objection

from . import guards_owner, guards_storage, immutable
from .guarded import Guarded

__all__ = ["Guarded", "objections"]

_RULES = (*guards_storage.RULES, *guards_owner.RULES, immutable.refused)


def objections(plan: Guarded) -> Iterator[Objection]:
    """Everything that any rule has to say."""
    for rule in _RULES:
        yield from rule(plan)
