"""What PyYAML says about bad text, put so that whoever wrote the text knows what to change."""

from __future__ import annotations

from typing import Any

import yaml

from .scan import Unreadable

_QUOTE = "quote text that has ': ', ' #' or a bracket in it"

# The parser's words, and ours with a remedy. The first one that is found in its sentence counts.
_SENTENCES = (
    ("mapping values are not allowed", "a ':' cannot stand here", f"indent it, or {_QUOTE}"),
    ("expected key", "the indentation does not fit the lines above", _QUOTE),
    ("expected '-'", "the indentation does not fit the list above", _QUOTE),
    ("expected ',' or ']'", "a '[' is not closed, or a ',' is missing", ""),
    ("expected ',' or '}'", "a '{' is not closed, or a ',' is missing", ""),
    ("expected node content", "a value is missing, or a bracket is not closed", ""),
    ("unexpected end of stream", "a quote is not closed", ""),
    ("unexpected document indicator", "a quote is not closed before the next document", ""),
    ("undefined alias", "this alias has no anchor before it", "quote text that begins with '*'"),
    ("unknown escape", "there is no such escape in double quotes", "use single quotes"),
    ("expected <document start>", "there is more text after the document's end", _QUOTE),
    ("block sequence entries are not allowed", "a '-' cannot stand here", "begin a new line"),
)


def said(error: Exception, text: str) -> Unreadable:
    """The complaint about `text` that `error`, raised by PyYAML or on its way, stands for."""
    if isinstance(error, yaml.MarkedYAMLError):
        return _marked(error, text)
    if isinstance(error, yaml.reader.ReaderError):
        return _unprintable(error, text)
    if isinstance(error, UnicodeError):
        return Unreadable("there is half of a surrogate pair in this text", 1)
    if isinstance(error, RecursionError):
        return Unreadable("this is nested too deeply", 1)
    return Unreadable(f"this is not valid YAML ({type(error).__name__})", 1)


def _marked(error: yaml.MarkedYAMLError, text: str) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    problem = str(error.problem or error.context or "")
    if "cannot start any token" in problem:
        return _bad_start(text, line, mark.column if mark else 0)
    opened = error.context_mark
    if opened and ("end of stream" in problem or line >= text.rstrip().count("\n") + 1):
        line = opened.line  # the end of the file says little; where it was opened says more
    line = min(line, text.rstrip().count("\n"))
    for words, message, remedy in _SENTENCES:
        if words in problem:
            return Unreadable(message, line + 1, remedy)
    return Unreadable(f"this is not valid YAML: {problem}", line + 1)


def _bad_start(text: str, line: int, column: int) -> Unreadable:
    lines = text.splitlines()
    found = lines[line][column : column + 1] if line < len(lines) else ""
    if found == "\t":
        return Unreadable("a tab cannot indent", line + 1, "use spaces")
    return Unreadable(f"text cannot begin with {found!r}", line + 1, "quote it")


def _unprintable(error: Any, text: str) -> Unreadable:
    position = min(error.position or 0, len(text))
    code = f"U+{ord(error.character):04X}" if isinstance(error.character, str) else "a byte"
    if isinstance(error.character, int):
        code = f"U+{error.character:04X}"
    line = text.count("\n", 0, position) + 1
    return Unreadable(f"there is a character that YAML does not allow ({code})", line, "remove it")
