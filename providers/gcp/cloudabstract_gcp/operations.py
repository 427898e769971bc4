"""Operations: the work that a write began, and what has become of it.

A verb of a driver never waits for its work: it gives back an object that is PENDING, and the
engine looks again. `Unfinished` remembers which objects have work under way, so that `observe` can
tell an object that is being made from one that is ready, though most of Google's objects do not
say so themselves. A new process learns of work that an older one began from one listing.

Deletions are the exception. What is used cannot be deleted before its user is gone, so a deletion
waits on Google's side, in one call, for at most two minutes.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import CallFailed
from .places import Scope, name_of, relative, scope_of

UNDER_WAY = "status != DONE"  # filter for operations that have not ended


@dataclass(frozen=True)
class Operation:
    """One piece of work: what it is done to, and how far it got."""

    name: str
    scope: Scope
    method: str  # Google's id of the call that began it: compute.disks.insert
    target: str  # relative link of the object
    target_id: str
    type: str  # insert, patch, delete ...
    done: bool
    failure: CallFailed | None = None

    @classmethod
    def read(cls, told: Mapping[str, Any], method: str = "") -> Operation:
        """From Google's JSON."""
        kind = str(told.get("operationType", ""))
        return cls(
            name=str(told.get("name", "")),
            scope=scope_of(relative(str(told.get("selfLink") or _place(told)))),
            method=method or f"compute.{_collection(told)}.{kind}",
            target=relative(str(told.get("targetLink", ""))),
            target_id=str(told.get("targetId", "")),
            type=kind,
            done=told.get("status") == "DONE",
            failure=_failure(told, method or kind),
        )

    @property
    def says(self) -> str:
        """What it is, for people: `insert is under way (operation-1732-...)`."""
        return f"{self.type} is under way ({self.name})"

    @property
    def trouble(self) -> str:
        """Why it failed, in Google's words; "" while it has not."""
        return f"{self.failure.reason}: {self.failure.message}" if self.failure else ""

    @property
    def deleting(self) -> bool:
        """Whether the object is going, or gone, by it."""
        return self.type == "delete" and self.failure is None


def leaving(work: Operation | None) -> bool:
    """Whether an object that has this work, if any, is as good as gone."""
    return work is not None and work.deleting


class Poller(Protocol):
    """Protocol: who can ask for an operation's present state."""

    def operation(self, operation: Operation, wait: bool = False) -> Operation: ...


class Unfinished:
    """The operations that have not ended, by the link of their object. Shared by threads."""

    def __init__(self, poller: Poller) -> None:
        self._poller = poller
        self._lock = threading.Lock()
        self._by_target: dict[str, Operation] = {}
        self._alone: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def alone(self, target: str) -> threading.Lock:
        """The lock of who reads an object and writes it back, in two calls."""
        with self._lock:
            return self._alone[target]

    def begun(self, operation: Operation) -> Operation:
        """Remember an operation. Raises its CallFailed if it has failed already."""
        if operation.done:
            self._forget(operation)
            if operation.failure is not None:
                raise operation.failure
        elif operation.target:
            with self._lock:
                self._by_target[operation.target] = operation
        return operation

    def learn(self, operations: Iterable[Operation]) -> None:
        """Take over what other processes began; own knowledge is newer and stays."""
        with self._lock:
            for each in operations:
                if not each.done and each.target:
                    self._by_target.setdefault(each.target, each)

    def of(self, target: str) -> Operation | None:
        """The last known state of the work on the object with this link."""
        with self._lock:
            return self._by_target.get(target)

    def named(self, collection: str, names: Iterable[str]) -> list[str]:
        """The links of objects of these names that have work under way."""
        wanted = frozenset(names)
        with self._lock:
            links = list(self._by_target)
        return [
            link for link in links if name_of(link) in wanted and link.split("/")[-2] == collection
        ]

    def refreshed(self, targets: Iterable[str]) -> dict[str, Operation]:
        """The work on these objects as it is now; what has ended well is left out."""
        known = {target: self.of(target) for target in targets}
        fresh: dict[str, Operation] = {}
        for target, operation in known.items():
            if operation is None:
                continue
            now = self._look(operation)
            if now is None or now.done:
                self._forget(operation)
            if now is not None and (not now.done or now.failure is not None):
                fresh[target] = now
        return fresh

    def awaited(self, operation: Operation) -> Operation:
        """As it is when it has ended, or after two minutes on Google's side."""
        return operation if operation.done else self._poller.operation(operation, wait=True)

    def finish(self, operation: Operation) -> None:
        """Wait on Google's side until it ends. Raises CallFailed when it failed, or goes on."""
        now: Operation | None = operation
        if not operation.done:
            self.begun(operation)
            now = self._look(operation, wait=True)
        if now is not None and not now.done:
            raise CallFailed(operation.method, 0, "stillRunning", now.says)
        self._forget(operation)
        if now is not None and now.failure is not None:
            raise now.failure

    def _look(self, operation: Operation, wait: bool = False) -> Operation | None:
        try:
            return self._poller.operation(operation, wait)
        except CallFailed as failed:
            if failed.missing:
                return None  # operations are forgotten some time after they ended
            raise

    def _forget(self, operation: Operation) -> None:
        with self._lock:
            known = self._by_target.get(operation.target)
            if known is not None and known.name == operation.name:
                del self._by_target[operation.target]


def _place(told: Mapping[str, Any]) -> str:
    where = told.get("zone") or told.get("region") or ""
    return f"{where}/operations" if where else ""


def _collection(told: Mapping[str, Any]) -> str:
    parts = str(told.get("targetLink", "")).split("/")
    return parts[-2] if len(parts) > 1 else name_of(str(told.get("targetLink", "")))


def _failure(told: Mapping[str, Any], method: str) -> CallFailed | None:
    found = told.get("error", {}).get("errors", ())
    status = int(told.get("httpErrorStatusCode", 0) or 0)
    if not found and not status:
        return None
    first: Mapping[str, Any] = found[0] if found else {}
    reason = str(first.get("code", "") or told.get("httpErrorMessage", ""))
    message = "; ".join(str(each.get("message", "")) for each in found)
    return CallFailed(method, status, reason, message or reason, str(told.get("name", "")))
