"""Google's limits, from a file: they are data, not code."""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("cloudabstract_gcp").joinpath("limits/balancers.json").read_text()
    return dict(json.loads(text))


def most(name: str) -> int:
    """The largest number of something: `most("ports_of_a_rule")`."""
    return int(_table()[name])


def between(name: str) -> tuple[int, int]:
    """The least and the largest value of something."""
    low, high = _table()[name]
    return int(low), int(high)


def probes(scheme: str) -> list[str]:
    """From where Google checks backends of balancers of this scheme, as CIDRs."""
    return list(_table()["probes"][scheme])
