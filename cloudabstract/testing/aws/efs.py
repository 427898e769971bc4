"""EFS: file systems and mount targets that come and go in their own time.

moto keeps the state of both in `life_cycle_state` and never moves it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.refusal import Refused
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.wire import Call, Proceed, Rule

_STATE = "life_cycle_state"
_MODES = ("bursting", "provisioned", "elastic")


class FileSystems:
    """The rules on file systems and mount targets."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "efs.CreateFileSystem": self._create,
            "efs.UpdateFileSystem": self._update,
            "efs.DeleteFileSystem": self._delete,
            "efs.CreateMountTarget": self._mount,
            "efs.DeleteMountTarget": self._unmount,
        }

    def _create(self, call: Call, proceed: Proceed) -> Any:
        token = call.params["CreationToken"]
        for system in call.backend.file_systems_by_id.values():
            if system.creation_token == token:
                message = f"File system '{system.file_system_id}' already exists with '{token}'"
                fields = {"FileSystemId": system.file_system_id}
                raise Refused("FileSystemAlreadyExists", message, 409, fields)
        _check_throughput(call.params.get("ThroughputMode"), call.params)
        made = call.backend.file_systems_by_id[proceed()["FileSystemId"]]
        made.creation_time = self._clock.now()
        self._turn(made, "creating", self._settings.file_system_creating_seconds)
        return made.info_json()

    def _update(self, call: Call, proceed: Proceed) -> Any:
        system = require_available(call, call.params["FileSystemId"])
        mode = call.params.get("ThroughputMode") or system.throughput_mode
        _check_throughput(mode, call.params)
        system.throughput_mode = mode
        throughput = call.params.get("ProvisionedThroughputInMibps")
        system.provisioned_throughput_in_mibps = throughput if mode == "provisioned" else None
        self._turn(system, "updating", self._settings.file_system_updating_seconds)
        return system.info_json()

    def _delete(self, call: Call, proceed: Proceed) -> Any:
        store, id_ = call.backend, call.params["FileSystemId"]
        system = store.file_systems_by_id.get(id_)
        if system is None or system.number_of_mount_targets:
            return proceed()  # moto knows the refusals
        if system.life_cycle_state != "deleting":
            system.life_cycle_state = "deleting"
            gone = functools.partial(_remove, store, id_)
            self._clock.later(self._settings.file_system_deleting_seconds, gone)
        return {}

    def _mount(self, call: Call, proceed: Proceed) -> Any:
        require_available(call, call.params["FileSystemId"])
        made = call.backend.mount_targets_by_id[proceed()["MountTargetId"]]
        self._turn(made, "creating", self._settings.mount_target_creating_seconds)
        return made.info_json()

    def _unmount(self, call: Call, proceed: Proceed) -> Any:
        store, id_ = call.backend, call.params["MountTargetId"]
        target = store.mount_targets_by_id.get(id_)
        if target is None:
            return proceed()
        if target.life_cycle_state != "deleting":
            target.life_cycle_state = "deleting"
            gone = functools.partial(store.delete_mount_target, id_)
            self._clock.later(self._settings.mount_target_deleting_seconds, gone)
        return {}

    def _turn(self, owner: Any, state: str, seconds: float) -> None:
        self._clock.turn(owner, _STATE, [(state, seconds), ("available", 0)])


def require_available(call: Call, id_: str) -> Any:
    """The file system; raises `Refused` unless it exists and is available."""
    system = call.backend.file_systems_by_id.get(id_)
    if system is None:
        raise Refused("FileSystemNotFound", f"File system '{id_}' does not exist.", 404)
    if system.life_cycle_state != "available":
        message = f"File system '{id_}' is '{system.life_cycle_state}', not 'available'"
        raise Refused("IncorrectFileSystemLifeCycleState", message, 409)
    return system


def _check_throughput(mode: str | None, params: Mapping[str, Any]) -> None:
    given = params.get("ProvisionedThroughputInMibps") is not None
    if mode not in (None, *_MODES):
        raise Refused("BadRequest", f"ThroughputMode must be one of {', '.join(_MODES)}")
    if given != (mode == "provisioned"):
        message = "ProvisionedThroughputInMibps goes with ThroughputMode provisioned, and only so"
        raise Refused("BadRequest", message)


def _remove(store: Any, id_: str) -> None:
    store.delete_file_system(id_)
    store.tagging_service.delete_all_tags_for_resource(id_)
