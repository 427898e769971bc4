"""Things that go wrong on purpose, each as often as it is asked for.

A method is named by its id with or without `compute.`, or by a pattern: `disks.insert`,
`*.insert`, `*`. `times=None` means until `clear`. `skip` lets so many calls pass first, and
`chance` draws from a seeded generator, so that a run can be repeated.

    emulator.faults.lose_answer("disks.insert")                 # made, but nobody heard
    emulator.faults.fail("backendServices.*", times=2)          # 503, nothing happened
    emulator.faults.throttle("*", times=None, chance=0.3)
"""

from __future__ import annotations

import fnmatch
import random
from dataclasses import dataclass, field

SEED = 20260101


@dataclass
class _Rule:
    what: str
    method: str
    times: int | None
    skip: int
    chance: float
    status: int
    random: random.Random = field(default_factory=lambda: random.Random(SEED))

    def strikes(self, what: str, method_id: str) -> bool:
        if self.what != what or self.times == 0 or not matches(self.method, method_id):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.random.random() >= self.chance:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(frozen=True)
class OperationFailure:
    """How an operation ends that fails: the error's code, and the HTTP status it stands for."""

    code: str
    message: str
    status: int
    status_text: str


@dataclass(frozen=True)
class Unreachable:
    """A scope that does not answer; `fails`: aggregated lists fail unless they may be partial."""

    place: str
    fails: bool


def matches(pattern: str, method_id: str) -> bool:
    """Whether a method is meant by a pattern, with or without `compute.`."""
    short = method_id.removeprefix("compute.")
    return fnmatch.fnmatchcase(short, pattern) or fnmatch.fnmatchcase(method_id, pattern)


class Faults:
    """What shall go wrong; the emulator asks at each step."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Let everything go well again."""
        self._rules: list[_Rule] = []
        self._failures: list[tuple[_Rule, OperationFailure]] = []
        self._slow: list[tuple[str, float]] = []
        self.unreachables: dict[str, Unreachable] = {}
        self.lag = 0.0

    def lose_answer(self, method: str = "*", times: int | None = 1, skip: int = 0) -> None:
        """The call takes effect, and the connection breaks before its answer."""
        self._rules.append(_Rule("lose", method, times, skip, 1.0, 0))

    def fail(
        self, method: str = "*", times: int | None = 1, skip: int = 0, status: int = 503
    ) -> None:
        """The call is answered with `status` and has no effect."""
        self._rules.append(_Rule("fail", method, times, skip, 1.0, status))

    def fail_after_effect(
        self, method: str = "*", times: int | None = 1, skip: int = 0, status: int = 503
    ) -> None:
        """The call takes effect, and is answered with `status` all the same."""
        self._rules.append(_Rule("fail after", method, times, skip, 1.0, status))

    def throttle(
        self, method: str = "*", times: int | None = 1, status: int = 403, chance: float = 1.0
    ) -> None:
        """The call is refused before any effect with `rateLimitExceeded` (403 or 429)."""
        self._rules.append(_Rule("throttle", method, times, 0, chance, status))

    def fail_operation(
        self,
        method: str,
        code: str = "ZONE_RESOURCE_POOL_EXHAUSTED",
        message: str = "The zone does not have enough resources available.",
        status: int = 503,
        times: int | None = 1,
    ) -> None:
        """The call is accepted; its operation ends DONE with an error, and without effect."""
        texts = {400: "BAD REQUEST", 403: "FORBIDDEN", 404: "NOT FOUND", 409: "CONFLICT"}
        text = texts.get(status, "SERVICE UNAVAILABLE" if status == 503 else "INTERNAL ERROR")
        failure = OperationFailure(code, message, status, text)
        self._failures.append((_Rule("operation", method, times, 0, 1.0, status), failure))

    def slow_operation(self, method: str, seconds: float) -> None:
        """Operations of a method run so long from now on."""
        self._slow.insert(0, (method, seconds))

    def unreachable(self, place: str, fails: bool = False) -> None:
        """A zone or region does not answer: 503, and a warning in aggregated lists.

        With `fails`, an aggregated list fails too unless it asks for returnPartialSuccess.
        """
        self.unreachables[place] = Unreachable(place, fails)

    def reachable(self, place: str) -> None:
        self.unreachables.pop(place, None)

    def lag_reads(self, seconds: float) -> None:
        """New resources cannot be seen, by get or list, for so long after their insert."""
        self.lag = seconds

    def strikes(self, what: str, method_id: str) -> int | None:
        """The status that a fault answers with, or None when none strikes; uses the fault up."""
        struck = next((rule for rule in self._rules if rule.strikes(what, method_id)), None)
        return struck.status if struck else None

    def operation_failure(self, method_id: str) -> OperationFailure | None:
        found = (end for rule, end in self._failures if rule.strikes("operation", method_id))
        return next(found, None)

    def duration(self, method_id: str, usual: float) -> float:
        slow = (seconds for method, seconds in self._slow if matches(method, method_id))
        return next(slow, usual)
