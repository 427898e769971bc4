"""Where a listener or rule sends traffic: the field `forward`, and the API's actions. Pure.

    {"groups": [{"group": ARN, "weight": 1}], "sticky": 0}

Groups stand in the order of their roles, in which the parts were made; without any, an ALB answers
for itself. AWS tells them with every
forward. Some emulators do not when there are several: there a memo tells them (memos.py), and where
AWS tells itself, none is ever written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.provider import ROLE, Batch, Found
from cloudabstract_aws import memos

from .kinds import TARGET_GROUP

FORWARD = "forward"
Forward = dict[str, Any]
_NOBODY = "503"  # what a balancer answers that has no backends
Actions = Iterable[Mapping[str, Any]]


def actions(forward: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`forward` as one action."""
    groups = forward["groups"]
    if not groups:
        return [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": _NOBODY}}]
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


def forward_of(raw: Actions, known: Mapping[str, str], batch: Batch | None = None) -> Forward:
    """The field of an object whose actions AWS describes as `raw`; no groups: not a forward.

    `known` are the tags of the object.
    """
    noted = memos.decoded(FORWARD, known) if is_silent(raw) else None
    if noted is not None:
        return dict(noted)
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
        groups = _reduced(groups)
        sticky = config.get("TargetGroupStickinessConfig") or {}
        seconds = int(sticky.get("DurationSeconds") or 0) if sticky.get("Enabled") else 0
        return {"groups": _ordered(groups, batch), "sticky": seconds}
    return {"groups": [], "sticky": 0}


def is_silent(raw: Actions) -> bool:
    """Whether there is a forward that does not say where to."""
    forwards = [each for each in raw if each.get("Type") == "forward"]
    return bool(forwards) and not any(map(_says_where, forwards))


def _says_where(action: Mapping[str, Any]) -> bool:
    config = action.get("ForwardConfig") or {}
    return bool(action.get("TargetGroupArn") or config.get("TargetGroups"))


def _reduced(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same shares in the smallest numbers; a group that gets nothing is none."""
    sent = [each for each in groups if each["weight"]] or groups
    divisor = math.gcd(*(each["weight"] for each in sent)) or 1
    return [{**each, "weight": max(1, each["weight"] // divisor)} for each in sent]


def _ordered(groups: list[dict[str, Any]], batch: Batch | None) -> list[dict[str, Any]]:
    """By the roles of the groups, where those are known; else as AWS has them."""
    known: Iterable[Found] = batch.used.get(TARGET_GROUP.name, ()) if batch is not None else ()
    roles = {each.id: each.labels.get(ROLE, "") for each in known}
    if not all(each["group"] in roles for each in groups):
        return groups
    return sorted(groups, key=lambda each: roles[each["group"]])


def _weight(raw: Mapping[str, Any]) -> int:
    return int(raw["Weight"]) if raw.get("Weight") is not None else 1
