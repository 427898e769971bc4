"""Model types compiled to validators that check every field and report all problems at once.

The only module that imports pydantic's core: import it late. The core gets its schema straight from
the model's shapes. Going through pydantic itself would say the same, but its import, and building
its adapters, cost more than everything else that `validate` does.

Nothing is converted on the way: text is no number, a number is no text, and a truth value is
neither. Only quantities and durations, written as text, become the integers that they stand for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from pydantic_core import PydanticCustomError, SchemaValidator, ValidationError, core_schema

from cloudabstract.model import quantity, shapes, traits
from cloudabstract.model.limits import MaxLen, MinLen, Pattern
from cloudabstract.model.resource import Tuples

__all__ = ["ValidationError", "validator"]

Schema = core_schema.CoreSchema


@functools.cache
def validator(cls: Any, *, python_names: bool = False) -> SchemaValidator:
    """The validator of a dataclass; its fields are called as in documents, or as in Python."""
    return SchemaValidator(_record(cls, python_names))


def _schema(shape: shapes.Shape, python_names: bool) -> Schema:
    match shape:
        case shapes.Nullable(inner=inner):
            return core_schema.nullable_schema(_schema(inner, python_names))
        case shapes.Record(type=cls):
            return _record(cls, python_names)
        case shapes.Scalar():
            return _scalar(shape)
        case shapes.Choice(values=values):
            return core_schema.literal_schema(list(values))
        case shapes.Enumeration(type=enumeration):
            return core_schema.enum_schema(enumeration, list(enumeration))
        case shapes.Items(item=item):
            return _items(shape, _schema(item, python_names))
        case shapes.Entries(key=key, value=value):
            return core_schema.dict_schema(_schema(key, python_names), _schema(value, python_names))
        case shapes.Either(options=options):
            return _either(options, python_names)
        case shapes.Anything():
            return core_schema.any_schema()
    raise TypeError(f"documents have no form for {shape}")


def _record(cls: type, python_names: bool) -> Schema:
    fields = [_field(each, python_names) for each in traits.fields(cls)]
    arguments = core_schema.dataclass_args_schema(cls.__name__, fields, extra_behavior="forbid")
    names = [each.name for each in traits.fields(cls)]
    # The core makes tuples itself; any other __post_init__ has something to say.
    after = getattr(cls, "__post_init__", None) not in (None, Tuples.__post_init__)
    return core_schema.dataclass_schema(cls, arguments, names, frozen=True, post_init=after)


def _field(trait: traits.FieldTrait, python_names: bool) -> core_schema.DataclassField:
    schema = _schema(trait.shape, python_names)
    if isinstance(trait.default, dict):
        default = trait.default
        schema = core_schema.with_default_schema(schema, default_factory=lambda: dict(default))
    elif not trait.required:
        schema = core_schema.with_default_schema(schema, default=trait.default)
    alias = trait.name if python_names else trait.key
    return core_schema.dataclass_field(trait.name, schema, validation_alias=alias)


def _items(shape: shapes.Items, item: Schema) -> Schema:
    shortest, longest = shape.mark(MinLen), shape.mark(MaxLen)
    least = shortest.min_length if shortest else None
    most = longest.max_length if longest else None
    if shape.type is frozenset:
        return core_schema.frozenset_schema(item, min_length=least, max_length=most)
    return core_schema.tuple_schema(
        [item], variadic_item_index=0, min_length=least, max_length=most
    )


def _either(options: tuple[shapes.Shape, ...], python_names: bool) -> Schema:
    """Told apart by the type of the value, so that the problem is about the one that was meant."""
    choices = {_name(each): _schema(each, python_names) for each in options}
    return core_schema.tagged_union_schema(choices, lambda value: type(value).__name__)


def _name(shape: shapes.Shape) -> str:
    return shape.type.__name__ if isinstance(shape, shapes.Scalar) else "dict"


def _scalar(shape: shapes.Scalar) -> Schema:
    if shape.is_quantity:
        return _parsed(shape, quantity.parse_quantity, "quantity")
    if shape.is_duration:
        return _parsed(shape, quantity.parse_duration, "duration")
    limits: Any = shapes.bounds(shape)
    if shape.type is int:
        return core_schema.int_schema(strict=True, **limits)
    if shape.type is float:
        return core_schema.float_schema(allow_inf_nan=False, **limits)
    if shape.type is bool:
        return core_schema.bool_schema(strict=True)
    return _text(shape)


def _text(shape: shapes.Scalar) -> Schema:
    shortest, longest = shape.mark(MinLen), shape.mark(MaxLen)
    pattern = shape.mark(Pattern)
    return core_schema.str_schema(
        strict=True,
        min_length=shortest.min_length if shortest else None,
        max_length=longest.max_length if longest else None,
        pattern=f"^(?:{pattern.regex})$" if pattern else None,
    )


def _parsed(shape: shapes.Scalar, parse: Callable[[str | int], int], name: str) -> Schema:
    """Text or a whole number, parsed, then held to the limits of the parsed number."""
    limits = shapes.bounds(shape)
    smallest = limits.get("ge", limits.get("gt", -(2**63)) + ("gt" in limits))
    largest = limits.get("le", 2**63 - 1)
    remembered = functools.lru_cache(maxsize=1024)(parse)

    def read(value: Any) -> int:
        if type(value) is float and name == "quantity":
            value = repr(value)
        if type(value) is not str and type(value) is not int:
            raise PydanticCustomError(name, "not one")
        try:
            number = remembered(value)
        except ValueError as error:
            raise PydanticCustomError(name, "{why}", {"why": str(error)}) from None
        if not smallest <= number <= largest:
            raise PydanticCustomError("bounds", "out of bounds")
        return number

    return core_schema.no_info_plain_validator_function(read)
