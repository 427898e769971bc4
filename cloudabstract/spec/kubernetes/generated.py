"""Names for manifests that leave theirs to a cluster: `generateName: web-` is web-1, then web-2.

A cluster would give another name each time. What is provisioned has to be found again, so here the
same input gives the same names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..document import Document
from . import kinds
from .lookup import at, mapping, text

_LONGEST = 58  # characters that Kubernetes keeps of a prefix


def named(documents: Sequence[Document]) -> list[Document]:
    """`documents`, in which those without a name that may have any have one."""
    taken = {_seat(each, each.name) for each in documents}
    numbered: dict[tuple[str, ...], Iterator[str]] = {}  # goes on where it stopped
    found = []
    for each in documents:
        prefix = text(each.raw, "metadata", "generateName")
        if not prefix or at(each.raw, "metadata", "name"):
            found.append(each)
            continue
        names = numbered.setdefault(_seat(each, prefix), _names(prefix))
        name = next(one for one in names if _seat(each, one) not in taken)
        taken.add(_seat(each, name))
        metadata = {**mapping(each.raw, "metadata"), "name": name}
        found.append(replace(each, raw={**each.raw, "metadata": metadata}))
    return found


def _names(prefix: str) -> Iterator[str]:
    return (f"{prefix[:_LONGEST]}{number}" for number in itertools.count(1))


def _seat(document: Document, name: str) -> tuple[str, ...]:
    return kinds.group_of(document), document.kind, document.namespace, name
