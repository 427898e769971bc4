"""Annotations in a draft: those that are the value of one field, and a check that can be made."""

from __future__ import annotations

from .. import paths
from .annotations import Understood
from .drafts import Draft
from .remarks import BALANCER, Remark, degrade


def fields(made: Draft, known: Understood) -> None:
    """Annotations whose meaning is the value of one portable field; the spec goes before them."""
    for each in known:
        head, _, inner = each.field.partition(".")
        if head in _SPECIAL:
            continue
        if inner:
            made.spec.setdefault(head, {}).setdefault(inner, each.value)
            made.fields[f"spec.{each.field}"] = f"metadata.annotations['{each.key}']"
        elif head not in made.spec:
            made.set(head, each.value, *each.path)


_SPECIAL = ("tls", "targetType", "listeners", "allowHttp", "appProtocol")


def health_check(made: Draft) -> None:
    """Checks that no target could make are made possible, and that is told."""
    check = made.spec.get("healthCheck")
    if not isinstance(check, dict):
        return
    if check.get("protocol") == "TCP" and check.pop("path", None) is not None:
        made.remarks.append(_adjusted(made, "path", "a TCP check has no path"))
    interval = int(str(check.get("interval", "10s")).rstrip("s"))
    timeout = int(str(check.get("timeout", "5s")).rstrip("s"))
    if timeout > interval:
        check["timeout"] = f"{interval}s"
        message = f"a check ends before the next one: its timeout is {interval}s"
        where = "timeout" if "spec.healthCheck.timeout" in made.fields else "interval"
        made.remarks.append(_adjusted(made, where, message))


def _adjusted(made: Draft, field: str, message: str) -> Remark:
    written = made.fields.get(f"spec.healthCheck.{field}", "spec.healthCheck")
    return degrade(BALANCER, paths.parse(written), message)
