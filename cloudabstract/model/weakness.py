"""What a resource cannot be, though somebody asked for it in another format's words.

A manifest may ask for what no portable field says. Whoever reads it notes that on the resource, as
an annotation, so that plans, histories and its status tell of it for as long as it is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import TypeVar

from .annotations import DEGRADED
from .resource import Metadata, Resource

R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class Weakness:
    """One field that is not honoured, or not in full; `field` is that of the document."""

    code: str
    field: str
    message: str
    remedy: str = ""


def weaknesses(metadata: Metadata) -> tuple[Weakness, ...]:
    """What is noted. Raises ValueError when the annotation is not what `weakened` writes."""
    text = metadata.annotations.get(DEGRADED)
    if text is None:
        return ()
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or not all(map(_is_entry, entries)):
        raise ValueError("is not a list of [code, field, message, remedy], all of them texts")
    return tuple(Weakness(*each) for each in entries)


def weakened(resource: R, found: Sequence[Weakness]) -> R:
    """`resource` with a note of `found`, unless it has one.

    A manifest with a note was written from a resource, and says what the first one had asked for.
    """
    metadata = resource.metadata
    if not found or DEGRADED in metadata.annotations:
        return resource
    text = json.dumps([astuple(each) for each in dict.fromkeys(found)], separators=(",", ":"))
    annotations = {**metadata.annotations, DEGRADED: text}
    return replace(resource, metadata=replace(metadata, annotations=annotations))


def _is_entry(entry: object) -> bool:
    """Whether a value from JSON is one weakness."""
    words = entry if isinstance(entry, list) else []
    return len(words) == len(fields(Weakness)) and all(isinstance(word, str) for word in words)
