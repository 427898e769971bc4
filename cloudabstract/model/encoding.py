"""The writing half of the codec: shapes compiled to functions from values to JSON values.

A compiled function of None means "as it is", which spares most fields a call.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from enum import Enum
from typing import Any

from . import loose, quantity, shapes, traits
from .resource import ResourceKey

Code = Callable[[Any], Any]


class Style(Enum):
    """How values are written."""

    PLAIN = "plain"  # Python names, plain numbers, every field
    FULL = "full"  # as a document, with defaults
    SPARSE = "sparse"  # as a document, without what equals its default


def compiled(shape: shapes.Shape, style: Style) -> Code | None:
    """The function that writes values of `shape`."""
    match shape:
        case shapes.Record(type=cls):
            return key_text if cls is ResourceKey else _record(cls, style)
        case shapes.Enumeration():
            return lambda member: member.value
        case shapes.Nullable(inner=inner):
            return unless_none(compiled(inner, style))
        case shapes.Items(item=item, type=collection):
            return _items(compiled(item, style), collection)
        case shapes.Fixed(items=items):
            return in_turn([compiled(item, style) for item in items], list)
        case shapes.Entries(key=key, value=value):
            return entries(_key(key, style), compiled(value, style))
        case shapes.Either(options=options):
            return _either(options, style)
        case shapes.Scalar() if style is not Style.PLAIN:
            return _text(shape)
        case shapes.Anything() if style is Style.PLAIN:
            return _anything
    return None


@functools.cache
def _record(cls: type, style: Style) -> Code:
    plan: list[tuple[str, str, Any, Code | None]] = []  # filled on first use: types may recur

    def encode(value: Any) -> Any:
        if not isinstance(value, cls):
            return value  # left for the reader to object to, with its place
        if not plan:
            plan.extend(_plan(cls, style))
        written = {}
        for name, key, omitted, code in plan:
            each = getattr(value, name)
            if each is omitted or each == omitted:
                continue
            written[key] = each if code is None else code(each)
        return written

    return encode


_NO_VALUE = object()


def _plan(cls: type, style: Style) -> list[tuple[str, str, Any, Code | None]]:
    """For each field: its name, its key, the value that is not written, and its function."""
    plan = []
    for each in traits.fields(cls):
        if isinstance(each.shape, shapes.Anything) and not each.compared:
            continue  # of a driver's own, such as Found.raw: nobody knows what it is
        key = each.name if style is Style.PLAIN else each.key
        unset = style is Style.FULL and each.default is None
        may_omit = not each.required and (unset or style is Style.SPARSE)
        omitted = each.default if may_omit else _NO_VALUE
        plan.append((each.name, key, omitted, compiled(each.shape, style)))
    return plan


def unless_none(code: Code | None) -> Code | None:
    """`code`, for values that may be None."""
    return None if code is None else lambda value: None if value is None else code(value)


def _items(code: Code | None, collection: type) -> Code:
    if collection is frozenset:
        return lambda value: sorted(value if code is None else map(code, value), key=_in_order)
    if code is None:
        return lambda value: list(value) if isinstance(value, tuple) else value
    return lambda value: [code(e) for e in value] if isinstance(value, tuple | list) else value


def _in_order(written: Any) -> Any:
    """What a set is sorted by; objects have no order of their own."""
    return json.dumps(written, sort_keys=True) if isinstance(written, dict) else written


def in_turn(codes: list[Code | None], collection: Callable[[Any], Any]) -> Code:
    """One function for each place of a tuple of known length."""
    known = [code or (lambda value: value) for code in codes]
    return lambda value: collection(c(each) for c, each in zip(known, value, strict=True))


def entries(key: Code, value: Code | None) -> Code:
    """Functions for the keys and the values of a mapping."""

    def convert(mapping: Any) -> Any:
        if not hasattr(mapping, "items"):
            return mapping
        if value is None:
            return {key(name): each for name, each in mapping.items()}
        return {key(name): value(each) for name, each in mapping.items()}

    return convert


def _key(shape: shapes.Shape, style: Style) -> Code:
    """Keys are text; one of several words is a text of its own."""
    code = compiled(shape, style) or str
    words = shapes.is_composed(shape) and code is not key_text
    return (lambda key: json.dumps(code(key))) if words else code


def _either(options: tuple[shapes.Shape, ...], style: Style) -> Code | None:
    codes = {o.type: compiled(o, style) for o in options if isinstance(o, shapes.Record)}
    if not codes:
        return None

    def encode(value: Any) -> Any:
        code = codes.get(type(value))
        return value if code is None else loose.tagged(type(value).__name__, code(value))

    return encode


def _anything(value: Any) -> Any:
    return loose.encode(value, _carried)


def _carried(value: Any) -> Any:
    cls: Any = type(value)
    return _record(cls, Style.PLAIN)(value)


def _text(shape: shapes.Scalar) -> Code | None:
    """Quantities and durations as text. What is text already stays: `Storage("10Gi")`."""
    if shape.is_quantity:
        return lambda value: quantity.format_quantity(value) if type(value) is int else value
    if shape.is_duration:
        return lambda value: quantity.format_duration(value) if type(value) is int else value
    return None


def key_text(key: ResourceKey) -> str:
    """`KIND/NAMESPACE/NAME`: unlike `str(key)`, it says which kinds have no namespace."""
    return f"{key.kind}/{key.namespace}/{key.name}"
