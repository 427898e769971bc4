"""Where a listener or rule sends traffic: the field `forward`, and the API's actions. Pure.

    {"groups": [{"group": ARN, "weight": 1}], "sticky": 0}

Groups stand in the order of their roles, in which the parts were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.provider import ROLE, Batch, Found

from .kinds import TARGET_GROUP

Forward = dict[str, Any]


def actions(forward: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`forward` as one action."""
    groups = forward["groups"]
    if len(groups) == 1 and not forward["sticky"]:
        return [{"Type": "forward", "TargetGroupArn": groups[0]["group"]}]
    config: dict[str, Any] = {
        "TargetGroups": [
            {"TargetGroupArn": each["group"], "Weight": each["weight"]} for each in groups
        ]
    }
    if forward["sticky"]:
        seconds = forward["sticky"]
        config["TargetGroupStickinessConfig"] = {"Enabled": True, "DurationSeconds": seconds}
    return [{"Type": "forward", "ForwardConfig": config}]


def forward_of(raw: Iterable[Mapping[str, Any]], batch: Batch | None = None) -> Forward:
    """The field of an object whose actions AWS describes as `raw`; no groups: not a forward."""
    for action in raw:
        if action.get("Type") != "forward":
            continue
        config = action.get("ForwardConfig") or {}
        groups = [
            {"group": each["TargetGroupArn"], "weight": _weight(each)}
            for each in config.get("TargetGroups") or ()
        ]
        if not groups and action.get("TargetGroupArn"):
            groups = [{"group": action["TargetGroupArn"], "weight": 1}]
        if len(groups) == 1:
            groups[0]["weight"] = 1  # alone, whatever its weight
        sticky = config.get("TargetGroupStickinessConfig") or {}
        seconds = int(sticky.get("DurationSeconds") or 0) if sticky.get("Enabled") else 0
        return {"groups": _ordered(groups, batch), "sticky": seconds}
    return {"groups": [], "sticky": 0}


def _ordered(groups: list[dict[str, Any]], batch: Batch | None) -> list[dict[str, Any]]:
    """By the roles of the groups, where those are known; else as AWS has them."""
    known: Iterable[Found] = batch.used.get(TARGET_GROUP.name, ()) if batch is not None else ()
    roles = {each.id: each.labels.get(ROLE, "") for each in known}
    if not all(each["group"] in roles for each in groups):
        return groups
    return sorted(groups, key=lambda each: roles[each["group"]])


def _weight(raw: Mapping[str, Any]) -> int:
    return int(raw["Weight"]) if raw.get("Weight") is not None else 1
