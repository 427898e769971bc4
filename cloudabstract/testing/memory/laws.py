"""What the memory cloud refuses, and what it works out by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudabstract.errors import ErrorCode

from .kinds import ADDRESS, ATTACHMENT, BALANCER, BY_NAME, DISK, LISTENER, MEMBERS, SNAPSHOT
from .limits import addresses
from .state import State
from .things import CloudError, Thing, digest, ids_in

# No two objects of a kind may agree in all of these fields; the first one names a parent.
_UNIQUE = {
    LISTENER: ("balancer", "port", "protocol"),
    MEMBERS: ("pool",),
}


def registrations(state: State, parent: str) -> list[Thing]:
    """The objects that are no more than an entry in `parent`, and go with it."""
    return state.mentioning(parent, MEMBERS)


def check_new(state: State, thing: Thing) -> None:
    """Raise CloudError when `thing` cannot stand beside what is there."""
    check_fields(state, thing)
    for field in ("balancer", "pool", "disk"):
        if field in BY_NAME[thing.kind].fixed and not thing.fields.get(field):
            raise CloudError(ErrorCode.INVALID, "Missing", f"a {thing.kind} needs its {field}")
    unique = _unique(state, thing)
    siblings = state.mentioning(thing.fields[unique[0]], thing.kind) if unique else ()
    for other in siblings:
        if all(other.fields.get(each) == thing.fields.get(each) for each in unique):
            raise CloudError(
                ErrorCode.CONFLICT, "Occupied", f"{other.id} has the same {', '.join(unique)}"
            )


def _unique(state: State, thing: Thing) -> tuple[str, ...]:
    if thing.kind != ATTACHMENT:
        return _UNIQUE.get(thing.kind, ())
    disk = state.things[thing.fields["disk"]]
    many = any(mode.endswith("Many") for mode in disk.fields.get("access_modes", ()))
    return ("disk", "instance") if many else ("disk",)


def check_fields(state: State, thing: Thing) -> None:
    """Raise CloudError for values that no object of this kind can have."""
    birth = BY_NAME[thing.kind].birth if thing.version > 1 else frozenset()
    current = {key: value for key, value in thing.fields.items() if key not in birth}
    for used in ids_in(current):
        if used not in state.things or state.things[used].gone_at is not None:
            raise CloudError(ErrorCode.INVALID, "NoSuchObject", f"{used} does not exist")
    if thing.kind == DISK and thing.fields.get("size", 0) <= 0:
        raise CloudError(ErrorCode.INVALID, "Size", "a disk has at least one byte")
    origin = state.things.get(current.get("source") or "")
    if origin is not None and thing.kind == DISK and thing.fields["size"] < origin.fields["size"]:
        raise CloudError(ErrorCode.INVALID, "Size", f"a copy of {origin.id} cannot be smaller")


def check_change(old: Thing, fields: Mapping[str, Any], now: float) -> None:
    """Raise CloudError when `fields` of `old` cannot be set now, or not at all."""
    kind = BY_NAME[old.kind]
    fixed = sorted(kind.fixed & fields.keys())
    if any(fields[each] != old.fields.get(each) for each in fixed):
        raise CloudError(ErrorCode.INVALID, "Fixed", f"{', '.join(fixed)} cannot be changed")
    if old.kind == DISK and fields.get("size", old.fields["size"]) < old.fields["size"]:
        raise CloudError(ErrorCode.INVALID, "Shrink", "a disk cannot shrink")
    if old.gone_at is not None:
        raise CloudError(ErrorCode.CONFLICT, "Deleting", f"{old.id} is being deleted")
    if now < old.not_before:
        raise CloudError(
            ErrorCode.CONFLICT, "Cooldown", f"{old.id} was just changed", old.not_before - now
        )
    if now < old.ready_at:
        raise CloudError(ErrorCode.CONFLICT, "NotReady", f"{old.id} is not ready yet")


def worked_out(state: State, thing: Thing) -> dict[str, Any]:
    """The fields that the cloud adds: addresses, sizes of copies, where a disk is plugged in."""
    fields = dict(thing.fields)
    if thing.kind == ADDRESS and "ip" not in fields:
        fields["ip"] = _free_address(state, thing)
    if thing.kind == BALANCER:
        reserved = [fields.get("address"), fields.get("second_address")]
        fields["ips"] = [_number(state, each) for each in reserved if each]
    if thing.kind == SNAPSHOT and "size" not in fields:
        fields["size"] = state.things[fields["source"]].fields["size"]
    if thing.kind == ATTACHMENT:
        fields["path"] = fields.get("device") or f"/dev/disk/by-id/{fields['disk']}"
    return fields


def _number(state: State, address: str) -> str:
    thing = state.things.get(address)
    if thing is None or thing.kind != ADDRESS:
        raise CloudError(ErrorCode.INVALID, "NoSuchObject", f"{address} is no address")
    return str(thing.fields["ip"])


def _free_address(state: State, thing: Thing) -> str:
    start = digest(thing.place, thing.name)
    for each in addresses(thing.fields["routability"], thing.fields["family"], start):
        if each not in state.addresses:
            return each
    raise CloudError(ErrorCode.EXHAUSTED, "NoAddress", "every address of the range is taken")
