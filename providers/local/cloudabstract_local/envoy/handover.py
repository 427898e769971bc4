"""From old members of a pool to new ones without a moment in which nobody answers. Pure.

A new member gets no traffic before its first check has passed. When no old member stays, the old
ones are therefore kept beside the new ones until one of these is healthy, or all have been checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .nouns import Json

Host = tuple[str, int]


def bridge(cluster: Json, before: Json, after: Json) -> Json | None:
    """The members to have in between; None when `after` can follow `before` at once."""
    if "health_checks" not in cluster:
        return None
    old, new = _hosts(before), _hosts(after)
    if not new or not old or new.keys() & old.keys():
        return None
    both = [*new.values(), *old.values()]
    return {**after, "endpoints": [{"lb_endpoints": both}]}


def answered(statuses: list[dict[str, Any]], after: Json) -> bool:
    """Whether one of the members in `after` is healthy, or all of them have been checked."""
    wanted = _hosts(after)
    mine = [each for each in statuses if host_of(each) in wanted]
    if len(mine) < len(wanted):
        return not wanted
    return any(healthy(each) for each in mine) or not any(_pending(each) for each in mine)


def healthy(status: Mapping[str, Any]) -> bool:
    """Whether Envoy sends traffic to the host of this status."""
    health = status.get("health_status", {})
    return not health.get("failed_active_health_check") and not _pending(status)


def host_of(status: Mapping[str, Any]) -> Host:
    """The address and port of which a status tells."""
    return _socket(status["address"])


def _pending(status: Mapping[str, Any]) -> bool:
    return bool(status.get("health_status", {}).get("pending_active_hc"))


def _hosts(assignment: Json) -> dict[Host, Json]:
    return {
        _socket(each["endpoint"]["address"]): each
        for group in assignment.get("endpoints", [])
        for each in group.get("lb_endpoints", [])
    }


def _socket(address: Mapping[str, Any]) -> Host:
    found = address["socket_address"]
    return found["address"], found["port_value"]
