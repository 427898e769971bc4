"""Every error a caller of cloudabstract can meet, and the exit code it becomes.

    CloudAbstractError          1   something failed; the message says what and what to do next
    ├── RejectedError           5   refused before anything was touched
    │   ├── SpecError               documents are not valid; carries every problem at once
    │   ├── ConfigError             cloudabstract.yaml, flags or environment do not fit together
    │   └── CapabilityError         the target cannot do what is asked; carries the objections
    ├── ConsentError            6   a destructive step was not agreed to, or a policy objects
    ├── StaleError              7   the world changed since the plan was made
    ├── LeaseError              4   another apply holds the stack, or took it from us
    ├── TimedOutError           8   waited as long as was asked
    ├── StoreError              1   the store cannot be read or written
    ├── ProviderError           1   a provider broke its contract: a bug for its author
    └── CallError               1   the target refused or failed a call; carries a Failure

What a *cloud* answers is not an exception here but a value, `Failure`, with an `ErrorCode` that
tells the engine what to do about it (design: the provider seam).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class ErrorCode(str, Enum):
    """What went wrong with one call, in the only terms the engine acts on."""

    NOT_FOUND = "NOT_FOUND"  # on delete: done; elsewhere: the object is gone
    CONFLICT = "CONFLICT"  # in use or being changed: try again later this turn
    THROTTLED = "THROTTLED"  # refused before it had an effect: try again, slower
    NOT_YET = "NOT_YET"  # just made and not visible yet: look again
    SPENT = "SPENT"  # the token belongs to an object that is gone: take the next token
    TAKEN = "TAKEN"  # the name belongs to an object that is not ours: stop
    EXHAUSTED = "EXHAUSTED"  # a quota is used up: stop this part and its users
    DENIED = "DENIED"  # not permitted, or not logged in: stop this part and its users
    INVALID = "INVALID"  # the request can never succeed: stop this part and its users
    UNKNOWN = "UNKNOWN"  # timeout or server error: it may have happened; look first


@dataclass(frozen=True)
class Failure:
    """One failed call as a value: what the target said, and what a person can do next."""

    code: ErrorCode
    message: str
    native: str = ""  # the target's own code, e.g. "VolumeModificationRateExceeded"
    request_id: str = ""
    remedy: str = ""
    retry_after: float = 0.0  # seconds, when the target says so

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later without anybody changing anything."""
        return self.code in _RETRYABLE

    def __str__(self) -> str:
        native = f" ({self.native})" if self.native else ""
        request = f" [request {self.request_id}]" if self.request_id else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.code.value}{native}: {self.message}{request}{remedy}"


_RETRYABLE = frozenset(
    {ErrorCode.CONFLICT, ErrorCode.THROTTLED, ErrorCode.NOT_YET, ErrorCode.SPENT, ErrorCode.UNKNOWN}
)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input, and where: `shop.yaml:14: LoadBalancer/web: spec.x: text`."""

    message: str
    file: str = ""
    line: int = 0  # 1-based; 0 when the place is not known
    subject: str = ""  # "LoadBalancer/web"
    field: str = ""  # "spec.ports[0].port"
    code: str = ""  # "LB003", when the problem has one
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        code = f"[{self.code}] " if self.code else ""
        remedy = f" (hint: {self.remedy})" if self.remedy else ""
        head = ": ".join(part for part in (place, self.subject, self.field) if part)
        return f"{head}: {code}{self.message}{remedy}" if head else f"{code}{self.message}{remedy}"


class CloudAbstractError(Exception):
    """Root of the tree in this module's docstring; `exit_code` is what the command line returns."""

    exit_code = 1


class RejectedError(CloudAbstractError):
    """Refused before anything was touched; `problems` holds every reason at once."""

    exit_code = 5

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = (
            (Problem(problems),) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SpecError(RejectedError):
    """One or more documents are not valid."""


class ConfigError(RejectedError):
    """Configuration file, flags and environment do not make a usable target."""


class CapabilityError(RejectedError):
    """The target cannot do what the spec asks for, each reason with its code and an alternative."""


class ConsentError(CloudAbstractError):
    """A step that destroys, replaces or loses data was not agreed to, or a policy objects."""

    exit_code = 6


class StaleError(CloudAbstractError):
    """The plan describes a world that has changed since; make a new plan."""

    exit_code = 7


class LeaseError(CloudAbstractError):
    """Another apply holds this stack, or took over while this one was paused."""

    exit_code = 4


class TimedOutError(CloudAbstractError):
    """Waited as long as was asked, and the condition did not come true."""

    exit_code = 8


class StoreError(CloudAbstractError):
    """The store cannot be opened, read or written; the message names the way on."""


class ProviderError(CloudAbstractError):
    """A provider broke the contract of cloudabstract.provider; the message is for its author."""


class CallError(CloudAbstractError):
    """The target refused or failed a call outside of a walk (survey, observe, doctor)."""

    def __init__(self, failure: Failure, doing: str = "") -> None:
        self.failure = failure
        super().__init__(f"{doing}: {failure}" if doing else str(failure))
