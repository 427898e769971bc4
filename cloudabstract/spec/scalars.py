"""What unquoted YAML text means: the part of YAML 1.1 that nobody is surprised by.

`true`, `yes`, `on` and their opposites are truth values, as Kubernetes reads them; `12` and `0x1f`
are whole numbers, `1.5` is a number, `~`, `null` and nothing at all are null. All else stays text,
so that a field of text gets what was written and a field of numbers says what is wrong: dates,
`12:30` (base 60 in YAML 1.1), `1_000`, `010` (octal), `.inf`, `.nan`, `1e3`.
"""

from __future__ import annotations

import functools
import math
import re

_WORDS: dict[str, bool | None] = {
    spelling: value
    for word, value in {
        "null": None,
        "true": True,
        "yes": True,
        "on": True,
        "false": False,
        "no": False,
        "off": False,
    }.items()
    for spelling in (word, word.capitalize(), word.upper())
} | {"~": None, "": None}
_FIRST = frozenset("0123456789+-.~tTfFyYnNoO")  # what a word or a number can begin with
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,39})", re.ASCII)
_HEX = re.compile(r"[-+]?0x[0-9a-fA-F]{1,16}", re.ASCII)
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,40}\.[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?", re.ASCII
)

Value = str | int | float | bool | None


def plain(text: str) -> Value:
    """The value of an unquoted scalar."""
    if text and text[0] not in _FIRST:
        return text
    return _special(text) if len(text) <= 100 else text


@functools.lru_cache(maxsize=4096)
def _special(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


def tagged(tag: str, text: str) -> Value:
    """The value of a scalar with a tag of its own. Raises ValueError for an unsafe or wrong one."""
    kind = _TAGS.get(tag)
    if kind is None:
        raise ValueError(f"the tag {short(tag)} is not allowed; only plain YAML is read")
    if kind is str:
        return text
    value = plain(text)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{text[:40]!r} is not what its tag {short(tag)} says")
    return value


_PREFIX = "tag:yaml.org,2002:"
_TAGS: dict[str, type] = {
    _PREFIX + "str": str,
    _PREFIX + "int": int,
    _PREFIX + "float": float,
    _PREFIX + "bool": bool,
    _PREFIX + "null": type(None),
}
COLLECTIONS = frozenset({_PREFIX + "map", _PREFIX + "seq"})


def short(tag: str) -> str:
    """A tag as it is usually written: `!!set`."""
    return (tag.replace(_PREFIX, "!!", 1) if tag.startswith(_PREFIX) else tag)[:60]
