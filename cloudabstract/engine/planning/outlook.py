"""What will be known of each part once a plan has run, as far as it can be known before. Pure.

A part that will be made has values nobody knows yet; one that will be updated has the new ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cloudabstract.engine.finding import fields
from cloudabstract.engine.finding.fields import Delta
from cloudabstract.engine.finding.match import Matched
from cloudabstract.engine.wanting.parts import NamedPart
from cloudabstract.provider import Found, PartKey


class Outlook:
    """The found side, changed as the plan is made."""

    def __init__(self, matched: Matched) -> None:
        self._matched = matched
        self._new: set[PartKey] = set()
        self._adopted: dict[PartKey, Found] = {}
        self._updated: dict[PartKey, Mapping[str, Any]] = {}

    def will_be_made(self, key: PartKey) -> None:
        """There will be a new object for `key`."""
        self._new.add(key)

    def will_be_adopted(self, key: PartKey, found: Found) -> None:
        """`found`, which is not ours yet, will be."""
        self._adopted[key] = found

    def will_be_set(self, key: PartKey, values: Mapping[str, Any]) -> None:
        """These fields of the object will change; UNKNOWN may be among the values."""
        self._updated[key] = values

    def exists(self, key: PartKey) -> bool:
        """Whether there is an object, or will be."""
        return key in self._new or key in self._matched.found or key in self._adopted

    def known(self, key: PartKey) -> Found | None:
        """What will be found of a part; None when that is not known yet."""
        if key in self._new:
            return None
        found = self._matched.found.get(key) or self._adopted.get(key)
        changed = self._updated.get(key)
        if found is None or changed is None:
            return found
        return replace(found, fields={**found.fields, **changed})

    def filled(self, named: NamedPart) -> dict[str, Any]:
        """The wanted fields of a part, refs followed; UNKNOWN where they lead to something new."""
        return {name: fields.fill(value, self.known) for name, value in named.part.want.items()}

    def differences(
        self, named: NamedPart, found: Found, ignored: frozenset[str]
    ) -> dict[str, Delta]:
        """The wanted fields of a part of which `found` has another value."""
        return fields.differences(self.filled(named), found.fields, ignored)
