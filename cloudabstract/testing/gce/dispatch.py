"""One call from end to end: admitted, carried out, answered and logged.

Calls are answered one at a time, whatever thread they come from; only `wait` lets others go on
while it sleeps. A call with a requestId that was seen before gets the operation that it began.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from cloudabstract.testing.gce import admission, errors, listing, operation_verbs, places, verbs
from cloudabstract.testing.gce import operations as work
from cloudabstract.testing.gce import permissions as iam
from cloudabstract.testing.gce.admission import Request
from cloudabstract.testing.gce.calls import CallLog, LoggedCall
from cloudabstract.testing.gce.cloud import Call, Cloud
from cloudabstract.testing.gce.family import Verb
from cloudabstract.testing.gce.routes import Router

_READING = (
    *("get", "list", "aggregatedList", "wait", "getHealth"),
    *("listInstances", "listNetworkEndpoints"),
)


@dataclass(frozen=True)
class Answer:
    """What goes out; `body` is None for 204."""

    status: int
    body: dict[str, Any] | None


class Dispatcher:
    """Answers requests, one at a time."""

    def __init__(self, cloud: Cloud) -> None:
        self.calls = CallLog()
        self._cloud = cloud
        self._router = Router(cloud.document.methods)
        self.lock = threading.RLock()

    def answer(self, request: Request) -> Answer:
        """The answer to `request`. Raises AnswerLost when it shall not arrive."""
        seen: list[Call] = []
        with self.lock:
            try:
                answer = self._answer(request, seen)
            except errors.ApiError as error:
                self._log(request, seen, error.status, error.reason)
                return Answer(error.status, error.body())
            except errors.AnswerLost:
                self._log(request, seen, 0, "")
                raise
            self._log(request, seen, answer.status, "")
            return answer

    def _answer(self, request: Request, seen: list[Call]) -> Answer:
        cloud = self._cloud
        cloud.time.pass_by(cloud.options.call_seconds)
        cloud.operations.settle(cloud.time.now())
        call = admission.admit(cloud, self._router, request, seen)
        if call.method.name == "wait":
            self._sleep(operation_verbs.seconds_to_wait(cloud, call))
        outcome = self._outcome(call)
        if cloud.faults.strikes("lose", call.method.id) is not None:
            raise errors.AnswerLost(f"the answer to {call.method.id} was lost")
        status = cloud.faults.strikes("fail after", call.method.id)
        if status is not None:
            raise errors.unavailable(status)
        return Answer(200, outcome) if call.method.response else Answer(204, None)

    def _sleep(self, seconds: float) -> None:
        """Let others work meanwhile."""
        self.lock.release()
        try:
            self._cloud.time.sleep(seconds)
        finally:
            self.lock.acquire()
        self._cloud.operations.settle(self._cloud.time.now())

    def _outcome(self, call: Call) -> dict[str, Any]:
        cloud, method = self._cloud, call.method
        verb = self._verb(call)
        request_id = call.query.get("requestId", "")
        signature = f"{method.id} {sorted(call.params.items())}"
        if request_id:
            since = cloud.time.now() - cloud.options.request_id_seconds
            earlier = cloud.operations.replay(signature, request_id, since)
            if earlier:
                return operation_verbs.rendered(earlier, cloud.time.now())
        outcome = verb(cloud, call)
        if not isinstance(outcome, work.Change):
            return outcome
        self.calls.announce(method.id, call.full_path)
        operation = self._start(call, outcome)
        if request_id:
            cloud.operations.remember(signature, operation)
        return operation_verbs.rendered(operation, cloud.time.now())

    def _verb(self, call: Call) -> Verb:
        name, method_id = call.method.name, call.method.id
        if method_id in places.VERBS:
            return places.VERBS[method_id]
        if method_id in operation_verbs.VERBS:
            return operation_verbs.VERBS[method_id]
        family = self._cloud.families.get(call.collection)
        general = {**verbs.VERBS, "list": listing.listed, "aggregatedList": listing.aggregated}
        found = {**general, **family.verbs}.get(name) if family else None
        if found is None:
            raise errors.not_emulated(method_id)
        return found

    def _start(self, call: Call, change: work.Change) -> work.Operation:
        cloud, method_id = self._cloud, call.method.id
        failure = cloud.faults.operation_failure(method_id)
        if failure:
            change = work.failing(change, failure)
        options = cloud.options
        asked = work.Asked(
            project=call.project,
            scope=change.target.key.scope,
            type=_TYPES.get(call.method.name, call.method.name),
            request_id=call.query.get("requestId", ""),
            pending=options.pending_seconds,
            running=cloud.faults.duration(method_id, options.running_seconds),
        )
        now = cloud.time.now()
        operation = cloud.operations.start(asked, change, cloud.records.new_id(), now)
        cloud.operations.settle(now)
        return operation

    def _log(self, request: Request, seen: list[Call], status: int, reason: str) -> None:
        at = self._cloud.time.now()
        if not seen:
            self.calls.add(LoggedCall("", request.path, (), False, status, reason, at))
            return
        call = seen[0]
        self.calls.add(
            LoggedCall(
                method=call.method.id,
                path=call.full_path,
                permissions=iam.needed(call.method),
                mutating=call.method.name not in _READING,
                status=status,
                reason=reason,
                at=at,
                query=call.query,
                body=call.body,
            )
        )


_TYPES = {"setTarget": "SetTarget"}  # what Compute Engine calls that operation
