"""Limits on what is read, and a cheap look at text before any parser builds something from it.

A parser that recurses in C dies of deep nesting, and one that builds before it counts dies of many
small nodes. Both are bounded by what can be seen without parsing: every flow level needs a bracket,
every block level a column of indentation, every node a character. `is_harmless` says whether these
bounds are enough; where they are not, text.py counts events, which is exact and twice as slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .paths import Path


@dataclass(frozen=True)
class Limits:
    """How much is read, at most."""

    file_bytes: int = 10 * 2**20  # a file, or standard input
    documents: int = 100_000  # all files together
    depth: int = 64  # levels of one document; real manifests have 14
    nodes: int = 100_000  # scalars, lists and mappings of one document, aliases expanded
    aliases: int = 100  # uses of anchors in one document; real manifests have none


class Unreadable(Exception):
    """This text cannot be read; `line` is 1-based within it."""

    def __init__(self, message: str, line: int, remedy: str = "") -> None:
        self.message, self.line, self.remedy = message, line, remedy
        self.path: Path = ()  # where it stands, as far as that is known
        super().__init__(message)


_SAFE_LEVELS = 1000  # far below where recursion in C fails, in a thread with a small stack too
_SAFE_LENGTH = 2**16  # fewer nodes than characters, at some hundred bytes each

# An indentation of that many columns. The look behind keeps this linear: one try for each run.
_DEEP_BLOCK = re.compile(r"(?<![ \t?:-])[ \t?:-]{1000}")
_MARKER = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)


def is_harmless(text: str) -> bool:
    """Whether a parser may build `text` at once without being hurt by its depth or size."""
    return (
        len(text) <= _SAFE_LENGTH
        and text.count("[") + text.count("{") <= _SAFE_LEVELS
        and _DEEP_BLOCK.search(text) is None
    )


def chunks(text: str) -> Iterator[tuple[int, int]]:
    """The spans of `text` between document markers, so that one broken document breaks no other.

    A marker at the start of a line ends whatever stands before it, even inside quotes. Text with
    directives (`%TAG`) is one span, because they belong to the document that follows them.
    """
    if _DIRECTIVE.search(text):
        yield 0, len(text)
        return
    start = 0
    for match in _MARKER.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.start()
    if start < len(text):
        yield start, len(text)


def exceeded(limits: Limits, depth: int, line: int) -> Unreadable:
    """What to say when `depth`, or else the number of values, is over the limit."""
    if depth > limits.depth:
        return Unreadable(f"this is nested deeper than {limits.depth} levels", line)
    return Unreadable(
        f"this document has more than {limits.nodes} values", line, "split it into several"
    )


def measure(value: Any, limits: Limits) -> None:
    """Walk the tree that `value` stands for, shared branches once a use, up to the limits."""
    nodes, level = 0, [value]
    for depth in range(limits.depth + 2):
        if depth > limits.depth:
            raise exceeded(limits, depth, 1)
        following: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                following.extend(each.values())
                nodes += len(each)
            elif isinstance(each, list):
                following.extend(each)
            nodes += 1
            if nodes > limits.nodes or len(following) > limits.nodes:
                raise exceeded(limits, 0, 1)
        if not following:
            return
        level = following
