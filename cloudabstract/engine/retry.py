"""What to do about a failed call: again later, look first, or stop. Pure.

Retries of writes are the engine's alone; SDKs have theirs switched off for writes, because a call
that is sent again after its answer was lost makes a second object. Delays grow and are bounded;
jitter comes from the run's own random source, so that a run can be repeated from its seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from cloudabstract.errors import ErrorCode, Failure


@dataclass(frozen=True)
class Again:
    """Try once more after `delay` seconds; `look` for the object before calling again."""

    delay: float
    look: bool = False


_TRIES = {
    ErrorCode.CONFLICT: 9,
    ErrorCode.THROTTLED: 12,
    ErrorCode.NOT_YET: 8,
    ErrorCode.SPENT: 5,
    ErrorCode.UNKNOWN: 5,
}
_FIRST = {
    ErrorCode.CONFLICT: 0.5,
    ErrorCode.THROTTLED: 1.0,
    ErrorCode.NOT_YET: 0.5,
    ErrorCode.SPENT: 0.0,
    ErrorCode.UNKNOWN: 1.0,
}
_LONGEST = 30.0  # seconds


def after(failure: Failure, tries: int, random: Random) -> Again | None:
    """What to do when the try number `tries` (from 1) failed so; None is to stop."""
    if tries >= _TRIES.get(failure.code, 0):
        return None
    delay = min(_FIRST[failure.code] * 2 ** (tries - 1), _LONGEST)
    jittered = delay * (0.75 + random.random() / 2)
    return Again(max(jittered, failure.retry_after), failure.code is ErrorCode.UNKNOWN)
