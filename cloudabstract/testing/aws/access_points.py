"""EFS access points: one for a client token, and only on a file system that is available."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from cloudabstract.testing.aws import efs
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.refusal import Refused
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_STATE = "strict_state"


class AccessPoints:
    """The rules on access points."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "efs.CreateAccessPoint": self._create,
            "efs.DescribeAccessPoints": _describe,
            "efs.DeleteAccessPoint": self._delete,
        }

    def _create(self, call: Call, proceed: Proceed) -> Any:
        token = call.params["ClientToken"]
        for point in call.backend.access_points.values():
            if point.client_token == token:
                message = f"Access point '{point.access_point_id}' already exists with '{token}'"
                fields = {"AccessPointId": point.access_point_id}
                raise Refused("AccessPointAlreadyExists", message, 409, fields)
        efs.require_available(call, call.params["FileSystemId"])
        payload = proceed()
        point = call.backend.access_points[payload["AccessPointId"]]
        seconds = self._settings.access_point_creating_seconds
        self._clock.turn(point, _STATE, [("creating", seconds), ("available", 0)])
        return _shown(point)

    def _delete(self, call: Call, proceed: Proceed) -> Any:
        store, id_ = call.backend, call.params["AccessPointId"]
        point = store.access_points.get(id_)
        if point is None:
            raise Refused("AccessPointNotFound", f"Access Point {id_} does not exist.", 404)
        if getattr(point, _STATE, "") != "deleting":
            setattr(point, _STATE, "deleting")
            gone = functools.partial(_remove, store, id_)
            self._clock.later(self._settings.access_point_deleting_seconds, gone)
        return {}


def _describe(call: Call, proceed: Proceed) -> Any:
    if call.params.get("AccessPointId") and call.params.get("FileSystemId"):
        raise Refused("BadRequest", "Give an access point or a file system, not both")
    if call.params.get("FileSystemId"):
        _require(call, call.params["FileSystemId"])
    points = call.backend.access_points
    shown = [_shown(points[item["AccessPointId"]]) for item in proceed()["AccessPoints"]]
    return {"AccessPoints": shown}


def _require(call: Call, id_: str) -> None:
    if id_ not in call.backend.file_systems_by_id:
        raise Refused("FileSystemNotFound", f"File system '{id_}' does not exist.", 404)


def _shown(point: Any) -> dict[str, Any]:
    shown: dict[str, Any] = point.info_json()
    return shown | {"LifeCycleState": getattr(point, _STATE, "available")}


def _remove(store: Any, id_: str) -> None:
    store.access_points.pop(id_, None)
    store.tagging_service.delete_all_tags_for_resource(id_)
