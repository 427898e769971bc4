"""Our own documents: `apiVersion: cloudabstract.dev/v1`, or none at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cloudabstract.errors import Problem
from cloudabstract.model import API_VERSION, KINDS, Resource

from . import decode, hints
from .decode import Complaint
from .document import Document
from .frontends import Reading
from .paths import Path

_GROUP = API_VERSION.split("/", maxsplit=1)[0]
_CODES: dict[Path, str] = {
    ("spec", "dataSource", "kind"): "CL004"
}  # of the portable contract, by field
_TOP = ("apiVersion", "kind", "metadata", "spec", "status")


class Native:
    """The frontend of the portable kinds."""

    def takes(self, document: Document) -> bool:
        """Documents of our group, and everything without an apiVersion that makes sense."""
        raw = document.raw
        if not isinstance(raw, dict):
            return True
        version = raw.get("apiVersion")
        if version == API_VERSION or not isinstance(version, str) or not version:
            return True
        return version.split("/")[0] == _GROUP or _is_misspelt(version)

    def read(self, documents: Sequence[Document]) -> Iterable[Reading]:
        """Typed resources, or every problem there is."""
        return map(_read, documents)


def _is_misspelt(version: str) -> bool:
    return version.casefold().replace("-", "").startswith("cloudabstract")


def _read(document: Document) -> Reading:
    if document.broken:
        return Reading(document, "unknown", "it cannot be read", problems=(document.broken,))
    raw = document.raw
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if kind == "List" and raw.get("items") == []:
        return Reading(document, "recognised", "it is an empty list")
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        return _unknown(document, kind)
    complaints = tuple(_around(raw, cls))
    decoded = decode.typed(
        cls,
        {key: raw[key] for key in ("metadata", "spec") if key in raw},
        written=document.written,
    )
    complaints += decoded.complaints
    warnings: tuple[Problem, ...] = ()
    if raw.get("status") is not None:
        said = "the status is written by cloudabstract; what stands here is not looked at"
        warnings = (document.problem(("status",), said),)
    resources = (decoded.value,) if decoded.value is not None and not complaints else ()
    problems = tuple(_placed(document, each) for each in complaints)
    return Reading(document, "managed", "", resources, problems, warnings)


def _unknown(document: Document, kind: Any) -> Reading:
    path, message, remedy = _complaint_about_kind(document.raw, kind)
    problem = document.problem(path, message, remedy=remedy)
    reason = ": ".join((*path, message))
    return Reading(document, "unknown", reason, problems=(problem,))


def _complaint_about_kind(raw: Any, kind: Any) -> tuple[tuple[str, ...], str, str]:
    shape = "write apiVersion, kind, metadata and spec"
    if not isinstance(raw, dict):
        what = "a list" if isinstance(raw, list) else "no more than one value"
        return (), f"a document is a mapping; this is {what}", shape
    if kind is None:
        known = ", ".join(KINDS)
        return ("kind",), "is required", f"one of {known}" if raw else shape
    if not isinstance(kind, str):
        return ("kind",), "the kind must be text", ""
    near = hints.nearest(kind, KINDS)
    foreign = "" if "apiVersion" in raw else "documents of other tools need their apiVersion"
    return ("kind",), f"there is no kind {kind[:60]!r} in {API_VERSION}", near or foreign


def _around(raw: dict[str, Any], cls: type[Resource]) -> Iterator[Complaint]:
    """What can be wrong outside of `metadata` and `spec`, and with having a namespace at all."""
    version = raw.get("apiVersion")
    if version not in (None, "", API_VERSION):
        shown = repr(version) if isinstance(version, str) else "this"
        yield Complaint(
            ("apiVersion",), f"{shown} is not a version of ours", f"write {API_VERSION}"
        )
    for key in raw:
        if key not in _TOP:
            yield Complaint((key,), "there is no such field", _misplaced(key))
    metadata = raw.get("metadata")
    if not cls.NAMESPACED and isinstance(metadata, dict) and metadata.get("namespace") is not None:
        message = f"a {cls.KIND} has no namespace: it is there for all of them"
        yield Complaint(("metadata", "namespace"), message, "leave it out")


def _misplaced(key: Any) -> str:
    if key in ("name", "namespace", "labels", "annotations"):
        return f"it belongs below metadata: metadata.{key}"
    return hints.nearest(str(key), _TOP)


def _placed(document: Document, complaint: Complaint) -> Problem:
    code = complaint.code or _CODES.get(complaint.path, "")
    return document.problem(complaint.path, complaint.message, code=code, remedy=complaint.remedy)
