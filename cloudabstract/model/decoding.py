"""The reading half of the codec: shapes compiled to functions from JSON values to values.

A compiled function of None means "as it is".
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from . import loose, quantity, shapes, traits
from .encoding import Code, Style, entries, in_turn, unless_none
from .resource import ResourceKey


def compiled(shape: shapes.Shape, style: Style) -> Code | None:
    """The function that reads values of `shape`."""
    match shape:
        case shapes.Record(type=cls):
            return key_value if cls is ResourceKey else _record(cls, style)
        case shapes.Enumeration(type=enumeration):
            return enumeration
        case shapes.Nullable(inner=inner):
            return unless_none(compiled(inner, style))
        case shapes.Items(item=item, type=collection):
            code = compiled(item, style)
            return collection if code is None else lambda raw: collection(map(code, raw))
        case shapes.Fixed(items=items):
            return in_turn([compiled(item, style) for item in items], tuple)
        case shapes.Entries(key=key, value=value):
            return entries(_key(key, style), compiled(value, style))
        case shapes.Either(options=options):
            return _either(options, style)
        case shapes.Scalar() if style is not Style.PLAIN:
            return _number(shape)
        case shapes.Anything() if style is Style.PLAIN:
            return _anything
    return None


@functools.cache
def _record(cls: type, style: Style) -> Code:
    plan: list[tuple[str, str, Code | None]] = []  # filled on first use: types may recur

    def decode(raw: Mapping[str, Any]) -> Any:
        if not plan:
            for each in traits.fields(cls):
                key = each.name if style is Style.PLAIN else each.key
                plan.append((each.name, key, compiled(each.shape, style)))
        return cls(
            **{
                name: raw[key] if code is None else code(raw[key])
                for name, key, code in plan
                if key in raw  # what is not there has its default
            }
        )

    return decode


def _key(shape: shapes.Shape, style: Style) -> Code:
    if isinstance(shape, shapes.Scalar):
        return shape.type
    code = compiled(shape, style) or str
    words = shapes.is_composed(shape) and code is not key_value
    return (lambda text: code(json.loads(text))) if words else code


def _either(options: tuple[shapes.Shape, ...], style: Style) -> Code | None:
    records = {each.type.__name__: each for each in options if isinstance(each, shapes.Record)}
    if not records:
        return None

    def decode(raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        code = compiled(records[raw[loose.TYPE]], style)
        return code(raw[loose.VALUE]) if code else raw

    return decode


def _anything(raw: Any) -> Any:
    return loose.decode(raw, lambda cls, written: _record(cls, Style.PLAIN)(written))


def _number(shape: shapes.Scalar) -> Code | None:
    if shape.is_quantity:
        return quantity.parse_quantity
    return quantity.parse_duration if shape.is_duration else None


def key_value(text: str) -> ResourceKey:
    """The inverse of `key_text`."""
    kind, namespace, name = text.split("/")
    return ResourceKey(kind, name, namespace)
