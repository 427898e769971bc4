"""What is in use cannot be deleted: security groups and subnets with network interfaces in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cloudabstract.testing.aws import tags
from cloudabstract.testing.aws.refusal import Refused, invalid
from cloudabstract.testing.aws.wire import Call, Proceed, Rule


def rules() -> Mapping[str, Rule]:
    """By call."""
    return {
        "ec2.CreateSecurityGroup": _create_group,
        "ec2.DeleteSecurityGroup": _delete_group,
        "ec2.DeleteSubnet": _delete_subnet,
    }


def _create_group(call: Call, proceed: Proceed) -> Any:
    name = call.params["GroupName"]
    if name.lower().startswith("sg-") or len(name) > 255:
        raise invalid(f"Invalid security group name '{name}': up to 255 characters, not 'sg-...'")
    return proceed()


def _delete_group(call: Call, proceed: Proceed) -> Any:
    store = call.backend
    wanted = call.params.get("GroupId") or call.params.get("GroupName", "")
    group = store.get_security_group_from_id(wanted) or store.get_security_group_from_name(wanted)
    if group is None:
        return proceed()
    if group.name == "default":
        raise Refused("CannotDelete", f"the specified group: {group.id} is the default group")
    user = next(_users(store, group.id), None)
    if user is not None:
        message = f"resource {group.id} has a dependent object: {user}"
        raise Refused("DependencyViolation", message)
    payload = proceed()
    tags.forget(store, group.id)
    return payload


def _users(store: Any, group_id: str) -> Iterator[str]:
    """Network interfaces in the group, and other groups whose rules name it."""
    for interface in _interfaces(store):
        if any(group.id == group_id for group in interface.group_set):
            yield interface.id
    others = [other for groups in store.groups.values() for other in groups.values()]
    for other in others:
        sources = [rule.source_group.get("GroupId") for rule in _rules(other)]
        if other.id != group_id and group_id in sources:
            yield other.id


def _interfaces(store: Any) -> Iterator[Any]:
    for interface in store.enis.values():
        if interface.instance is None or interface.instance.state != "terminated":
            yield interface


def _rules(group: Any) -> list[Any]:
    return [*group.ingress_rules, *group.egress_rules]


def _delete_subnet(call: Call, proceed: Proceed) -> Any:
    id_ = call.params["SubnetId"]
    if any(interface.subnet.id == id_ for interface in _interfaces(call.backend)):
        message = f"The subnet '{id_}' has dependencies and cannot be deleted."
        raise Refused("DependencyViolation", message)
    payload = proceed()
    tags.forget(call.backend, id_)
    return payload
