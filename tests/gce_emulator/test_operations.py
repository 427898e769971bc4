"""Operations take time, end well or badly, and are found again."""

from __future__ import annotations

import uuid
from typing import Any

from cloudabstract.testing.clock import FakeClock
from cloudabstract.testing.gce import Emulator, Options

DISKS = "zones/us-central1-a/disks"
CHECK = {"name": "web", "type": "TCP"}


def _began(api: Any, name: str = "data", **query: str) -> Any:
    return api.call("POST", DISKS, {"name": name}, **query)[1]


def _path(operation: Any) -> str:
    return str(operation["selfLink"].split("/acme/")[1])


def test_an_operation_has_a_numeric_id_and_is_found_by_id_or_name(api: Any) -> None:
    """google-cloud-compute can parse no other id than a number."""
    operation = _began(api)
    assert operation["id"].isdigit()
    by_id = _path(operation).replace(operation["name"], operation["id"])
    assert api.get(by_id)["name"] == api.get(_path(operation))["name"] == operation["name"]


def test_an_operation_waits_then_runs_then_is_done(emulator: Emulator, api: Any) -> None:
    """PENDING has no startTime, RUNNING no endTime, DONE has both and progress 100."""
    operation = _began(api)
    assert (operation["status"], operation["progress"]) == ("PENDING", 0)
    assert "startTime" not in operation
    emulator.advance(1)
    running = api.get(_path(operation))
    assert running["status"] == "RUNNING"
    assert "endTime" not in running
    emulator.advance(2)
    done = api.get(_path(operation))
    assert (done["status"], done["progress"]) == ("DONE", 100)
    assert done["insertTime"] < done["startTime"] < done["endTime"]


def test_an_operation_tells_its_target(api: Any) -> None:
    """Kind, type, link and id of the target, and the scope it runs in."""
    operation = _began(api)
    disk = api.get(f"{DISKS}/data")
    assert operation["kind"] == "compute#operation"
    assert operation["operationType"] == "insert"
    assert operation["targetLink"] == disk["selfLink"]
    assert operation["targetId"] == disk["id"]
    assert operation["zone"].endswith("/zones/us-central1-a")


def test_operations_lie_in_the_scope_of_their_target(api: Any) -> None:
    """Zonal, regional and global operations are listed apart."""
    paths = [
        _path(api.call("POST", place, {"name": "web", **fields})[1])
        for place, fields in (
            (DISKS, {}),
            ("regions/us-central1/addresses", {}),
            ("global/healthChecks", {"type": "TCP"}),
        )
    ]
    scopes = [path.rsplit("/operations/")[0] for path in paths]
    assert scopes == ["zones/us-central1-a", "regions/us-central1", "global"]


def test_wait_returns_when_the_work_is_done(emulator: Emulator, api: Any) -> None:
    """`wait` takes as long as the operation, in simulated time."""
    before = emulator.now()
    operation = _began(api)
    assert api.call("POST", f"{_path(operation)}/wait")[1]["status"] == "DONE"
    assert emulator.now() - before == 3


def test_wait_gives_up_after_two_minutes(emulator: Emulator, api: Any) -> None:
    """Work that takes longer is given back as it is: still running."""
    emulator.faults.slow_operation("disks.insert", seconds=300)
    operation = _began(api)
    assert api.call("POST", f"{_path(operation)}/wait")[1]["status"] == "RUNNING"
    assert api.call("POST", f"{_path(operation)}/wait")[1]["status"] == "RUNNING"
    assert api.call("POST", f"{_path(operation)}/wait")[1]["status"] == "DONE"


def test_a_failed_operation_is_done_with_an_error(emulator: Emulator, api: Any) -> None:
    """DONE does not mean well: the error and its HTTP status stand in the operation."""
    emulator.faults.fail_operation("disks.insert", "QUOTA_EXCEEDED", "Too much.", status=403)
    operation = _began(api)
    emulator.advance(5)
    ended = api.get(_path(operation))
    assert ended["status"] == "DONE"
    assert ended["error"] == {"errors": [{"code": "QUOTA_EXCEEDED", "message": "Too much."}]}
    assert (ended["httpErrorStatusCode"], ended["httpErrorMessage"]) == (403, "FORBIDDEN")


def test_an_insert_that_fails_leaves_nothing(emulator: Emulator, api: Any) -> None:
    """The resource can be seen while the work goes on, and is gone when it has failed."""
    emulator.faults.fail_operation("disks.insert")
    _began(api)
    assert api.get(f"{DISKS}/data")["status"] == "CREATING"
    emulator.advance(5)
    assert api.refusal("GET", f"{DISKS}/data") == (404, "notFound")


def test_a_change_is_seen_when_its_operation_has_ended(emulator: Emulator, api: Any) -> None:
    """Until then a read gives the old value; a failed change is never seen."""
    api.make(DISKS, "data", sizeGb="10")
    api.call("POST", f"{DISKS}/data/resize", {"sizeGb": "20"})
    assert api.get(f"{DISKS}/data")["sizeGb"] == "10"
    emulator.advance(5)
    assert api.get(f"{DISKS}/data")["sizeGb"] == "20"
    emulator.faults.fail_operation("disks.resize")
    api.call("POST", f"{DISKS}/data/resize", {"sizeGb": "30"})
    emulator.advance(5)
    assert api.get(f"{DISKS}/data")["sizeGb"] == "20"


def test_a_delete_that_fails_leaves_the_resource(emulator: Emulator, api: Any) -> None:
    """DELETING while it goes on, and READY again after."""
    api.make(DISKS, "data")
    emulator.faults.fail_operation("disks.delete", "INTERNAL_ERROR", "Oops.", status=500)
    api.call("DELETE", f"{DISKS}/data")
    assert api.get(f"{DISKS}/data")["status"] == "DELETING"
    emulator.advance(5)
    assert api.get(f"{DISKS}/data")["status"] == "READY"


def test_what_is_being_made_cannot_be_used_yet(emulator: Emulator, api: Any) -> None:
    """A reference to it is resourceNotReady until the insert has ended."""
    api.call("POST", "global/healthChecks", CHECK)
    service = {"name": "web", "healthChecks": ["global/healthChecks/web"]}
    refused = api.refusal("POST", "global/backendServices", service)
    assert refused == (400, "resourceNotReady")
    emulator.advance(5)
    assert api.call("POST", "global/backendServices", service)[0] == 200


def test_two_changes_of_one_resource_do_not_run_together(emulator: Emulator, api: Any) -> None:
    """The second is resourceNotReady until the first has ended."""
    api.make(DISKS, "data", sizeGb="10")
    api.call("POST", f"{DISKS}/data/resize", {"sizeGb": "20"})
    assert api.refusal("DELETE", f"{DISKS}/data") == (400, "resourceNotReady")
    emulator.advance(5)
    assert api.call("DELETE", f"{DISKS}/data")[0] == 200


def test_the_same_request_id_begins_nothing_twice(emulator: Emulator, api: Any) -> None:
    """The second call gets the operation of the first, also when that has long ended."""
    asked = str(uuid.UUID(int=7))
    first = _began(api, requestId=asked)
    emulator.advance(5)
    again = _began(api, requestId=asked)
    assert (again["name"], again["status"]) == (first["name"], "DONE")
    assert len(emulator.world.all("disks")) == 1


def test_another_request_id_is_another_request(api: Any) -> None:
    """Without the id of the first call, the name is taken."""
    _began(api, requestId=str(uuid.UUID(int=7)))
    second = {"requestId": str(uuid.UUID(int=8))}
    assert api.refusal("POST", DISKS, {"name": "data"}, **second) == (409, "alreadyExists")


def test_a_request_id_must_be_a_uuid_and_not_zero(api: Any) -> None:
    """Anything else is refused before anything happens."""
    for wrong in ("7", str(uuid.UUID(int=0))):
        refused = api.refusal("POST", DISKS, {"name": "data"}, requestId=wrong)
        assert refused == (400, "invalid")


def test_a_request_id_is_forgotten_after_a_while(emulator: Emulator, api: Any) -> None:
    """After an hour the same id is a new request: here the name is taken by then."""
    asked = {"requestId": str(uuid.UUID(int=7))}
    _began(api, **asked)
    emulator.advance(3601)
    assert api.refusal("POST", DISKS, {"name": "data"}, **asked) == (409, "alreadyExists")


def test_an_operation_is_found_again_by_the_request_id(api: Any) -> None:
    """clientOperationId is the requestId, and a list can be filtered by it."""
    asked = str(uuid.UUID(int=7))
    for name, query in (("a", {}), ("b", {"requestId": asked}), ("c", {})):
        _began(api, name, **query)
    found = api.get("zones/us-central1-a/operations", filter=f'clientOperationId = "{asked}"')
    assert [operation["targetLink"][-1] for operation in found["items"]] == ["b"]
    assert found["items"][0]["clientOperationId"] == asked


def test_operations_of_all_scopes_are_listed_at_once(emulator: Emulator, api: Any) -> None:
    """Each under its scope; a filter finds those that have not ended."""
    _began(api, "a")
    emulator.advance(5)
    _began(api, "b")
    api.call("POST", "regions/us-central1/addresses", {"name": "c"})
    scopes: dict[str, list[str]] = {}
    token: dict[str, str] = {}
    while True:
        told = api.get("aggregated/operations", filter="status != DONE", **token)
        for scope, found in told["items"].items():
            names = [each["targetLink"][-1] for each in found.get("operations", ())]
            scopes[scope] = scopes.get(scope, []) + names
        if "nextPageToken" not in told:
            break
        token = {"pageToken": told["nextPageToken"]}
    assert {scope: names for scope, names in scopes.items() if names} == {
        "zones/us-central1-a": ["b"],
        "regions/us-central1": ["c"],
    }
    assert "global" in scopes


def test_an_operation_can_be_deleted(emulator: Emulator, api: Any) -> None:
    """204 without a body, and then it is not found."""
    operation = _began(api)
    emulator.advance(5)
    assert api.call("DELETE", _path(operation)) == (204, None)
    assert api.refusal("GET", _path(operation)) == (404, "notFound")


def test_the_callers_clock_is_followed_and_never_moved() -> None:
    """With a clock of the caller's, calls cost no time, and its moving ends operations."""
    clock = FakeClock()
    emulator = Emulator(clock)
    path = "projects/acme/zones/us-central1-a/disks"
    emulator.request("POST", path, {"name": "data"})
    assert emulator.request("GET", f"{path}/data").body["status"] == "CREATING"  # type: ignore[index]
    assert clock.now() == FakeClock().now()
    clock.advance(5)
    assert emulator.request("GET", f"{path}/data").body["status"] == "READY"  # type: ignore[index]


def test_an_emulator_with_its_own_time_gets_on_while_it_is_polled() -> None:
    """Every call costs a little time, so that polling ends without anybody moving a clock."""
    emulator = Emulator(options=Options(call_seconds=0.5))
    path = "projects/acme/zones/us-central1-a/disks"
    emulator.request("POST", path, {"name": "data"})
    seen = [emulator.request("GET", f"{path}/data").body for _ in range(3)]
    assert [disk["status"] for disk in seen if disk] == ["CREATING", "READY", "READY"]
