"""What can be asked about operations: get, list, wait, delete; and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import listing, simulated
from cloudabstract.testing.gce.family import Verb
from cloudabstract.testing.gce.faults import OperationFailure
from cloudabstract.testing.gce.operations import Operation
from cloudabstract.testing.gce.scopes import ROOT, Scope, scope_link

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud


def get(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The operation as it is; looking at unfinished work lets time pass, if the time is ours."""
    found = _found(cloud, call)
    if not found.settled:
        cloud.time.pass_by(cloud.options.poll_seconds)
        cloud.operations.settle(cloud.time.now())
    return rendered(found, cloud.time.now())


def wait(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The operation as it is after the wait, which the dispatcher has done before."""
    return rendered(_found(cloud, call), cloud.time.now())


def seconds_to_wait(cloud: Cloud, call: Call) -> float:
    """How long `wait` shall sleep: until the work is done, but no more than two minutes."""
    found = _found(cloud, call)
    left = 0.0 if found.settled else found.ends - cloud.time.now()
    return min(max(left, 0.0), cloud.options.wait_seconds)


def list_(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The operations of one scope."""
    now = cloud.time.now()
    found = cloud.operations.within(call.project, call.scope)
    items = [(call.scope.path, rendered(operation, now)) for operation in found]
    return listing.page_of(cloud, call, items, call.method.response)


def aggregated(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The operations of all scopes at once."""
    now = cloud.time.now()

    def within(scope: Scope) -> list[dict[str, Any]]:
        return [rendered(each, now) for each in cloud.operations.within(call.project, scope)]

    return listing.aggregated(cloud, call, within)


def delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Forgets the operation; the answer is empty, with status 204."""
    cloud.operations.remove(_found(cloud, call))
    return {}


def _found(cloud: Cloud, call: Call) -> Operation:
    return cloud.operations.get(call.project, call.scope, call.params["operation"])


def rendered(operation: Operation, now: float) -> dict[str, Any]:
    """The operation as the API shows it."""
    asked, status = operation.asked, operation.status(now)
    shown: dict[str, Any] = {
        "kind": "compute#operation",
        "id": operation.id,
        "name": operation.name,
        "operationType": asked.type,
        "targetLink": operation.change.target.key.link,
        "targetId": operation.target_id,
        "status": status,
        "user": "user@example.com",
        "progress": 100 if status == "DONE" else 0,
        "insertTime": simulated.stamp(operation.inserted),
        "selfLink": ROOT + operation.path,
    }
    if status != "PENDING":
        shown["startTime"] = simulated.stamp(operation.starts)
    if status == "DONE":
        shown["endTime"] = simulated.stamp(operation.ends)
        shown |= _error(operation.change.failure)
    if asked.request_id:
        shown["clientOperationId"] = asked.request_id
    if asked.scope.place:
        shown[asked.scope.level] = scope_link(asked.project, asked.scope)
    return shown


def _error(failure: OperationFailure | None) -> dict[str, Any]:
    if failure is None:
        return {}
    return {
        "error": {"errors": [{"code": failure.code, "message": failure.message}]},
        "httpErrorStatusCode": failure.status,
        "httpErrorMessage": failure.status_text,
    }


VERBS: Mapping[str, Verb] = {
    f"compute.{level}Operations.{name}": verb
    for level in ("zone", "region", "global")
    for name, verb in (("get", get), ("wait", wait), ("list", list_), ("delete", delete))
} | {"compute.globalOperations.aggregatedList": aggregated}
