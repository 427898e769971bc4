"""How the fields of a dataclass read in a table: type, limits, default, what a change means."""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from cloudabstract.model.limits import (
    Change,
    Duration,
    Ge,
    Gt,
    Le,
    MaxLen,
    MinLen,
    Pattern,
    Quantity,
)

PLAIN = {str: "text", int: "integer", float: "number", bool: "true or false", Any: "anything"}


COLUMNS = ("type", "default", "change", "meaning")


@dataclass(frozen=True)
class Row:
    """One field, each column ready to print."""

    name: str
    type: str
    default: str
    change: str
    meaning: str


def rows(cls: type) -> list[Row]:
    """A row for each field of the dataclass `cls`."""
    hints = get_type_hints(cls, include_extras=True)
    notes = comments(cls)
    return [
        _row(each, hints[each.name], notes.get(each.name, "")) for each in dataclasses.fields(cls)
    ]


def comments(cls: type) -> dict[str, str]:
    """The comments that stand on the lines of `cls`'s fields or members, by name."""
    line = re.compile(r" +(\w+)(?:: | = ).*?  # (.+)")
    found = filter(None, map(line.match, inspect.getsource(cls).splitlines()))
    return {match[1]: match[2].replace("|", "\\|") for match in found}


def _row(field: dataclasses.Field[Any], hint: Any, note: str) -> Row:
    marks = _marks(hint)
    change = next((mark.value for mark in marks if isinstance(mark, Change)), "")
    meaning = next((each for each in map(_documentation, marks) if each), note)
    cells = shown(hint), _default(field), change, " ".join(meaning.split())
    return Row(field.name, *(cell.replace("|", "\\|") for cell in cells))


def _marks(hint: Any) -> tuple[Any, ...]:
    return hint.__metadata__ if get_origin(hint) is Annotated else ()


def _documentation(mark: Any) -> str:
    return str(getattr(mark, "documentation", ""))


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return "empty"
    if field.default is dataclasses.MISSING:
        return "required"
    if field.default is None:
        return "unset"
    if dataclasses.is_dataclass(field.default):
        return "its own defaults"
    if isinstance(field.default, tuple):
        return ", ".join(f"`{each}`" for each in field.default) or "empty"
    if field.default == "":
        return "empty"
    text = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
    return f"`{text}`"


def shown(hint: Any) -> str:
    """A type with its limits, in words."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _limited(hint)
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments if each != "")
    if origin in (Union, types.UnionType):
        return " or ".join(
            filter(None, (shown(each) for each in arguments if each is not type(None)))
        )
    if origin is tuple:
        return f"list of {shown(arguments[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"map of {shown(arguments[0])} to {shown(arguments[1])}"
    if hint in PLAIN:
        return PLAIN[hint]
    return f"`{hint.__name__}`" if inspect.isclass(hint) else f"`{hint}`"


def _limited(hint: Any) -> str:
    marks = _marks(hint)
    name = shown(get_args(hint)[0])
    if any(isinstance(mark, Quantity) for mark in marks):
        name = "quantity"
    if any(isinstance(mark, Duration) for mark in marks):
        name = "duration"
    limits = list(filter(None, (_limit(mark) for mark in marks)))
    return f"{name} ({'; '.join(limits)})" if limits else name


def _limit(mark: Any) -> str:
    match mark:
        case Ge(ge=low):
            return f"at least {low}"
        case Gt(gt=low):
            return f"more than {low}"
        case Le(le=high):
            return f"at most {high}"
        case MinLen(min_length=1):
            return "not empty"
        case MinLen(min_length=count):
            return f"{count} or more"
        case MaxLen(max_length=count):
            return f"at most {count} long"
        case Pattern(says=says):
            return says
    return ""
