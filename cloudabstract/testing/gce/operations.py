"""Operations: work that was accepted and takes time. PENDING, then RUNNING, then DONE.

A handler hands over a `Change`: what happens at once (`begin`), and what happens when the work
ends well (`finish`) or badly (`abort`). An operation that fails is DONE all the same, with an
error and the HTTP status that the error stands for.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cloudabstract.testing.gce import errors
from cloudabstract.testing.gce.faults import OperationFailure
from cloudabstract.testing.gce.records import Record
from cloudabstract.testing.gce.scopes import Scope


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Change:
    """What a mutating call will do to `target` once nothing stands against it."""

    target: Record
    finish: Callable[[], None]
    begin: Callable[[], None] = _nothing
    abort: Callable[[], None] = _nothing
    exclusive: bool = True  # no other such change of the target may run beside it
    failure: OperationFailure | None = None  # the work is known to end badly


def failing(change: Change, failure: OperationFailure) -> Change:
    """The same work, bound to end badly."""
    return replace(change, failure=failure)


@dataclass(frozen=True)
class Asked:
    """The call an operation came from."""

    project: str
    scope: Scope
    type: str  # insert, delete, setLabels ...
    request_id: str = ""
    pending: float = 0.0  # seconds
    running: float = 0.0


@dataclass
class Operation:
    """One piece of work."""

    id: str
    name: str
    asked: Asked
    change: Change
    inserted: float
    target_id: str = field(default="")
    settled: bool = False

    @property
    def starts(self) -> float:
        return self.inserted + self.asked.pending

    @property
    def ends(self) -> float:
        return self.starts + self.asked.running

    @property
    def path(self) -> str:
        return f"projects/{self.asked.project}/{self.asked.scope.path}/operations/{self.name}"

    def status(self, now: float) -> str:
        if self.settled:
            return "DONE"
        return "PENDING" if now < self.starts else "RUNNING"

    def next_moment(self, now: float) -> float:
        """When it will next change."""
        return self.starts if now < self.starts else self.ends


class Operations:
    """All operations, and the requests they came from."""

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        self._by_request: dict[tuple[str, str], Operation] = {}
        self._numbers = itertools.count(1)

    def start(self, asked: Asked, change: Change, operation_id: str, now: float) -> Operation:
        """Take up a change: its first effects happen now, the others when time has passed."""
        number = next(self._numbers)
        name = f"operation-{int(now * 1000)}-{number:013x}-{number:08x}-{number * 7919:08x}"
        change.begin()
        target = change.target
        target.busy = target.busy or change.exclusive
        operation = Operation(operation_id, name, asked, change, now, target.id)
        self._operations.append(operation)
        return operation

    def remember(self, method_and_path: str, operation: Operation) -> None:
        """Let the same requestId on the same path find `operation` again."""
        self._by_request[method_and_path, operation.asked.request_id] = operation

    def replay(self, method_and_path: str, request_id: str, since: float) -> Operation | None:
        """What an earlier request of this id began, if it is not older than `since`."""
        found = self._by_request.get((method_and_path, request_id))
        return found if found and found.inserted >= since else None

    def settle(self, now: float) -> None:
        """Let all work that is over by `now` have its effect, in the order it ends."""
        over = [op for op in self._operations if not op.settled and op.ends <= now]
        for operation in sorted(over, key=lambda op: op.ends):
            operation.settled = True
            change = operation.change
            if change.exclusive:
                change.target.busy = False
            if change.failure:
                change.abort()
            else:
                change.finish()

    def within(self, project: str, scope: Scope) -> list[Operation]:
        found = [op for op in self._operations if op.asked.project == project]
        return [op for op in found if op.asked.scope == scope]

    def get(self, project: str, scope: Scope, name: str) -> Operation:
        """The operation of that name or numeric id. Raises ApiError 404."""
        for operation in self.within(project, scope):
            if name in (operation.name, operation.id):
                return operation
        raise errors.not_found(f"projects/{project}/{scope.path}/operations/{name}")

    def remove(self, operation: Operation) -> None:
        self._operations.remove(operation)

    @property
    def unfinished(self) -> list[Operation]:
        return [operation for operation in self._operations if not operation.settled]
