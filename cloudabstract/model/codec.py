"""Frozen values to JSON and back, exactly: how plans, reports and resources survive a file.

    to_json(plan)            dict, list, str, int, float, bool and None only
    from_json(Plan, raw)     an equal plan

Works for every dataclass whose hints shapes.py can read. Each type is compiled once, to a function
that walks straight through its fields (encoding.py, decoding.py). Rules of the written form:

- A dataclass is an object with all its fields under their Python names.
- A ResourceKey is text, `KIND/NAMESPACE/NAME`, with nothing between the slashes where a kind has no
  namespace.
- An Enum is its value; a tuple or frozenset is a list; keys of mappings are text, and JSON in a
  text where the key is a tuple or a dataclass.
- Where a hint allows several types, a dataclass says which one it is under `$type`.
- What a hint calls `Any` must be JSON already, but may hold classes made known by `carry`; a field
  that is not even compared is left out.

Documents (wire.py) are written by the same machine in a `Style` of their own. Reading trusts its
input: it is for what was written here. Documents of users go through cloudabstract.spec.
"""

from __future__ import annotations

import functools
from typing import Any, TypeVar, cast

from . import decoding, encoding, shapes
from .encoding import Code, Style
from .loose import carry

__all__ = ["Style", "carry", "decoder", "encoder", "from_json", "to_json"]

T = TypeVar("T")


def to_json(value: Any, hint: Any = None) -> Any:
    """`value` as JSON values; `hint` is needed only where the value is not a dataclass.

    Raises TypeError when the type holds something that JSON cannot carry.
    """
    known: Any = type(value) if hint is None else hint
    return encoder(known)(value)


def from_json(hint: type[T], raw: Any) -> T:
    """The value of type `hint` that `to_json` wrote as `raw`. Raises ValueError if it did not."""
    known: Any = hint
    try:
        return cast(T, decoder(known)(raw))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        name = getattr(hint, "__name__", str(hint))
        raise ValueError(f"this is not a {name} as it was written: {error!r}") from error


@functools.cache
def encoder(hint: Any, style: Style = Style.PLAIN) -> Code:
    """The compiled function from a value of `hint` to JSON values."""
    return encoding.compiled(shapes.shape_of(hint), style) or _same


@functools.cache
def decoder(hint: Any, style: Style = Style.PLAIN) -> Code:
    """The compiled function from JSON values to a value of `hint`."""
    return decoding.compiled(shapes.shape_of(hint), style) or _same


def _same(value: Any) -> Any:
    return value
