"""YAML and JSON text to plain values, with the line of every field, and plain values to YAML.

The only module that imports PyYAML: import it late. Reading composes nodes in C and builds values
from them here, in one pass that refuses what the limits, the safe tags and unique keys forbid.
Positions are not kept: `compose` reads the same text again when an error has to be placed.

Whatever PyYAML raises becomes `Unreadable`, with the line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml
from yaml.nodes import ScalarNode

from . import scalars, scan
from .building import PLAIN, build
from .complaints import said
from .scan import Limits, Unreadable, exceeded, measure

try:  # libyaml is optional in PyYAML
    from yaml._yaml import CParser as _Parser
    from yaml.cyaml import CSafeDumper as _Dumper
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    _Parser = yaml.SafeLoader  # type: ignore[assignment, misc]
    _Dumper = yaml.SafeDumper  # type: ignore[assignment, misc]


class _Reader(_Parser):
    """PyYAML's parser; it calls these for every node to find its tag."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        return PLAIN if kind is ScalarNode and implicit[0] else None

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Nothing here depends on where a node stands."""

    def ascend_resolver(self) -> None:
        """Nothing here depends on where a node stands."""


def read(text: str, limits: Limits) -> Iterator[tuple[Any, int]]:
    """The documents in `text`, each with the 0-based line of its first key.

    Raises Unreadable, after the documents before the broken one.
    """
    with _complaining(text):
        if not scan.is_harmless(text):
            _count(text, limits)
        reader = _Reader(text)
        while reader.check_node():
            root: Any = reader.get_node()
            yield build(root, limits, may_share="*" in text), root.start_mark.line


def read_json(text: str, limits: Limits) -> Any:
    """The value of JSON text. Raises ValueError for anything that YAML rules should look at."""
    if text.count(",") + text.count("[") + text.count("{") > limits.nodes:
        raise ValueError("too many nodes to be read at once")
    value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    if text.count("[") + text.count("{") > limits.depth:
        measure(value, limits)
    return value


_SEAM = re.compile(r"\}\s*\{")  # perhaps: it may stand in a text, too


def json_texts(text: str) -> Iterator[str]:
    """`text` cut where one JSON object ends and the next begins; whole where that cannot be."""
    start = 0
    while _SEAM.search(text, start):
        try:
            _, end = json.JSONDecoder().raw_decode(text, _object_at(text, start))
        except (ValueError, RecursionError):
            break
        yield text[start:end]
        start = end
    if text[start:].strip() or not start:
        yield text[start:]


def _object_at(text: str, start: int) -> int:
    """Where the next object begins; at the end of the text when there is none."""
    found = text.find("{", start)
    return found if found >= 0 and not text[start:found].strip() else len(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key is given twice")
    return entries


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def compose(text: str) -> list[Any]:
    """The node trees of all documents in `text` that can be read, for finding lines."""
    roots: list[Any] = []
    try:
        reader = _Reader(text)
        while reader.check_node():
            roots.append(reader.get_node())
    except (yaml.YAMLError, ValueError, RecursionError):
        return roots  # the document asked about may have come before the broken one
    return roots


def dump(documents: list[dict[str, Any]]) -> str:
    """`documents` as YAML that reads back equal: keys in their order, ambiguous text quoted."""
    return yaml.dump_all(
        documents,
        Dumper=_Writer,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        explicit_start=len(documents) > 1,
        width=100,
    )


# Line breaks other than \n, which YAML folds, and what cannot be printed.
_ODD = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class _Writer(_Dumper):
    """Writes no aliases, and quotes text that `scalars.plain` or PyYAML would not take for text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text_node(writer: _Writer, value: str) -> ScalarNode:
    style = None if type(scalars.plain(value)) is str and value else "'"
    if _ODD.search(value):
        style = '"'  # the only style that writes every character so that it reads back
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Writer.add_representer(str, _text_node)


@contextmanager
def _complaining(text: str) -> Iterator[None]:
    """Turn everything that PyYAML raises for bad text into Unreadable."""
    try:
        yield
    except (Unreadable, GeneratorExit):
        raise
    except Exception as error:  # noqa: BLE001 - PyYAML lets ValueError, IndexError ... escape
        raise said(error, text) from None


def _count(text: str, limits: Limits) -> None:
    """Look at events alone, which needs no recursion and no memory, and enforce the limits."""
    reader: Any = _Reader(text)
    depth = nodes = 0
    while not isinstance(event := reader.get_event(), yaml.StreamEndEvent):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            nodes = 0
        else:
            nodes += 1
        if depth > limits.depth or nodes > limits.nodes:
            raise exceeded(limits, depth, event.start_mark.line + 1)
