"""Inputs to documents: files, folders, standard input and Python objects, none of them trusted yet.

`load` gives one `Document` for every document of every input, in order, also for those that cannot
be read: these carry the problem instead of a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, TextIO

from cloudabstract.errors import Problem
from cloudabstract.model import Resource, wire

from . import paths, scan, sources
from .document import Chunk, Document, Documents
from .scan import Limits, Unreadable

PYTHON = "<python>"  # the "file" of objects

Input = str | FilePath | Resource | Mapping[str, Any]


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
        for chunk in _parts(Chunk(source.text[start:end], before)):
            for each in _chunk(source.file, chunk, index, limits):
                yield each
                index += 1
        before += source.text.count("\n", start, end)


def _parts(chunk: Chunk) -> Iterator[Chunk]:
    """JSON texts that follow each other in one chunk, as tools write them; else the chunk."""
    from . import text

    before = chunk.before
    for part in text.json_texts(chunk.text) if chunk.is_json else [chunk.text]:
        yield Chunk(part, before)
        before += part.count("\n")


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
        broken = _broken(file, error.message, chunk.before + error.line, error.remedy)
        if error.path and broken.broken is not None:
            placed = replace(broken.broken, field=paths.text(error.path))
            broken = replace(broken, broken=placed)
        yield broken


def _flat(documents: Iterable[Document]) -> Iterator[Document]:
    """The items of a `kind: List` in its place; Lists in Lists too. An empty one stays.

    Kubernetes also has lists of one kind (`ServiceList`), whose items need not say what they are.
    """
    for each in documents:
        items = each.raw.get("items") if each.kind.endswith("List") else None
        if not isinstance(items, list) or not _is_list(each, items):
            yield each
            continue
        of_kind = each.kind.removesuffix("List")
        yield from _flat(
            Document(
                each.file,
                _item(item, each.api_version, of_kind) if of_kind else item,
                each.index,
                each.start,
                each.chunk,
                each.ordinal,
                (*each.prefix, "items", number),
            )
            for number, item in enumerate(items)
        )


def _is_list(document: Document, items: list[Any]) -> bool:
    """Whether these are objects, and not what some other kind calls its items."""
    if not items:
        return False
    return document.kind == "List" or all(isinstance(e, dict) and "metadata" in e for e in items)


def _item(item: Any, api_version: str, kind: str) -> Any:
    """An item of a typed list, with the kind that it need not say."""
    return {"apiVersion": api_version, "kind": kind, **item} if isinstance(item, dict) else item
