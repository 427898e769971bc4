"""The numbers of limits.json: what the API takes, and how much of it in one call."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Limits:
    """See limits.json for the source of each; ranges are inclusive."""

    name: int
    interval: tuple[int, int]
    timeout: tuple[int, int]
    threshold: tuple[int, int]
    weight: int
    groups_per_action: int
    pattern: int
    health_path: int
    listeners_per_balancer: int
    rules_per_group: int
    page: int
    tags_per_call: int
    listeners_per_call: int
    rules_per_call: int
    targets_per_call: int
    resources_per_page: int


@functools.cache
def limits() -> Limits:
    """The limits, read once."""
    raw = json.loads(resources.files(__package__).joinpath("limits.json").read_text())
    known: dict[str, Any] = {name: raw[name] for name in Limits.__dataclass_fields__}
    ranges: dict[str, Any] = {k: tuple(v) for k, v in known.items() if isinstance(v, list)}
    return Limits(**{**known, **ranges})
