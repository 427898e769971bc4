"""What happens during an apply, as it happens, and what came of it: frozen values.

An Event is told to whoever listens: the terminal, a log, a plugin. A Report is the sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from cloudabstract.engine.planning.change import Change, Plan
from cloudabstract.errors import Failure
from cloudabstract.model import ResourceKey, Status


class Stage(str, Enum):
    """Where one change is."""

    STARTED = "started"
    WAITING = "waiting"  # made, and not READY yet
    RETRYING = "retrying"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"  # something it needs failed, or the run was stopped


@dataclass(frozen=True)
class Event:
    """One step forward, or back, of one change."""

    stage: Stage
    change: Change
    at: float  # seconds since the epoch
    message: str = ""
    done: int = 0  # changes finished so far
    total: int = 0


@dataclass(frozen=True)
class Outcome:
    """How one change ended."""

    change: Change
    stage: Stage
    failure: Failure | None = None
    message: str = ""
    stillborn: str = ""  # id of an object that was made and never became READY

    def as_json(self) -> dict[str, Any]:
        """The change with "outcome" and "error", as in `apply -o json`."""
        return {
            **self.change.as_json(),
            "outcome": self.stage.value,
            "error": self._error(),
        }

    def _error(self) -> dict[str, Any] | None:
        if self.failure is None:
            return {"message": self.message} if self.message else None
        return {
            "code": self.failure.code.value,
            "native": self.failure.native,
            "message": self.failure.message,
            "requestId": self.failure.request_id,
            "retryable": self.failure.retryable,
            "remedy": self.failure.remedy,
        }


@dataclass(frozen=True)
class Report:
    """What an apply did. `report["LoadBalancer/web"]` is that resource's status."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    statuses: Mapping[ResourceKey, Status] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    revision: int = 0
    interrupted: bool = False
    timed_out: bool = False
    unready: tuple[str, ...] = ()  # objects of earlier runs that did not become READY, and why

    @property
    def ok(self) -> bool:
        """Whether everything that was planned was done, and everything there is is ready."""
        done = all(each.stage is Stage.DONE for each in self.outcomes)
        return done and not self.interrupted and not self.unready

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that are not done, failures before what was skipped because of them."""
        others = [each for each in self.outcomes if each.stage is not Stage.DONE]
        return tuple(sorted(others, key=lambda each: each.stage is not Stage.FAILED))

    @property
    def exit_code(self) -> int:
        """0 done, 1 nothing was done, 3 partly, 8 timed out waiting, 130 interrupted."""
        if self.interrupted:
            return 130
        if self.ok:
            return 0
        if self.timed_out:
            return 8
        return 3 if any(each.stage is Stage.DONE for each in self.outcomes) else 1

    def __getitem__(self, name: str) -> Status:
        """The status of `KIND/NAME` or `KIND/NAMESPACE/NAME`. Raises KeyError."""
        for key, status in self.statuses.items():
            if str(key) == name or f"{key.kind}/{key.namespace}/{key.name}" == name:
                return status
        raise KeyError(name)
