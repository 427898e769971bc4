"""What stands in a description: people's words, the owner's mark, and notes.

A description is the one place where nearly every object of Google's can be written on. What is ours
there is JSON, and people's own words are kept in it:

    {"cloudabstract": {"stack": "shop", ...}, "cloudabstract-notes": {...}, "description": "words"}

Notes are about other objects, which cannot be written on once they exist (endpoint groups, target
proxies): each driver says what its notes mean. A mark that is there and empty says "nobody's": it
overrules what was written at birth where that cannot be taken away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MARK, NOTES, WORDS = "cloudabstract", "cloudabstract-notes", "description"
_PLACE = "place"


@dataclass(frozen=True)
class Description:
    """One description, read. `mark` has the owner's labels and the place; None if there is none."""

    words: str = ""
    mark: Mapping[str, str] | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Description:
        """From the text of a description, whoever wrote it."""
        try:
            told = json.loads(text or "{}")
        except ValueError:
            told = None
        if not isinstance(told, dict) or not {MARK, NOTES} & told.keys():
            return cls(text)
        mark, notes = told.get(MARK), told.get(NOTES)
        return cls(
            str(told.get(WORDS, "")),
            {str(key): str(it) for key, it in mark.items()} if isinstance(mark, dict) else None,
            notes if isinstance(notes, dict) else {},
        )

    def marked(self, labels: Mapping[str, str], place: str) -> Description:
        """The same with another owner; without labels it has none."""
        return replace(self, mark=mark_of(labels, place) or None)

    def noted(self, key: str, note: Any) -> Description:
        """The same with another note; None takes it away."""
        kept = {name: it for name, it in self.notes.items() if name != key}
        return replace(self, notes=kept if note is None else {**kept, key: note})

    def text(self) -> str:
        """As it is written; people's words alone where nothing is ours."""
        if self.mark is None and not self.notes:
            return self.words
        told: dict[str, Any] = {} if self.mark is None else {MARK: dict(self.mark)}
        told |= {NOTES: dict(self.notes)} if self.notes else {}
        told |= {WORDS: self.words} if self.words else {}
        return json.dumps(told, sort_keys=True, separators=(",", ":"))


def mark_of(labels: Mapping[str, str], place: str) -> dict[str, str]:
    """Labels and place as a mark; empty without labels."""
    return {**labels, _PLACE: place} if labels else {}


def owner_of(mark: Mapping[str, str] | None) -> tuple[dict[str, str], str]:
    """(owner's labels, place) of a mark."""
    labels = dict(mark or {})
    return labels, labels.pop(_PLACE, "")
