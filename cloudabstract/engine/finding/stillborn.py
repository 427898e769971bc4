"""Objects that were made and never became READY: they hold no data, whatever their kind.

Only what a walk saw from its creation to its failure, without a gap, counts: of anything else
nobody can tell whether it was used meanwhile. When such an object is gone its data is not lost, for
there was none, and it is made anew. One that is seen READY after all is like any other again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from cloudabstract.store import Memory

NOTE = "stillborn"

Id = tuple[str, str, str]  # (kind, place, id)


def read(memory: Memory) -> frozenset[Id]:
    """What is known to have failed at its birth."""
    known = json.loads(memory.notes.get(NOTE, "[]"))
    return frozenset((kind, place, which) for kind, place, which in known)


def write(stillborn: Iterable[Id]) -> dict[str, str]:
    """The note to remember it by; none of nothing."""
    known = sorted(stillborn)
    return {NOTE: json.dumps(known)} if known else {}
