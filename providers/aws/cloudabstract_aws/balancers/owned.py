"""What drivers of owned objects have in common: making sure whose an object is, and finishing it.

Creates of Elastic Load Balancing give what is there already when its settings are the same, whoever
made it. So after each create the owner is looked up; and because a process may have died between
the create and the calls after it, whatever is there is then brought to what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cloudabstract.provider import RESOURCE, ROLE, STACK, Found, Kind, Wanted
from cloudabstract_aws.errors import Taken

Update = Callable[[Found, Mapping[str, Any]], Found]


def is_ours(labels: Mapping[str, str], wanted: Wanted) -> bool:
    """Whether an object with these labels was made for what is wanted now."""
    return all(labels.get(key) == wanted.labels.get(key) for key in (STACK, RESOURCE, ROLE))


def check_owner(found: Found, wanted: Wanted, native: str = "") -> None:
    """Raise Taken unless `found` was made for `wanted`."""
    if not is_ours(found.labels, wanted):
        raise Taken(wanted.kind, wanted.name, found.id, native)


def finished(found: Found, wanted: Wanted, kind: Kind, update: Update) -> Found:
    """`found` with every field as wanted that can change in place."""
    rest = {
        name: value
        for name, value in wanted.fields.items()
        if name not in kind.fixed and found.fields.get(name) != value
    }
    return update(found, rest) if rest else found
