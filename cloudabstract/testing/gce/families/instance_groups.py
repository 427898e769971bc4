"""Unmanaged instance groups: members, and names for ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudabstract.testing.gce import errors, guards, listing, references, rendering
from cloudabstract.testing.gce.family import Family, Ref, counted
from cloudabstract.testing.gce.operations import Change
from cloudabstract.testing.gce.records import Fields, Record
from cloudabstract.testing.gce.scopes import Key, key_of

if TYPE_CHECKING:
    from cloudabstract.testing.gce.cloud import Call, Cloud

_MEMBER = Ref("instances[].instance", ("instances",))


def _view(cloud: Cloud, record: Record) -> Fields:
    """The network is that of the first member, unless it was given."""
    shown: Fields = {"size": len(record.members), "fingerprint": _ports_print(record)}
    if record.members and "network" not in record.fields:
        instance = references.record_at(cloud, record.members[0]["instance"])
        first = instance.fields["networkInterfaces"][0]
        shown |= {"network": first["network"], "subnetwork": first["subnetwork"]}
    return shown


def _ports_print(record: Record) -> str:
    ports = {"namedPorts": record.fields.get("namedPorts", [])}
    return rendering.fingerprint(Record(record.key, ports))


def _members(cloud: Cloud, call: Call) -> list[Key]:
    listed = call.body.get("instances", [])
    if not listed:
        raise errors.required("resource.instances")
    keys = []
    for number, reference in enumerate(listed):
        field = f"resource.instances[{number}].instance"
        key = references.target(cloud, reference["instance"], call.key, _MEMBER, field)
        if key.scope != call.scope:
            raise errors.invalid(field, key.path, "The instance is in another zone.")
        keys.append(key)
    return keys


def add_instances(cloud: Cloud, call: Call) -> Change:
    """All or none: one instance that is a member already is an error."""
    group, keys = usable(cloud, call), _members(cloud, call)
    present = _links(group)
    for key in keys:
        if key.link in present:
            text = f"Resource '{key.path}' is already a member of '{group.key.path}'."
            raise errors.ApiError(400, "memberAlreadyExists", text)

    def finish() -> None:
        known, now = _links(group), cloud.time.now()
        group.members += [
            {"instance": k.link, "joined": now} for k in dict.fromkeys(keys) if k.link not in known
        ]
        cloud.records.touch()

    return Change(group, finish, exclusive=False)


def remove_instances(cloud: Cloud, call: Call) -> Change:
    """All or none: one instance that is no member is an error."""
    group, keys = usable(cloud, call), _members(cloud, call)
    present, leaving = _links(group), {key.link for key in keys}
    for key in keys:
        if key.link not in present:
            text = f"Resource '{key.path}' is not a member of '{group.key.path}'."
            raise errors.ApiError(400, "memberNotFound", text)

    def finish() -> None:
        group.members = [m for m in group.members if m["instance"] not in leaving]
        cloud.records.touch()

    return Change(group, finish, exclusive=False)


def set_named_ports(cloud: Cloud, call: Call) -> Change:
    """Replace all names of ports; the fingerprint is optional."""
    group = guards.changeable(cloud, call)
    given = call.body.get("fingerprint")
    if given and given != _ports_print(group):
        raise errors.stale_fingerprint()
    ports = call.body.get("namedPorts", [])

    def finish() -> None:
        group.fields["namedPorts"] = ports
        cloud.records.touch()

    return Change(group, finish)


def list_instances(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The members, with their status and the group's names for ports."""
    group = cloud.records.get(call.key)
    running = call.body.get("instanceState") == "RUNNING"
    items = []
    for number, member in enumerate(group.members):
        key = key_of(member["instance"])
        instance = cloud.records.find(key) if key else None
        status = instance.fields["status"] if instance else "TERMINATED"
        if running and status != "RUNNING":
            continue
        item = {"instance": member["instance"], "status": status}
        ports = group.fields.get("namedPorts")
        items.append((f"{number:06}", {**item, "namedPorts": ports} if ports else item))
    return listing.page_of(cloud, call, items, call.method.response)


def usable(cloud: Cloud, call: Call) -> Record:
    """The group in the path; its members may change while other members do."""
    group = cloud.records.get(call.key)
    if group.creating:
        raise errors.not_ready(group.key.path)
    return group


def _links(group: Record) -> set[str]:
    return {member["instance"] for member in group.members}


INSTANCE_GROUPS = Family(
    collection="instanceGroups",
    schema="InstanceGroup",
    noun="instance_group",
    refs=(Ref("network", ("networks",)),),
    view=_view,
    quota=counted("INSTANCE_GROUPS"),
    verbs={
        "addInstances": add_instances,
        "removeInstances": remove_instances,
        "setNamedPorts": set_named_ports,
        "listInstances": list_instances,
    },
)
