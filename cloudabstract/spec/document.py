"""One document as it was written: plain values, and where they stand.

A document knows its file and line; the line of any of its fields is looked up when somebody asks,
by reading its text once more.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.errors import Problem
from cloudabstract.model import DEFAULT_NAMESPACE

from . import paths
from .paths import Path


@dataclass(frozen=True, eq=False)
class Chunk:
    """A stretch of text that was read on its own: one document, rarely more."""

    text: str = ""
    before: int = 0  # lines of the file that come before it

    @functools.cached_property
    def roots(self) -> list[Any]:
        """The node trees of its documents, composed when a line is wanted."""
        from . import text

        # JSON may indent with tabs, YAML may not; inside of JSON text there are none.
        return text.compose(self.text.replace("\t", " ") if self.is_json else self.text)

    @property
    def is_json(self) -> bool:
        """Whether this looks like a JSON object or list."""
        return self.text.lstrip()[:1] in ("{", "[")


@dataclass(frozen=True, eq=False)
class Document:
    """One document as it was written: plain values, and where they stand."""

    file: str
    raw: Any  # None when it could not be read
    index: int = 0  # 0-based place in its file
    start: int = 0  # 1-based line of its first key; 0 for objects
    chunk: Chunk | None = None
    ordinal: int = 0  # which of the chunk's documents
    prefix: Path = ()  # where it stands in a List
    broken: Problem | None = None  # why it could not be read

    @property
    def line(self) -> int:
        """The line of the document's first key, 1-based; 0 when there are no lines."""
        return self.line_of(()) if self.prefix else self.start

    def line_of(self, path: Path) -> int:
        """The line of the field at `path`, or of the innermost thing around it that exists."""
        node = self._root()
        if self.chunk is None or node is None:
            return self.start
        line = node.start_mark.line
        for step in (*self.prefix, *path):
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return int(self.chunk.before + line + 1)

    def written(self, path: Path) -> str | None:
        """The unquoted text of the scalar at `path`; None for anything else."""
        node = self._root()
        for step in (*self.prefix, *path):
            found = _step(node, step) if node is not None else None
            node = found[1] if found else None
        return node.value if node is not None and isinstance(node.value, str) else None

    def is_plain(self, path: Path) -> bool:
        """Whether the scalar at `path` is written without quotes."""
        node = self._root()
        for step in (*self.prefix, *path):
            found = _step(node, step) if node is not None else None
            node = found[1] if found else None
        return isinstance(getattr(node, "value", None), str) and not node.style

    def has(self, path: Path) -> bool:
        """Whether something is written at `path`."""
        here = self.raw
        for step in path:
            try:
                here = here[step]
            except (IndexError, KeyError, TypeError):
                return False
        return True

    def _root(self) -> Any:
        roots = self.chunk.roots if self.chunk else []
        return roots[self.ordinal] if self.ordinal < len(roots) else None

    def text_of(self, key: str, *inside: str) -> str:
        """The text at a top-level key, or deeper; "" when there is none or it is no text."""
        value: Any = self.raw
        for step in (key, *inside):
            value = value.get(step) if isinstance(value, dict) else None
        return value if isinstance(value, str) else ""

    @property
    def api_version(self) -> str:
        """`apiVersion`, or ""."""
        return self.text_of("apiVersion")

    @property
    def kind(self) -> str:
        """`kind`, or ""."""
        return self.text_of("kind")

    @property
    def name(self) -> str:
        """`metadata.name`, or ""."""
        return self.text_of("metadata", "name")

    @property
    def namespace(self) -> str:
        """`metadata.namespace`, or ""."""
        return self.text_of("metadata", "namespace")

    @property
    def subject(self) -> str:
        """What problems call it: `LoadBalancer/web`, or as much of that as is written."""
        namespace = self.namespace if self.namespace != DEFAULT_NAMESPACE else ""
        return "/".join(each for each in (self.kind, namespace, self.name) if each)

    def problem(self, path: Path, message: str, *, code: str = "", remedy: str = "") -> Problem:
        """A problem with the field at `path`, with its place."""
        return Problem(
            message,
            file=self.file,
            line=self.line_of(path),
            subject=self.subject,
            field=paths.text(path),
            code=code,
            remedy=remedy,
        )


def _step(node: Any, step: str | int) -> tuple[int, Any] | None:
    """The line and node one step down: of a mapping the line of the key, of a list of the item."""
    children = node.value
    if isinstance(step, int):
        if isinstance(children, list) and step < len(children) and hasattr(children[step], "value"):
            return children[step].start_mark.line, children[step]
        return None
    for pair in children if isinstance(children, list) else ():
        if isinstance(pair, tuple) and pair[0].value == step:
            return pair[0].start_mark.line, pair[1]
    return None


@dataclass(frozen=True)
class Documents:
    """All documents of all inputs, in the order in which they were given."""

    documents: tuple[Document, ...] = field(default=())

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why some of them could not be read."""
        return tuple(each.broken for each in self.documents if each.broken)
