"""Snapshots of disks. They outlive the disk, and do not keep it from being deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import errors, guards, references, verbs
from cloudabstract.testing.gce.family import AT_INSERT, Family, Ref, counted
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields
from cloudabstract.testing.gce.scopes import GLOBAL, Key

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud


def create_snapshot(cloud: Cloud, call: Call) -> Change:
    """The operation is one on the disk; what it makes is a snapshot."""
    disk = guards.changeable(cloud, call)
    key = Key(call.project, GLOBAL, "snapshots", call.body["name"])
    made = verbs.creation(cloud, call, key, {**call.body, "sourceDisk": disk.key.link})
    return Change(disk, made.finish, made.begin, made.abort, exclusive=False)


def _snapshot(cloud: Cloud, call: Call, fields: Fields) -> None:
    if "sourceDisk" not in fields:
        raise errors.required("resource.sourceDisk")
    fields.setdefault("snapshotType", "STANDARD")


def _snapshot_size(cloud: Cloud, call: Call, fields: Fields) -> None:
    disk = references.record_at(cloud, fields["sourceDisk"])
    facts: dict[str, Any] = {
        "sourceDiskId": disk.id,
        "diskSizeGb": disk.fields["sizeGb"],
        "storageBytes": "0",
        "storageBytesStatus": "UP_TO_DATE",
    }
    fields.update(facts)
    fields.setdefault("storageLocations", [disk.key.scope.region])


SNAPSHOTS = Family(
    collection="snapshots",
    schema="Snapshot",
    noun="snapshot",
    refs=(Ref("sourceDisk", ("disks",), holds=False),),
    labels=AT_INSERT,
    statuses=("CREATING", "READY"),
    defaults=_snapshot,
    allocate=_snapshot_size,
    quota=counted("SNAPSHOTS"),
)
