"""Filter expressions of lists: the AIP-160 kind, and the older kind with regular expressions.

    name = web                      (status = READY) (sizeGb > 10)
    labels.app = shop AND labels.tier : *
    name eq web-.*                  (name eq "web.*") (zone ne .*-b)

Expressions side by side mean AND. OR binds tighter than AND, as AIP-160 has it; Compute Engine's
own word on that could not be found. The two kinds cannot be mixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from cloudabstract.testing.gce import comparisons, errors, fieldpaths

Predicate = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<paren>[()])|(?P<minus>-)(?=[\w(])|(?P<word>AND|OR|NOT)\b(?!\s*[=!<>:])"
    r"|(?P<field>[A-Za-z_][\w.\-]*)\s*(?P<operator><=|>=|!=|=|:|<|>)\s*"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s()]+))"
)
_LEGACY = re.compile(r"(?:^|\()\s*[\w.\-]+\s+(?:eq|ne)\s")
_LEGACY_ONE = re.compile(r"\s*([\w.\-]+)\s+(eq|ne)\s+(.+?)\s*")


def parse(text: str, known: Mapping[str, Any]) -> Predicate:
    """What `text` selects; `known` are the fields of the resource.

    Raises ApiError 400 for text that is no filter, and for a field the resource does not have.
    """
    if not text.strip():
        return lambda _: True
    if _LEGACY.search(text):
        return _legacy(text, known)
    return _Parser(text, known).parse()


class _Parser:
    def __init__(self, text: str, known: Mapping[str, Any]) -> None:
        self.text, self.known, self.at = text, known, 0
        self.token: re.Match[str] | None = None
        self._next()

    def parse(self) -> Predicate:
        predicate = self._all()
        if self.token is not None or self.text[self.at :].strip():
            raise _bad(self.text)
        return predicate

    def _next(self) -> re.Match[str] | None:
        done, self.token = self.token, _TOKEN.match(self.text, self.at)
        if self.token:
            self.at = self.token.end()
        return done

    def _is(self, group: str, value: str) -> bool:
        return self.token is not None and self.token[group] == value

    def _all(self) -> Predicate:
        parts = [self._any()]
        while self.token is not None and not self._is("paren", ")"):
            if self._is("word", "AND"):
                self._next()
            parts.append(self._any())
        return lambda item: all(part(item) for part in parts)

    def _any(self) -> Predicate:
        parts = [self._one()]
        while self._is("word", "OR"):
            self._next()
            parts.append(self._one())
        return lambda item: any(part(item) for part in parts)

    def _one(self) -> Predicate:
        if self._is("word", "NOT") or self._is("minus", "-"):
            self._next()
            inner = self._one()
            return lambda item: not inner(item)
        if self._is("paren", "("):
            self._next()
            inner = self._all()
            if not self._is("paren", ")"):
                raise _bad(self.text)
            self._next()
            return inner
        token = self._next()
        if token is None or token["field"] is None:
            raise _bad(self.text)
        _known(token["field"], self.known, self.text)
        return _restriction(token["field"], token["operator"], _unquoted(token["value"]))


def _restriction(field: str, operator: str, wanted: str) -> Predicate:
    if operator == "!=":
        return lambda item: (
            not any(comparisons.equal(v, wanted) for v in fieldpaths.values(item, field))
        )
    test = comparisons.TESTS[operator]
    return lambda item: any(test(value, wanted) for value in fieldpaths.values(item, field))


def _legacy(text: str, known: Mapping[str, Any]) -> Predicate:
    groups = re.findall(r"\(((?:[^()]|\([^()]*\))*)\)", text) if text.lstrip()[0] == "(" else [text]
    parts = []
    for group in groups:
        match = _LEGACY_ONE.fullmatch(group)
        if match is None:
            raise _bad(text)
        _known(match[1], known, text)
        parts.append(_pattern(match[1], match[2] == "eq", _unquoted(match[3]), text))
    return lambda item: all(part(item) for part in parts)


def _pattern(field: str, equal: bool, literal: str, text: str) -> Predicate:
    try:
        expression = re.compile(literal)
    except re.error as error:
        raise _bad(text) from error

    def test(item: Mapping[str, Any]) -> bool:
        found = fieldpaths.values(item, field)
        return equal == any(expression.fullmatch(str(value)) for value in found)

    return test


def _known(field: str, known: Mapping[str, Any], text: str) -> None:
    if field.partition(".")[0] not in known:
        raise _bad(text)


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def _bad(text: str) -> errors.ApiError:
    return errors.invalid("filter", text, "Invalid list filter expression.")
