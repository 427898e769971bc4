"""From a draft, which is a portable document still in plain values, to a typed resource.

Converters write drafts in the words of portable documents, and say for each part from where in the
manifest it comes. The draft is then read like any document of ours, so no limit of the model can be
missed; what does not fit is told at the field of the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.model import Resource

from .. import decode, paths
from ..document import Document
from ..paths import Path
from ..spec import Place
from . import metadata
from .remarks import REJECT, Remark


@dataclass
class Draft:
    """A portable document in the making. `fields` as in Reading."""

    cls: type[Resource]
    metadata: dict[str, Any]
    spec: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def set(self, key: str, value: Any, *source: str | int) -> None:
        """Give the field `spec.<key>` a value that stands at `source` in the manifest."""
        if value is None:
            return
        self.spec[key] = value
        self.fields[f"spec.{key}"] = paths.text(source)


@dataclass(frozen=True)
class Finished:
    """What came of a draft: a resource, or remarks that say why there is none."""

    resource: Resource | None
    remarks: tuple[Remark, ...]
    fields: Mapping[str, str]


_ABOUT = {"LB018": "backends", "LB016": "routes"}  # code -> the portable field that it is about


def finish(document: Document, draft: Draft, *, own_words: bool = True) -> Finished:
    """The draft as a resource. Our own annotation goes before what was understood.

    Without `own_words` the annotation is not looked at: of a document with several resources it
    cannot be said which one is meant.
    """
    overlay, remarks = metadata.own_words(document) if own_words else ({}, [])
    annotation = paths.text(("metadata", "annotations", metadata.SPEC))
    fields = {**draft.fields, **{f"spec.{key}": annotation for key in overlay}}
    raw = {"metadata": draft.metadata, "spec": {**draft.spec, **overlay}}
    decoded = decode.typed(draft.cls, raw)
    place = Place(document, fields)
    said = {paths.parse(draft.fields.get(f"spec.{key}", f"spec.{key}")) for key in overlay}
    remarks = [*(each for each in draft.remarks if not _moot(each, overlay, said)), *remarks]
    for each in decoded.complaints:
        path = paths.parse(place.written_as(paths.text(each.path)))
        remarks.append(Remark(path, each.message, each.remedy, each.code))
    return Finished(decoded.value, tuple(remarks), fields)


def _moot(remark: Remark, overlay: Mapping[str, Any], said: set[Path]) -> bool:
    """Whether our own annotation says what the field could not; `said`: what stands elsewhere."""
    if remark.severity == REJECT or len(remark.path) < 2 or remark.path[0] != "spec":
        return False
    about = _ABOUT.get(remark.code, remark.path[1])
    return about in overlay or remark.path in said
