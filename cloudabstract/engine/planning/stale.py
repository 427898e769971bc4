"""Whether a plan still describes the world: compared with the same plan made afresh. Pure.

Objects are compared by id and by version where the target has versions, so that a step whose object
was changed by somebody else in between is refused even if the fields look the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .change import key_of

_TOLD = 8  # differences named before "and N more"


def changed(shown: Sequence[Mapping[str, Any]], fresh: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is different between the changes that were shown and those planned now, as JSON."""
    before = {_key(each): each for each in shown}
    after = {_key(each): each for each in fresh}
    found = [f"no longer needed: {key}" for key in before.keys() - after.keys()]
    found += [f"now needed: {key}" for key in after.keys() - before.keys()]
    for key in before.keys() & after.keys():
        fields = sorted(
            name for name in after[key] if before[key].get(name) != after[key].get(name)
        )
        if fields:
            found.append(f"{key}: {', '.join(fields)} changed")
    return sorted(found)


def text(found: Sequence[str]) -> str:
    """The message of a StaleError."""
    told = "\n".join(f"  {each}" for each in found[:_TOLD])
    more = f"\n  and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return f"the world changed since this plan was made:\n{told}{more}\nhint: make a new plan"


def _key(change: Mapping[str, Any]) -> str:
    name = str(change.get("replaces") or change["name"])
    return key_of(str(change["action"]), str(change["part"]), name, str(change.get("id", "")))
