"""Type hints as plain values: the one place that knows how to read them.

`shape_of(hint)` turns the hint of a model field into one of the small values below, limits and all.
Everybody who needs to know what a field looks like (codec, decoder, JSON Schema, `explain`) asks
here and never touches `typing` again.

    Annotated[int | None, Ge(1)]     Nullable(Scalar(int, (Ge(1),)))
    tuple[Port, ...]                 Items(Record(Port))
    Mapping[str, str]                Entries(Scalar(str), Scalar(str))
    Literal["TCP", "UDP"]            Choice(("TCP", "UDP"))
    Resource                         Either((Record(LoadBalancer), Record(Volume), ...))
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, cast

from .limits import Duration, Ge, Gt, Le, MaxLen, MinLen, Quantity
from .resource import Resource

Mark = TypeVar("Mark")

_SCALARS = (str, int, bool, float)
_ITEMS: dict[Any, type] = {list: list, Sequence: tuple, Iterable: tuple, frozenset: frozenset}
_ENTRIES = (dict, Mapping, MutableMapping)


@dataclass(frozen=True)
class Shape:
    """What a value looks like. `marks` are the limits that apply to it."""

    marks: tuple[Any, ...] = ()

    def mark(self, kind: type[Mark]) -> Mark | None:
        """The mark of that type, the last one if it is given twice."""
        return next((each for each in reversed(self.marks) if isinstance(each, kind)), None)


@dataclass(frozen=True)
class Anything(Shape):
    """Any JSON value, left as it is."""


@dataclass(frozen=True)
class Scalar(Shape):
    """Text, a number or a truth value."""

    type: type = str

    @property
    def is_quantity(self) -> bool:
        """Written as a Kubernetes quantity."""
        return self.mark(Quantity) is not None

    @property
    def is_duration(self) -> bool:
        """Written as a duration."""
        return self.mark(Duration) is not None


@dataclass(frozen=True)
class Choice(Shape):
    """One of some constants."""

    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Enumeration(Shape):
    """A member of an Enum, written as its value."""

    type: type[Enum] = Enum


@dataclass(frozen=True)
class Record(Shape):
    """A dataclass, written as an object."""

    type: type = object


@dataclass(frozen=True)
class Items(Shape):
    """Any number of values of one shape, kept as `type`."""

    item: Shape = Shape()
    type: type = tuple


@dataclass(frozen=True)
class Fixed(Shape):
    """A tuple of a known length, one shape for each place."""

    items: tuple[Shape, ...] = ()


@dataclass(frozen=True)
class Entries(Shape):
    """A mapping with text for keys."""

    key: Shape = Shape()
    value: Shape = Shape()


@dataclass(frozen=True)
class Nullable(Shape):
    """`inner`, or None."""

    inner: Shape = Shape()


@dataclass(frozen=True)
class Either(Shape):
    """One of several shapes, told apart by the type of the value."""

    options: tuple[Shape, ...] = ()


@functools.cache
def shape_of(hint: Any) -> Shape:
    """The shape of a resolved type hint. Raises TypeError for hints that JSON cannot carry."""
    origin = typing.get_origin(hint)
    if origin is Annotated:
        return _marked(shape_of(hint.__origin__), hint.__metadata__)
    if origin in (Union, types.UnionType):
        return _union(typing.get_args(hint))
    if origin is Literal:
        return Choice(values=typing.get_args(hint))
    if hint is Any or hint is object:
        return Anything()
    if hasattr(hint, "__supertype__"):
        return shape_of(hint.__supertype__)
    return _generic(origin, typing.get_args(hint)) if origin else _plain(hint)


def _plain(hint: Any) -> Shape:
    if not isinstance(hint, type):
        raise TypeError(f"{hint!r} is not a type that JSON can carry")
    if issubclass(hint, Enum):
        return Enumeration(type=hint)
    if hint in _SCALARS:
        return Scalar(type=hint)
    if hint is Resource:
        return _any_resource()
    if is_dataclass(hint):
        return Record(type=hint)
    raise TypeError(f"{hint.__name__} is not a type that JSON can carry")


def _any_resource() -> Shape:
    """A resource whose kind only the value tells."""
    from . import KINDS

    return Either(options=tuple(Record(type=each) for each in KINDS.values()))


def _generic(origin: Any, arguments: tuple[Any, ...]) -> Shape:
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return Items(item=shape_of(arguments[0]))
    if origin is tuple:
        return Fixed(items=tuple(shape_of(each) for each in arguments))
    if origin in _ITEMS:
        return Items(item=shape_of(arguments[0]), type=_ITEMS[origin])
    if origin in _ENTRIES:
        return Entries(key=shape_of(arguments[0]), value=shape_of(arguments[1]))
    raise TypeError(f"{origin!r} is not a type that JSON can carry")


def _union(members: tuple[Any, ...]) -> Shape:
    options = tuple(shape_of(each) for each in members if each is not type(None))
    either = options[0] if len(options) == 1 else _flat(options)
    return Nullable(inner=either) if type(None) in members else either


def _flat(options: tuple[Shape, ...]) -> Shape:
    """A union of constants is one choice: `Phase | Literal[""]`."""
    if all(isinstance(each, Choice) for each in options):
        return Choice(values=tuple(v for each in options for v in cast(Choice, each).values))
    return Either(options=options)


def _marked(shape: Shape, given: tuple[Any, ...]) -> Shape:
    """Marks on a union are meant for its members, None apart."""
    marks = tuple(own for each in given if (own := _own(each)) is not None)
    if isinstance(shape, Nullable):
        return replace(shape, inner=_marked(shape.inner, marks))
    if isinstance(shape, Either):
        return replace(shape, options=tuple(_marked(each, marks) for each in shape.options))
    return replace(shape, marks=shape.marks + marks)


def _own(mark: Any) -> Any:
    """A mark of annotated-types as the one of ours that says the same; all others as they are."""
    if type(mark).__module__ != "annotated_types":
        return mark
    ours = _SAME.get(type(mark).__name__)
    return ours(*(getattr(mark, name) for name in ours.__dataclass_fields__)) if ours else None


_SAME: dict[str, Any] = {each.__name__: each for each in (Ge, Gt, Le, MinLen, MaxLen)}


def bounds(shape: Shape) -> dict[str, int]:
    """The limits of a number, those that it has: `ge`, `gt`, `le`; the last mark of each wins."""
    found: dict[str, int] = {}
    for mark in shape.marks:
        if isinstance(mark, Ge):
            found["ge"] = cast(int, mark.ge)
        elif isinstance(mark, Gt):
            found["gt"] = cast(int, mark.gt)
        elif isinstance(mark, Le):
            found["le"] = cast(int, mark.le)
    return found


def is_composed(shape: Shape) -> bool:
    """Whether values of this shape have parts: they are text only when written as JSON."""
    return isinstance(shape, Record | Fixed | Items)
