"""Reading values that may not be what they should be: each function gives nothing instead of that.

What has the wrong type is told by structure.py. The rules and converters go on with what is there,
so that all problems of a manifest are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

OCTAL = re.compile(r"0o?[0-7]{1,21}", re.ASCII)  # YAML 1.1 takes it for a number: modes of files


def at(raw: Any, *steps: str | int) -> Any:
    """The value at the end of `steps`, or None."""
    for step in steps:
        if isinstance(raw, dict):
            raw = raw.get(step)
        elif isinstance(raw, list) and isinstance(step, int) and step < len(raw):
            raw = raw[step]
        else:
            return None
    return raw


def mapping(raw: Any, *steps: str | int) -> dict[str, Any]:
    """The mapping at the end of `steps`, or an empty one."""
    found = at(raw, *steps)
    return found if isinstance(found, dict) else {}


def items(raw: Any, *steps: str | int) -> list[Any]:
    """The list at the end of `steps`, or an empty one."""
    found = at(raw, *steps)
    return found if isinstance(found, list) else []


def text(raw: Any, *steps: str | int) -> str:
    """The text at the end of `steps`, or ""."""
    found = at(raw, *steps)
    return found if isinstance(found, str) else ""


def texts(raw: Any, *steps: str | int) -> list[str]:
    """The texts in the list at the end of `steps`."""
    return [each for each in items(raw, *steps) if isinstance(each, str)]


def labels(raw: Any, *steps: str | int) -> dict[str, str]:
    """The mapping of text to text at the end of `steps`."""
    return {key: value for key, value in mapping(raw, *steps).items() if isinstance(value, str)}


def whole(raw: Any, *steps: str | int) -> int | None:
    """The whole number at the end of `steps`, or None."""
    found = at(raw, *steps)
    if isinstance(found, float) and found.is_integer():
        return int(found)  # 80.0 is a whole number to Kubernetes, too
    if isinstance(found, str) and OCTAL.fullmatch(found):
        return int(found.replace("o", ""), 8)
    return found if type(found) is int else None


def is_empty(value: Any) -> bool:
    """Whether there is nothing in it, however deep one looks: `{"loadBalancer": {}}`."""
    if isinstance(value, dict):
        return all(is_empty(each) for each in value.values())
    if isinstance(value, list):
        return all(is_empty(each) for each in value)
    return value is None or value == ""


Found = tuple[tuple[str | int, ...], Any]


def matching(raw: Any, pattern: str) -> Iterator[Found]:
    """Every value at `pattern`, such as `spec.ports[].nodePort`, with its path."""
    found: list[Found] = [((), raw)]
    for part in pattern.split("."):
        name = part.removesuffix("[]")
        found = [
            ((*path, name), value[name])
            for path, value in found
            if isinstance(value, dict) and name in value
        ]
        if part.endswith("[]"):
            found = [
                ((*path, number), each)
                for path, value in found
                if isinstance(value, list)
                for number, each in enumerate(value)
            ]
    yield from found
