"""Who reads which documents: our own kinds, and formats of others that can be turned into ours.

A frontend takes the documents that it knows and says of each what becomes of it. It sees all of its
documents at once, because in other formats one resource may be spread over several documents (a
Kubernetes Ingress names Services). What no frontend takes is passed over, never an error: the same
folder may well hold other tools' files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cloudabstract.errors import Problem
from cloudabstract.model import Resource, ResourceKey

from .document import Document, Documents

Disposition = Literal["managed", "recognised", "unknown"]


@dataclass(frozen=True)
class Reading:
    """What became of one document.

    managed: we provision it. recognised: a known kind that is not ours to provision. unknown: a
    kind that nobody knows, or something that cannot be read. Only problems make a spec invalid.
    degraded and notes tell what of a foreign format is not honoured, or not as one may expect.
    """

    document: Document
    disposition: Disposition
    reason: str = ""  # why it is not managed
    resources: tuple[Resource, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    degraded: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    # ^ where the document calls a field otherwise: path in the resource -> path in the document;
    #   the longest one that fits counts, so that a few entries do
    fields_of: Mapping[ResourceKey, Mapping[str, str]] = field(default_factory=dict)
    # ^ the same where it differs between the resources of one document


class Frontend(Protocol):
    """Protocol: a format of documents."""

    def takes(self, document: Document) -> bool:
        """Whether this document is of the format, valid or not."""
        ...

    def read(self, documents: Sequence[Document]) -> Iterable[Reading]:
        """One reading for each of the documents, in their order."""
        ...


class Foreign:
    """The frontend of Kubernetes manifests, which is imported when the first one is read."""

    def takes(self, document: Document) -> bool:
        """Everything with an apiVersion, kinds that nobody knows too."""
        return bool(document.api_version)

    def read(self, documents: Sequence[Document]) -> Iterable[Reading]:
        """See cloudabstract.spec.kubernetes."""
        from .kubernetes import Kubernetes

        return Kubernetes().read(documents)


class Strangers:
    """The last frontend: takes everything, and passes it over."""

    def takes(self, document: Document) -> bool:
        """Everything that is left."""
        return True

    def read(self, documents: Sequence[Document]) -> Iterable[Reading]:
        """Unknown, with the reason."""
        for each in documents:
            yield Reading(each, "unknown", f"nothing here reads {each.api_version} {each.kind}")


_ADDED: list[Frontend] = []


def add(frontend: Frontend) -> None:
    """Let `frontend` take documents before those that were added earlier."""
    _ADDED.insert(0, frontend)


def installed() -> tuple[Frontend, ...]:
    """All frontends, in the order in which they are asked."""
    from .native import Native

    return (Native(), *_ADDED, Foreign(), Strangers())


def read(documents: Documents, frontends: Sequence[Frontend] | None = None) -> list[Reading]:
    """One reading for every document, in their order."""
    asked = installed() if frontends is None else frontends
    taken: dict[int, list[Document]] = {}
    for each in documents:
        number = next(n for n, frontend in enumerate(asked) if frontend.takes(each))
        taken.setdefault(number, []).append(each)
    readings = {
        id(reading.document): reading
        for number, group in taken.items()
        for reading in asked[number].read(group)
    }
    return [readings[id(each)] for each in documents]
