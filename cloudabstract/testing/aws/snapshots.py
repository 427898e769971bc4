"""EBS snapshots: pending for a while, and a copy of what the volume was, not of what it becomes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from moto.ec2.models.elastic_block_store import Snapshot

from cloudabstract.testing.aws import tags, volumes
from cloudabstract.testing.aws.clock import SimulatedClock
from cloudabstract.testing.aws.settings import Settings
from cloudabstract.testing.aws.wire import Call, Proceed, Rule


class Snapshots:
    """The rules on making and deleting snapshots."""

    def __init__(self, settings: Settings, clock: SimulatedClock) -> None:
        self._settings = settings
        self._clock = clock

    def rules(self) -> Mapping[str, Rule]:
        """By call."""
        return {
            "ec2.CreateSnapshot": self._create,
            "ec2.CopySnapshot": self._copy,
            "ec2.DeleteSnapshot": self._delete,
        }

    def patches(self) -> list[AbstractContextManager[Any]]:
        """Let moto's snapshots show how far they are."""
        progress = property(lambda snapshot: "0%" if snapshot.status == "pending" else "100%")
        return [patch.object(Snapshot, "progress", progress)]

    def _create(self, call: Call, proceed: Proceed) -> Any:
        volume = call.backend.get_volume(call.params["VolumeId"])
        volumes.require_settled(volume)
        snapshot = proceed()
        self._begin(snapshot)
        return snapshot

    def _copy(self, call: Call, proceed: Proceed) -> Any:
        payload = proceed()
        self._begin(call.backend.snapshots[payload["SnapshotId"]])
        return payload

    def _begin(self, snapshot: Any) -> None:
        snapshot.volume = copy.copy(snapshot.volume)  # the volume may grow, the snapshot does not
        snapshot.start_time = self._clock.today()
        stages = [("pending", self._settings.snapshot_pending_seconds), ("completed", 0)]
        self._clock.turn(snapshot, "status", [*stages])

    def _delete(self, call: Call, proceed: Proceed) -> Any:
        payload = proceed()
        tags.forget(call.backend, call.params["SnapshotId"])
        return payload
