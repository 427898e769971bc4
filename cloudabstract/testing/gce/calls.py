"""The log of calls: what was asked for, what permissions it took, and how it was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class LoggedCall:
    """One call, as it was answered. `status` 0 means that the answer was lost on its way."""

    method: str  # compute.disks.insert; "" when no method has that path
    path: str  # what it was about: projects/acme/zones/z/disks/d
    permissions: tuple[str, ...]
    mutating: bool
    status: int
    reason: str = ""  # Google's word for an error
    at: float = 0.0  # simulated seconds since the epoch
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


class CallLog:
    """All calls in the order they were answered."""

    def __init__(self) -> None:
        self._calls: list[LoggedCall] = []
        self._observers: list[Callable[[str, str], None]] = []

    def __iter__(self) -> Iterator[LoggedCall]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, at: int) -> LoggedCall:
        return self._calls[at]

    def methods(self) -> list[str]:
        """The method ids, in order."""
        return [call.method for call in self._calls]

    def mutating(self) -> list[LoggedCall]:
        """The calls that change something, or would have."""
        return [call for call in self._calls if call.mutating]

    def permissions(self) -> set[str]:
        """Every permission that the calls so far have needed."""
        return {permission for call in self._calls for permission in call.permissions}

    def clear(self) -> None:
        self._calls.clear()

    def watch(self, observer: Callable[[str, str], None]) -> None:
        """Call `observer(method, path)` before each mutating call has its effect."""
        self._observers.append(observer)

    def announce(self, method: str, path: str) -> None:
        """Tell the observers that a mutating call is about to have its effect."""
        for observer in self._observers:
            observer(method, path)

    def add(self, call: LoggedCall) -> None:
        self._calls.append(call)
