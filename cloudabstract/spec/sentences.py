"""One plain sentence for each way in which a value can fail to be what its field asks for.

Validation reports a type of failure and a place; the words are ours, made from the field's own
shape and from what was written there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from cloudabstract.model import format_duration, shapes
from cloudabstract.model.limits import MaxLen, MinLen, Pattern

from . import hints

Sentence = tuple[str, str]  # a message and a remedy, which may be ""


@dataclass(frozen=True)
class Case:
    """One failure."""

    type: str  # pydantic's name for it
    value: Any
    shape: shapes.Shape
    why: str = ""  # what a parser said
    written: str | None = None  # the text as it stands in the file, without quotes
    siblings: tuple[str, ...] = ()  # the fields that could stand beside this one
    name: str = ""  # of the field
    discreet: bool = False  # text may be a secret

    @property
    def shown(self) -> str:
        """The value as a reader of the file knows it."""
        if self.discreet and isinstance(self.value, str):
            return "this text"
        if self.written is None or isinstance(self.value, str):
            return shown(self.value)
        return self.written


def shown(value: Any) -> str:
    """A value in a message: short, and in the words of YAML."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else str(value)[:60]


def sentence(case: Case) -> Sentence:
    """What is wrong, and what to do about it."""
    if case.value is None and case.type != "unexpected_keyword_argument":
        return "is required, but nothing is written there", ""
    speaker = _SPEAKERS.get(case.type)
    return speaker(case) if speaker else (f"{case.shown} is not valid here", "")


def _missing(_: Case) -> Sentence:
    return "is required", ""


def _unknown(case: Case) -> Sentence:
    return "there is no such field", hints.unknown_field(case.name, case.siblings)


def _mapping(case: Case) -> Sentence:
    return f"{case.shown} stands where a mapping is expected", ""


def _list(case: Case) -> Sentence:
    remedy = "" if isinstance(case.value, dict) or case.discreet else f"write [{case.shown}]"
    return f"{case.shown} stands where a list is expected", remedy


def _too_few(case: Case) -> Sentence:
    least = case.shape.mark(MinLen)
    number = least.min_length if least else 1
    return "must not be empty" if number == 1 else f"needs at least {number} items", ""


def _too_many(case: Case) -> Sentence:
    most = case.shape.mark(MaxLen)
    return f"has {len(case.value)} items; at most {most.max_length if most else 0} are allowed", ""


def _text(case: Case) -> Sentence:
    if isinstance(case.value, bool):
        return f"{case.shown} is read as a truth value; text is expected", _quote(case)
    if isinstance(case.value, int | float):
        return f"{case.shown} is read as a number; text is expected", _quote(case)
    return f"{case.shown} stands where text is expected", ""


def _quote(case: Case) -> str:
    return f'quote it: "{case.shown}"'


def _empty(_: Case) -> Sentence:
    return "must not be empty", ""


def _too_long(case: Case) -> Sentence:
    most = case.shape.mark(MaxLen)
    limit = most.max_length if most else 0
    return f"has {len(case.value)} characters; at most {limit} are allowed", ""


def _pattern(case: Case) -> Sentence:
    pattern = case.shape.mark(Pattern)
    return f"{case.shown} must consist of {pattern.says if pattern else 'other characters'}", ""


def _whole(case: Case) -> Sentence:
    value = case.value
    if isinstance(value, str):
        digits = value.lstrip("+-")
        if digits.isascii() and digits.isdigit():
            if digits != "0" and digits.startswith("0"):
                remedy = "leave out the leading zero: some readers take it for octal"
            else:
                remedy = "leave out the quotes"
            return f"{case.shown} is text; a whole number is expected", remedy
    return f"{case.shown} is not a whole number", ""


def _number(case: Case) -> Sentence:
    return f"{case.shown} is not a number", ""


def _truth(case: Case) -> Sentence:
    remedy = "leave out the quotes" if case.value in ("true", "false") else ""
    return f"{case.shown} is neither true nor false", remedy


def _choice(case: Case) -> Sentence:
    if isinstance(case.shape, shapes.Enumeration):
        options = [str(each.value) for each in case.shape.type]
    else:
        options = [str(each) for each in cast(shapes.Choice, case.shape).values]
    near = hints.nearest(case.value, options) if isinstance(case.value, str) else ""
    if len(options) == 1:
        return f"{case.shown} is not {options[0]!r}", near
    return f"{case.shown} is not one of {', '.join(options)}", near


def _range(case: Case) -> Sentence:
    bounds = shapes.bounds(case.shape)
    is_duration = isinstance(case.shape, shapes.Scalar) and case.shape.is_duration
    text = {key: format_duration(n) if is_duration else str(n) for key, n in bounds.items()}
    value = case.shown.strip("'")
    if "ge" in text and "le" in text:
        return f"{value} is not between {text['ge']} and {text['le']}", ""
    if "gt" in text:
        return f"{value} is not greater than {text['gt']}", ""
    if "ge" in text:
        return f"{value} is less than {text['ge']}", ""
    return f"{value} is greater than {text.get('le', 'allowed')}", ""


def _quantity(case: Case) -> Sentence:
    message, _ = _parsed(case, "a quantity such as 64Mi, 10Gi or 1500M")
    return message, hints.quantity(case.value) if isinstance(case.value, str) else ""


def _duration(case: Case) -> Sentence:
    return _parsed(case, "a duration such as 10s, 1m30s or 2h")


def _parsed(case: Case, expected: str) -> Sentence:
    if "too large" in case.why:
        return case.why.split("; ")[0], ""
    return f"{case.shown} is not {expected}", ""


def _either(case: Case) -> Sentence:
    return f"{case.shown} is neither a number nor text", ""


def _own_words(case: Case) -> Sentence:
    return case.why or f"{case.shown} is not valid here", ""


_SPEAKERS: dict[str, Callable[[Case], Sentence]] = {
    "missing": _missing,
    "unexpected_keyword_argument": _unknown,
    "dataclass_type": _mapping,
    "dict_type": _mapping,
    "tuple_type": _list,
    "frozen_set_type": _list,
    "too_short": _too_few,
    "too_long": _too_many,
    "string_type": _text,
    "string_unicode": _text,
    "string_too_short": _empty,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _pattern,
    "int_type": _whole,
    "int_from_float": _whole,
    "int_parsing": _whole,
    "int_parsing_size": _whole,
    "float_type": _number,
    "float_parsing": _number,
    "finite_number": _number,
    "bool_type": _truth,
    "bool_parsing": _truth,
    "literal_error": _choice,
    "enum": _choice,
    "greater_than": _range,
    "greater_than_equal": _range,
    "less_than_equal": _range,
    "bounds": _range,
    "quantity": _quantity,
    "duration": _duration,
    "union_tag_invalid": _either,
    "union_tag_not_found": _either,
    "value_error": _own_words,
}
