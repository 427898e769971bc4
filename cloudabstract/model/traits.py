"""What is known about every field: name in documents, default, limits, text, what a change means.

`fields(type)` lists the fields of one dataclass. `field_traits(type)` lists all of a resource with
their paths, lists as `[]` and mappings as `{}`: `spec.ports[].port`. `trait_at(type, path)` finds
one field by the path that it has in a document: `("spec", "ports", 0, "port")`.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from types import MappingProxyType
from typing import Any

from . import shapes
from .limits import Change

Path = Sequence[str | int]


@dataclass(frozen=True)
class FieldTrait:
    """One field of one dataclass."""

    name: str  # in Python: load_balancer_class
    key: str  # in documents: loadBalancerClass
    shape: shapes.Shape
    required: bool
    default: Any  # the value, made by the factory if there is one; None when required
    doc: str = ""
    change: Change | None = None  # None: changes in place
    compared: bool = True  # counts when two values are compared


def camel(name: str) -> str:
    """A Python name as documents write it: `client_ip` is `clientIP`."""
    head, *rest = name.split("_")
    return head + "".join("IP" if word == "ip" else word.capitalize() for word in rest)


@functools.cache
def fields(cls: type) -> tuple[FieldTrait, ...]:
    """The fields of a dataclass that can be given, in their order."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(_trait(each, hints[each.name]) for each in dataclasses.fields(cls) if each.init)


def _trait(field: dataclasses.Field[Any], hint: Any) -> FieldTrait:
    marks = getattr(hint, "__metadata__", ())
    texts = [text for each in marks if (text := getattr(each, "documentation", ""))]
    changes = [each for each in marks if isinstance(each, Change)]
    made = None if field.default_factory is MISSING else field.default_factory()
    return FieldTrait(
        name=field.name,
        key=camel(field.name),
        shape=shapes.shape_of(hint),
        required=field.default is MISSING and field.default_factory is MISSING,
        default=made if field.default is MISSING else field.default,
        doc=texts[-1] if texts else "",
        change=changes[-1] if changes else None,
        compared=field.compare,
    )


@functools.cache
def by_key(cls: type, *, python_names: bool = False) -> Mapping[str, FieldTrait]:
    """The fields of a dataclass by their names in documents, or in Python."""
    named = {each.name if python_names else each.key: each for each in fields(cls)}
    return MappingProxyType(named)


@functools.cache
def field_traits(cls: type) -> Mapping[str, FieldTrait]:
    """Every field of a dataclass and of all below it, by path; parents come before children."""
    return MappingProxyType(dict(_walk(cls, "")))


def _walk(cls: type, prefix: str) -> Iterator[tuple[str, FieldTrait]]:
    for each in fields(cls):
        path = f"{prefix}{each.key}"
        yield path, each
        shape, suffix = _innermost(each.shape)
        if isinstance(shape, shapes.Record):
            yield from _walk(shape.type, f"{path}{suffix}.")


def _innermost(shape: shapes.Shape) -> tuple[shapes.Shape, str]:
    """The shape inside all lists and mappings, and how a path goes through them."""
    if isinstance(shape, shapes.Nullable):
        return _innermost(shape.inner)
    if isinstance(shape, shapes.Items):
        inner, suffix = _innermost(shape.item)
        return inner, "[]" + suffix
    if isinstance(shape, shapes.Entries):
        inner, suffix = _innermost(shape.value)
        return inner, "{}" + suffix
    return shape, ""


def trait_at(cls: type, path: Path, *, python_names: bool = False) -> FieldTrait | None:
    """The field that `path` leads to or into; None when a name on the way is unknown."""
    found = _descend(cls, path, python_names)
    return found[0] if found else None


def shape_at(cls: type, path: Path, *, python_names: bool = False) -> shapes.Shape | None:
    """The shape of the value at `path`, None apart; None when there is no such field."""
    found = _descend(cls, path, python_names)
    return _open(found[1]) if found else None


def _descend(
    cls: type, path: Path, python_names: bool
) -> tuple[FieldTrait | None, shapes.Shape] | None:
    trait: FieldTrait | None = None
    here: shapes.Shape = shapes.Record(type=cls)
    for step in path:
        here = _open(here)
        if not isinstance(here, shapes.Record):
            here = _member(here)
            continue
        trait = by_key(here.type, python_names=python_names).get(str(step))
        if trait is None:
            return None
        here = trait.shape
    return trait, here


def _open(shape: shapes.Shape) -> shapes.Shape:
    return shape.inner if isinstance(shape, shapes.Nullable) else shape


def _member(shape: shapes.Shape) -> shapes.Shape:
    if isinstance(shape, shapes.Items):
        return shape.item
    if isinstance(shape, shapes.Entries):
        return shape.value
    return shapes.Anything()
