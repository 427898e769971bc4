"""Objects that an operation tells of, rather than a list: those being made, and those that failed.

Both are told with the fields that are known: what was asked for, and the link.
"""

from __future__ import annotations

from cloudabstract.provider import Found, Health, Wanted

from . import places
from .operations import Operation


def begun(wanted: Wanted, link: str, work: Operation) -> Found:
    """What an insert that is under way will have made."""
    return Found(
        wanted.kind,
        work.target_id,
        wanted.name,
        wanted.place,
        {**wanted.fields, "link": link},
        dict(wanted.labels),
        Health.PENDING,
        work.says,
    )


def stillborn(kind: str, place: str, work: Operation) -> Found:
    """What was to be made and failed: gone without a trace, but for its operation."""
    return Found(
        kind,
        work.target_id,
        places.name_of(work.target),
        place,
        {"link": work.target},
        {},
        Health.FAILED,
        work.trouble,
    )
