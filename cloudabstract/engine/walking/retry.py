"""What to do about a failed call: again later, look first, or stop. Pure.

Retries of writes are the engine's alone; SDKs have theirs switched off for writes, because a call
that is sent again after its answer was lost makes a second object. Delays grow and are bounded;
jitter comes from the run's own random source, so that a run can be repeated from its seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from cloudabstract.errors import ErrorCode, Failure
from cloudabstract.provider import Verb


@dataclass(frozen=True)
class Again:
    """Try once more after `delay` seconds; `look` for the object before calling again."""

    delay: float
    look: bool = False


@dataclass(frozen=True)
class _Habit:
    """How often a failure is answered by another try, and after how long at first, in seconds."""

    tries: int
    first: float
    looks: frozenset[Verb] = frozenset()  # before another call of these verbs


_CHANGING: frozenset[Verb] = frozenset({"update", "mark"})  # made of the object as it is now
_HABITS = {
    ErrorCode.CONFLICT: _Habit(12, 0.5, _CHANGING),  # about three minutes
    ErrorCode.THROTTLED: _Habit(12, 1.0),
    ErrorCode.NOT_YET: _Habit(8, 0.5, _CHANGING),
    ErrorCode.SPENT: _Habit(12, 0.0),
    ErrorCode.UNKNOWN: _Habit(5, 1.0, _CHANGING | {"create", "delete"}),
}
_LONGEST = 30.0  # seconds between two tries that we choose
_PATIENCE = 300.0  # seconds that a target may ask us to wait; for more, the next apply is the one


def after(
    failure: Failure, tries: int, random: Random, verb: Verb = "create", lag: float = 0.0
) -> Again | None:
    """What to do when the try number `tries` (from 1) failed so; None is to stop.

    `lag` is how long, in seconds, an object may exist before it is listed: a look that is to tell
    whether a create had its effect is made no sooner.
    """
    habit = _HABITS.get(failure.code)
    if habit is None or tries >= habit.tries or failure.retry_after > _PATIENCE:
        return None
    delay = min(habit.first * 2.0 ** (tries - 1), _LONGEST)
    jittered = delay * (0.75 + random.random() / 2)
    unseen = lag if failure.code is ErrorCode.UNKNOWN and verb == "create" else 0.0
    return Again(max(jittered, failure.retry_after, unseen), verb in habit.looks)
