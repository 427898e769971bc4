"""Disks, zonal and regional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudabstract.testing.gce import errors, fieldpaths, guards, references, scopes
from cloudabstract.testing.gce.catalogue import DISK_TYPES, DiskType
from cloudabstract.testing.gce.families.snapshots import create_snapshot
from cloudabstract.testing.gce.family import AT_INSERT, Family, Ref
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_LARGEST = 65_536  # GB
_TYPE = Ref("type", ("diskTypes",))
_SOURCES = (
    Ref("sourceSnapshot", ("snapshots",), holds=False),
    Ref("sourceDisk", ("disks",), holds=False),
)
_UPDATABLE = ("accessMode", "provisionedIops", "provisionedThroughput", "sizeGb")


def type_of(fields: Fields) -> DiskType:
    """The disk type that a disk's fields name."""
    name = str(fields.get("type", "pd-standard")).rsplit("/", 1)[-1]
    return next(kind for kind in DISK_TYPES if kind.name == name)


def _defaults(cloud: Cloud, call: Call, fields: Fields) -> None:
    fields.setdefault("type", "pd-standard")
    fields.setdefault("physicalBlockSizeBytes", "4096")
    if call.scope.level == "region":
        _replicas(cloud, call, fields)


def _replicas(cloud: Cloud, call: Call, fields: Fields) -> None:
    names = [zone.rsplit("/", 1)[-1] for zone in fields.get("replicaZones", ())]
    if len(set(names)) != 2:
        raise errors.invalid("resource.replicaZones", names, "Exactly two zones are required.")
    for name in names:
        if name not in cloud.catalogue.zones(call.scope.place):
            raise errors.invalid("resource.replicaZones", name, "Not a zone of the region.")
    zones = [scopes.Scope("zone", name) for name in names]
    fields["replicaZones"] = [scopes.scope_link(call.project, zone) for zone in zones]


def _allocate(cloud: Cloud, call: Call, fields: Fields) -> None:
    """Size and performance, from the type and from what the disk is a copy of."""
    kind, least = type_of(fields), _source(cloud, fields)
    fields.setdefault("sizeGb", str(least or kind.default_size))
    size = int(fields["sizeGb"])
    if not 0 < size <= _LARGEST:
        raise errors.invalid("resource.sizeGb", size, "Disk size is out of range.")
    if size < least:
        detail = f"Requested disk size cannot be smaller than the source size ({least} GB)"
        raise errors.invalid("resource.sizeGb", size, detail)
    _performance(kind, fields)


def _performance(kind: DiskType, fields: Fields) -> None:
    for name, possible in (
        ("provisionedIops", kind.iops),
        ("provisionedThroughput", kind.throughput),
    ):
        if name in fields and not possible:
            detail = f"Disks of type {kind.name} do not take it."
            raise errors.invalid(f"resource.{name}", fields[name], detail)


def _source(cloud: Cloud, fields: Fields) -> int:
    """The size in GB of what the disk is copied from; 0 for an empty disk."""
    for name, size in (("sourceSnapshot", "diskSizeGb"), ("sourceDisk", "sizeGb")):
        if name in fields:
            source = references.record_at(cloud, fields[name])
            fields[f"{name}Id"] = source.id
            return int(source.fields[size])
    return 0


def _view(cloud: Cloud, record: Record) -> Fields:
    users = references.users(cloud, record.key)
    return {"users": [user.link for user in users]} if users else {}


def _quota(key: Key, fields: Fields) -> tuple[str, float]:
    metric = "SSD_TOTAL_GB" if type_of(fields).ssd else "DISKS_TOTAL_GB"
    return metric, float(fields.get("sizeGb", 0))


def resize(cloud: Cloud, call: Call) -> Change:
    """A disk grows; it never shrinks, and staying as it is counts as not growing."""
    record = guards.changeable(cloud, call)
    _grows(cloud, record, int(call.body.get("sizeGb", 0)))
    return _with(cloud, record, {"sizeGb": call.body["sizeGb"]})


def update(cloud: Cloud, call: Call) -> Change:
    """Changes the fields that `paths` or `updateMask` name; without either, those in the body."""
    record = guards.changeable(cloud, call)
    masks = [*call.query.get("paths", ()), call.query.get("updateMask", "")]
    mask = [name for text in masks for name in text.split(",")]
    chosen = [name for name in mask if name] or [n for n in call.body if n != "name"]
    for name in chosen:
        if name not in _UPDATABLE:
            raise errors.invalid("updateMask", name, "The field cannot be updated.")
    change = {name: call.body[name] for name in chosen if name in call.body}
    _performance(type_of(record.fields), change)
    size = change.get("sizeGb")
    if size is not None and size != record.fields["sizeGb"]:
        _grows(cloud, record, int(size))
    return _with(cloud, record, change)


def _grows(cloud: Cloud, record: Record, size: int) -> None:
    old = int(record.fields["sizeGb"])
    if size <= old or size > _LARGEST:
        detail = f"New disk size must be larger than existing size {old} GB."
        raise errors.invalid("sizeGb", size, detail)
    more = {**record.fields, "sizeGb": size - old}
    cloud.quotas.check(cloud.quotas.need(DISKS, record.key, more))


def _with(cloud: Cloud, record: Record, change: Fields) -> Change:
    def finish() -> None:
        record.fields = fieldpaths.merge(record.fields, change)
        cloud.records.touch()

    return Change(record, finish)


DISKS = Family(
    collection="disks",
    schema="Disk",
    noun="disk",
    refs=(_TYPE, *_SOURCES),
    labels=AT_INSERT,
    statuses=("CREATING", "READY"),
    defaults=_defaults,
    allocate=_allocate,
    view=_view,
    quota=_quota,
    verbs={"resize": resize, "update": update, "createSnapshot": create_snapshot},
)
