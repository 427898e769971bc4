"""Inputs to documents: files, folders, standard input and Python objects, none of them trusted yet.

`load` gives one `Document` for every document of every input, in order, also for those that cannot
be read: these carry the problem instead of a value. A document knows its file and line; the line of
any of its fields is looked up when somebody asks, by reading its text once more.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TextIO

from cloudabstract.errors import Problem
from cloudabstract.model import DEFAULT_NAMESPACE, Resource, wire

from . import paths, scan, sources
from .paths import Path
from .scan import Limits, Unreadable

PYTHON = "<python>"  # the "file" of objects

Input = str | FilePath | Resource | Mapping[str, Any]


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


def load(
    inputs: Input | Sequence[Input], *, stdin: TextIO | None = None, limits: Limits | None = None
) -> Documents:
    """Read every input. A str or Path is a file, a folder (its *.yaml, *.yml and *.json), or `-`.

    Never raises for what the inputs are like: unreadable ones are documents with a problem.
    """
    bounds = limits or Limits()
    several = [inputs] if isinstance(inputs, str | FilePath | Resource | Mapping) else inputs
    documents: list[Document] = []
    for each in _flat(_read(several, stdin, bounds)):
        documents.append(each)
        if len(documents) > bounds.documents:
            documents[-1] = _too_many(each.file, bounds)
            break
    return Documents(tuple(documents))


def _read(inputs: Iterable[Input], stdin: TextIO | None, limits: Limits) -> Iterator[Document]:
    seen: set[str] = set()
    for number, each in enumerate(inputs):
        if isinstance(each, Resource | Mapping):
            yield _object(each, number, limits)
            continue
        for source in sources.expand(str(each), stdin, limits):
            if source.identity and source.identity in seen:
                continue  # named twice, as a file and through its folder
            seen.add(source.identity)
            yield from _source(source, limits)


def _object(value: Resource | Mapping[str, Any], number: int, limits: Limits) -> Document:
    try:
        raw = dict(value) if isinstance(value, Mapping) else wire.to_document(value)
        scan.measure(raw, limits)
        return Document(PYTHON, raw, number)
    except Unreadable as error:
        return _broken(PYTHON, error.message, remedy=error.remedy)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"this {type(value).__name__} does not hold what its type says: {error}"
        return _broken(PYTHON, message)


def _broken(file: str, message: str, line: int = 0, remedy: str = "") -> Document:
    problem = Problem(message, file=file, line=line, remedy=remedy)
    return Document(file, None, start=line, broken=problem)


def _too_many(file: str, limits: Limits) -> Document:
    return _broken(file, f"there are more than {limits.documents} documents")


def _source(source: sources.Source, limits: Limits) -> Iterator[Document]:
    if source.problem:
        yield _broken(source.file, source.problem, source.line, source.remedy)
        return
    if source.text.count("\n---") > limits.documents:  # before any of them costs time
        yield _too_many(source.file, limits)
        return
    index = before = 0
    for start, end in scan.chunks(source.text):
        chunk = Chunk(source.text[start:end], before)
        for each in _chunk(source.file, chunk, index, limits):
            yield each
            index += 1
        before += source.text.count("\n", start, end)


def _chunk(file: str, chunk: Chunk, index: int, limits: Limits) -> Iterator[Document]:
    from . import text

    if chunk.is_json:
        try:
            raw = text.read_json(chunk.text, limits)
        except (ValueError, RecursionError, Unreadable):
            pass  # YAML's reader finds the place of what is wrong, and reads flow style
        else:
            blank = len(chunk.text) - len(chunk.text.lstrip())
            line = chunk.before + chunk.text.count("\n", 0, blank) + 1
            yield Document(file, raw, index, line, chunk)
            return
    try:
        for ordinal, (raw, line) in enumerate(text.read(chunk.text, limits)):
            if raw is not None:
                yield Document(file, raw, index + ordinal, chunk.before + line + 1, chunk, ordinal)
    except Unreadable as error:
        yield _broken(file, error.message, chunk.before + error.line, error.remedy)


def _flat(documents: Iterable[Document]) -> Iterator[Document]:
    """The items of a `kind: List` in its place; Lists in Lists too."""
    for each in documents:
        items = each.raw.get("items") if each.kind == "List" else None
        if not isinstance(items, list):
            yield each
            continue
        yield from _flat(
            Document(
                each.file,
                item,
                each.index,
                each.start,
                each.chunk,
                each.ordinal,
                (*each.prefix, "items", number),
            )
            for number, item in enumerate(items)
        )
