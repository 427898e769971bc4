"""Values of no fixed type: JSON that may hold a few known classes, each under a tag.

A provider's fields are plain JSON in which any value may be a Ref. Such a class is made known once
(`codec.carry`), and is written as an object with its name under `$type`. A mapping that happens to
have that key itself is wrapped, so that nothing a user writes can be taken for one of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

TYPE, VALUE = "$type", "value"
_WRAPPED = ""  # the tag of a mapping that has a key `$type` of its own

CARRIED: dict[str, type] = {}
T = TypeVar("T")


def carry(cls: type[T]) -> type[T]:
    """Allow instances of the dataclass `cls` inside what a hint calls `Any`; a class decorator."""
    CARRIED[cls.__name__] = cls
    return cls


def tagged(name: str, written: Any) -> dict[str, Any]:
    """`written`, with the name of its class."""
    return {TYPE: name, VALUE: written}


def encode(value: Any, write: Callable[[Any], Any]) -> Any:
    """`value` as JSON; `write` writes an instance of a carried class."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        written = {str(key): encode(each, write) for key, each in value.items()}
        return tagged(_WRAPPED, written) if TYPE in written else written
    if isinstance(value, list | tuple):
        return [encode(each, write) for each in value]
    if type(value).__name__ in CARRIED:
        return tagged(type(value).__name__, write(value))
    raise TypeError(f"{type(value).__name__} is neither JSON nor made known with codec.carry")


def decode(raw: Any, read: Callable[[type, Any], Any]) -> Any:
    """The inverse of `encode`; `read` reads an instance of a carried class."""
    if isinstance(raw, list):
        return [decode(each, read) for each in raw]
    if not isinstance(raw, dict):
        return raw
    if TYPE not in raw:
        return {key: decode(each, read) for key, each in raw.items()}
    if raw[TYPE] == _WRAPPED:
        return {key: decode(each, read) for key, each in raw[VALUE].items()}
    return read(CARRIED[raw[TYPE]], raw[VALUE])
