"""Instances: no more of them than disks, groups and network endpoints need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import addressing, errors, guards, references, rendering, simulated
from cloudabstract.testing.gce.family import AT_INSERT, Family, Ref, counted
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key, key_of, scope_link

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_DISK = Ref("disks[].source", ("disks",))
_MOST_DISKS = 128


def _defaults(cloud: Cloud, call: Call, fields: Fields) -> None:
    machine = fields.get("machineType", "e2-medium").rsplit("/", 1)[-1]
    fields["machineType"] = Key(call.project, call.scope, "machineTypes", machine).link
    interfaces = fields.setdefault("networkInterfaces", [{}]) or [{}]
    network = addressing.default_network(call.project).link
    for interface in interfaces:
        if "subnetwork" not in interface:
            interface.setdefault("network", network)


def _allocate(cloud: Cloud, call: Call, fields: Fields) -> None:
    for number, interface in enumerate(fields["networkInterfaces"]):
        interface.setdefault("name", f"nic{number}")
        _address(cloud, call, interface)
    for number, disk in enumerate(fields.setdefault("disks", [])):
        _attachable(cloud, call.key, disk, f"resource.disks[{number}].source")
        _complete(disk, number)


def _address(cloud: Cloud, call: Call, interface: Fields) -> None:
    if "subnetwork" in interface:
        subnetwork = references.record_at(cloud, interface["subnetwork"])
        interface["network"] = subnetwork.fields["network"]
    else:
        found = addressing.default_subnetwork(
            cloud, call.project, call.scope.region, interface["network"]
        )
        if found is None:
            raise errors.required("resource.networkInterfaces[0].subnetwork")
        subnetwork = found
        interface["subnetwork"] = subnetwork.key.link
    interface.setdefault("networkIP", addressing.next_inside(cloud, subnetwork))


def _complete(disk: Fields, number: int) -> None:
    disk.setdefault("kind", "compute#attachedDisk")
    disk.setdefault("type", "PERSISTENT")
    disk.setdefault("mode", "READ_WRITE")
    disk.setdefault("boot", False)
    disk.setdefault("autoDelete", False)
    disk.setdefault("deviceName", f"persistent-disk-{number}")
    disk["index"] = number


def _attachable(cloud: Cloud, instance: Key, disk: Fields, field: str) -> None:
    """Raises ApiError 400: another zone, or held by an instance where both only read."""
    if "source" not in disk:
        raise errors.required(field)
    key = references.target(cloud, disk["source"], instance, _DISK, field)
    disk["source"] = key.link
    _within_reach(cloud, instance, key, field)
    sharing = cloud.records.get(key).fields.get("accessMode") == "READ_WRITE_MANY"
    for user in references.users(cloud, key):
        modes = {disk.get("mode", "READ_WRITE"), _mode(cloud.records.get(user), key.link)}
        if user == instance or not (sharing or modes == {"READ_ONLY"}):
            raise errors.in_use("disk", key.path, user.path)


def _within_reach(cloud: Cloud, instance: Key, disk: Key, field: str) -> None:
    zones = cloud.records.get(disk).fields.get("replicaZones", [])
    here = scope_link(instance.project, instance.scope)
    if disk.scope != instance.scope and here not in zones:
        raise errors.invalid(field, disk.path, "The disk is not in the zone of the instance.")


def _mode(instance: Record, link: str) -> str:
    return next(str(d["mode"]) for d in instance.fields["disks"] if d.get("source") == link)


def attach_disk(cloud: Cloud, call: Call) -> Change:
    """Attach a disk of the same zone that nobody else holds."""
    record, disk = guards.changeable(cloud, call), call.body
    _attachable(cloud, record.key, disk, "resource.source")
    if len(record.fields["disks"]) >= _MOST_DISKS:
        raise errors.bad_request(f"At most {_MOST_DISKS} disks can be attached.")
    numbers = {attached["index"] for attached in record.fields["disks"]}
    _complete(disk, next(n for n in range(_MOST_DISKS) if n not in numbers))
    if any(d["deviceName"] == disk["deviceName"] for d in record.fields["disks"]):
        raise errors.invalid("resource.deviceName", disk["deviceName"], "The name is in use.")

    def finish() -> None:
        record.fields["disks"] = [*record.fields["disks"], disk]
        _note(cloud, disk["source"], "lastAttachTimestamp")

    return Change(record, finish)


def detach_disk(cloud: Cloud, call: Call) -> Change:
    """Detach the disk of a device name."""
    record, device = guards.changeable(cloud, call), call.query.get("deviceName", "")
    found = [disk for disk in record.fields["disks"] if disk["deviceName"] == device]
    if not found:
        detail = "No attached disk found with this device name."
        raise errors.invalid("deviceName", device, detail)

    def finish() -> None:
        record.fields["disks"] = [d for d in record.fields["disks"] if d["deviceName"] != device]
        _note(cloud, found[0]["source"], "lastDetachTimestamp")

    return Change(record, finish)


def _note(cloud: Cloud, link: str, field: str) -> None:
    key = key_of(link)
    disk = cloud.records.find(key) if key else None
    if disk:
        disk.fields[field] = simulated.stamp(cloud.time.now())
    cloud.records.touch()


def _view(cloud: Cloud, record: Record) -> dict[str, Any]:
    return {"fingerprint": rendering.fingerprint(record)}


def _removed(cloud: Cloud, record: Record) -> None:
    """With an instance go the disks that ask for it, and its memberships."""
    for disk in record.fields["disks"]:
        key = key_of(disk.get("source", ""))
        if key and disk["autoDelete"]:
            cloud.records.remove(key)
    for group in cloud.records:
        group.members = [m for m in group.members if m.get("instance") != record.key.link]


INSTANCES = Family(
    collection="instances",
    schema="Instance",
    noun="instance",
    refs=(
        _DISK,
        Ref("networkInterfaces[].network", ("networks",)),
        Ref("networkInterfaces[].subnetwork", ("subnetworks",)),
    ),
    labels=AT_INSERT,
    statuses=("PROVISIONING", "RUNNING"),
    defaults=_defaults,
    allocate=_allocate,
    view=_view,
    removed=_removed,
    quota=counted("INSTANCES"),
    verbs={"attachDisk": attach_disk, "detachDisk": detach_disk},
)
