"""What a field of the model may hold, in words: for `explain` and `providers`."""

from __future__ import annotations

from collections.abc import Iterator

from cloudabstract.model import format_duration, format_quantity, shapes, traits
from cloudabstract.model.limits import Change, MaxLen, MinLen, Pattern

_CHANGES = {
    Change.IMMUTABLE: "It cannot change once the resource exists.",
    Change.REPLACE: "Changing it makes a new object beside the old one.",
    Change.PRIMARY: "The first item cannot change; others come and go.",
    Change.GROW: "It can grow and never shrink.",
}
_SCALARS = {str: "text", int: "integer", bool: "true or false", float: "number"}


def type_text(shape: shapes.Shape) -> str:
    """`text`, `list of Port`, `TCP or UDP`, `quantity` ..."""
    match shape:
        case shapes.Nullable(inner=inner):
            return type_text(inner)
        case shapes.Scalar() if shape.is_quantity:
            return "quantity"
        case shapes.Scalar() if shape.is_duration:
            return "duration"
        case shapes.Scalar(type=kind):
            return _SCALARS[kind]
        case shapes.Choice(values=values):
            return " or ".join(map(str, values))
        case shapes.Enumeration(type=members):
            return " or ".join(str(each.value) for each in members)
        case shapes.Record(type=cls):
            return cls.__name__
        case shapes.Items(item=item):
            return f"list of {type_text(item)}"
        case shapes.Entries(key=key, value=value):
            return f"map of {type_text(key)} to {type_text(value)}"
        case shapes.Either(options=options):
            return " or ".join(map(type_text, options))
    return "anything"


def limits(shape: shapes.Shape) -> Iterator[str]:
    """The limits of a value, each as a sentence."""
    if isinstance(shape, shapes.Nullable):
        yield from limits(shape.inner)
        return
    bounds = shapes.bounds(shape)
    if "ge" in bounds:
        yield f"At least {_amount(shape, bounds['ge'])}."
    if "gt" in bounds:
        yield f"More than {_amount(shape, bounds['gt'])}."
    if "le" in bounds:
        yield f"At most {_amount(shape, bounds['le'])}."
    for mark in shape.marks:
        if isinstance(mark, Pattern):
            yield f"Made of {mark.says}."
        if isinstance(mark, MaxLen):
            yield f"At most {mark.max_length} long."
        if isinstance(mark, MinLen) and mark.min_length:
            yield "Not empty." if mark.min_length == 1 else f"At least {mark.min_length} long."


def _amount(shape: shapes.Shape, number: int) -> str:
    """A number as documents write it where such a value stands."""
    if isinstance(shape, shapes.Scalar) and shape.is_duration:
        return format_duration(number)
    if isinstance(shape, shapes.Scalar) and shape.is_quantity:
        return format_quantity(number)
    return str(number)


def default_text(trait: traits.FieldTrait) -> str:
    """`-required-`, or the default as documents write it; "" when unset is the default."""
    if trait.required:
        return "required"
    default = trait.default
    if default is None or default == "" or default == () or default == {}:
        return ""
    shape = trait.shape.inner if isinstance(trait.shape, shapes.Nullable) else trait.shape
    if isinstance(default, bool):
        return f"default {str(default).lower()}"
    if isinstance(default, int):
        return f"default {_amount(shape, default)}"
    if isinstance(default, tuple):
        return f"default [{', '.join(map(str, default))}]"
    return "" if isinstance(shape, shapes.Record) else f"default {default}"


def change_text(trait: traits.FieldTrait) -> str:
    """What changing the field means; "" when it changes in place."""
    return _CHANGES[trait.change] if trait.change is not None else ""
