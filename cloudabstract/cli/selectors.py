"""Label selectors as kubectl writes them: `app=shop,tier!=db,env in (prod,test),!old`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from cloudabstract.model import Requirement, Selector

_COMMA = re.compile(r",(?![^(]*\))")
_KEY = r"(?P<key>[A-Za-z0-9][\w./-]*)"
_SET = re.compile(rf"{_KEY}\s+(?P<operator>in|notin)\s*\((?P<values>[^()]*)\)")
_EQUAL = re.compile(rf"{_KEY}\s*(?P<operator>==|=|!=)\s*(?P<value>[\w.-]*)")
_EXISTS = re.compile(rf"(?P<not>!?)\s*{_KEY}")


def parse(text: str) -> Selector:
    """The selector that `text` stands for. Raises UsageError with the part that is not one."""
    return Selector(match_expressions=tuple(_requirements(text)))


def _requirements(text: str) -> Iterator[Requirement]:
    for each in filter(None, map(str.strip, _COMMA.split(text))):
        if match := _SET.fullmatch(each):
            values = tuple(value.strip() for value in match["values"].split(","))
            yield Requirement(match["key"], "In" if match["operator"] == "in" else "NotIn", values)
        elif match := _EQUAL.fullmatch(each):
            operator = match["operator"]
            yield Requirement(
                match["key"], "NotIn" if operator == "!=" else "In", (match["value"],)
            )
        elif match := _EXISTS.fullmatch(each):
            yield Requirement(match["key"], "DoesNotExist" if match["not"] else "Exists")
        else:
            raise click.UsageError(
                f"{each!r} is not a label selector; write it as in app=shop,env!=test,!old"
            )
