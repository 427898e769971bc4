"""The log of every call that reached the strict AWS, one entry for each request on the wire.

An SDK's own retry is a second entry, so the log also shows how often something was sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REDACTED = "***"
_SECRET_WORDS = ("secret", "password", "privatekey", "authtoken", "sessiontoken", "userdata")
_READS = ("Describe", "List", "Get")


@dataclass(frozen=True)
class RecordedCall:
    """One request: what was asked, and what came of it."""

    service: str  # "ec2"
    operation: str  # "CreateVolume"
    params: Mapping[str, Any]  # as sent, with secrets replaced by "***"
    region: str
    at: float  # the simulated time, seconds
    error: str = ""  # the error code of the answer; empty when it succeeded
    lost: bool = False  # the effect happened but the caller was not told

    @property
    def read(self) -> bool:
        """Whether the operation only looks."""
        return is_read(self.operation)


class CallLog:
    """Every call so far, oldest first; iterate it, or ask it."""

    def __init__(self) -> None:
        self._calls: list[RecordedCall] = []

    def __iter__(self) -> Iterator[RecordedCall]:
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: RecordedCall) -> None:
        """Append one."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forget all of them."""
        self._calls.clear()

    def of(self, *operations: str) -> tuple[RecordedCall, ...]:
        """Those of the named operations."""
        return tuple(call for call in self if call.operation in operations)

    @property
    def mutations(self) -> tuple[RecordedCall, ...]:
        """Those that could change something."""
        return tuple(call for call in self if not call.read)

    @property
    def counts(self) -> Counter[str]:
        """How often each operation was called."""
        return Counter(call.operation for call in self)


def is_read(operation: str) -> bool:
    """Whether an operation of this name only looks."""
    return operation.startswith(_READS)


def redacted(params: Any, sensitive: Iterable[str] = ()) -> Any:
    """A copy of `params`, with the values of telling names and of `sensitive` ones replaced."""
    hidden = frozenset(sensitive)
    if isinstance(params, Mapping):
        return {
            name: REDACTED if _is_secret(name, hidden) else redacted(value, hidden)
            for name, value in params.items()
        }
    if isinstance(params, list | tuple):
        return [redacted(item, hidden) for item in params]
    return params


def _is_secret(name: str, hidden: frozenset[str]) -> bool:
    plain = name.lower().replace("_", "").replace("-", "")
    return name in hidden or any(word in plain for word in _SECRET_WORDS)
