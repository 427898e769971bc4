"""The frontend of Kubernetes manifests: what becomes of each document of an input.

All documents are looked at together first, because they refer to each other; then each is read on
its own. One that is written again later is passed over: when both are applied, the last one stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..document import Document
from ..frontends import Reading
from . import classes, generated, kinds
from .neighbours import Neighbours, key_of
from .reader import Reader

_WITHOUT_NAMESPACE = ("PersistentVolume", "StorageClass", "VolumeAttributesClass")


class Kubernetes:
    """Protocol Frontend, for documents of other groups than ours."""

    def takes(self, document: Document) -> bool:
        """Every document with an apiVersion."""
        return bool(document.api_version)

    def read(self, documents: Sequence[Document]) -> list[Reading]:
        """One reading for each of the documents, in their order."""
        named = generated.named(documents)
        return [
            replace(reading, document=each)
            for each, reading in zip(documents, self._read(named), strict=True)
        ]

    def _read(self, documents: Sequence[Document]) -> list[Reading]:
        last = {_identity(each): each for each in documents}
        near = Neighbours.of(documents)
        defaults = [each for each in last.values() if _is_default_class(each)]
        reader = Reader(near, defaults[-1] if defaults else None)
        return [reader.read(each, last[_identity(each)]) for each in documents]


def _identity(document: Document) -> tuple[str, ...]:
    """What makes two documents one object; nothing does without a name."""
    if not document.name:
        return (str(id(document)),)
    namespace, name = key_of(document)
    place = "" if document.kind in _WITHOUT_NAMESPACE else namespace
    return kinds.group_of(document), document.kind, place, name


def _is_default_class(document: Document) -> bool:
    return document.kind == "StorageClass" and classes.is_default(document)
