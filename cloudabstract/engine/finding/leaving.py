"""Objects that we have deleted and that a target still shows, because deleting takes it time.

They are neither there nor orphans: a plan does not see them, so that it neither waits for them nor
deletes them twice. What is listed as READY again after all was not deleted, and is seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from cloudabstract.provider import Found, Health
from cloudabstract.store import Memory

NOTE = "leaving"

Id = tuple[str, str, str]  # (kind, place, id)


def read(memory: Memory) -> frozenset[Id]:
    """What was on its way out when a turn last looked."""
    known = json.loads(memory.notes.get(NOTE, "[]"))
    return frozenset((kind, place, which) for kind, place, which in known)


def write(leaving: Iterable[Id]) -> dict[str, str]:
    """The note to remember it by."""
    return {NOTE: json.dumps(sorted(leaving))}


def is_leaving(found: Found, leaving: frozenset[Id]) -> bool:
    """Whether `found` is one of them."""
    known = (found.kind, found.place, found.id) in leaving
    return known and found.health is Health.PENDING
