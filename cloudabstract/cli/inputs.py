"""What became of the documents that were given: each is accounted for once, provisioned or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cloudabstract.errors import Problem
    from cloudabstract.spec import Reading, Spec

DEGRADE, NOTE = "degrade", "note"


def documents(spec: Spec) -> list[dict[str, Any]]:
    """Every document with what becomes of it, for `plan -o json`."""
    return [_document(each) for each in spec.readings]


def _document(reading: Reading) -> dict[str, Any]:
    document = reading.document
    return {
        "file": document.file,
        "line": document.line,
        "kind": document.kind,
        "name": document.name,
        "namespace": document.namespace,
        "disposition": reading.disposition,
        "reason": reading.reason,
        "resources": [str(each.key) for each in reading.resources],
    }


def remarks(reading: Reading) -> Iterator[tuple[str, Problem]]:
    """What of a document is not honoured as it is written, with the severity of each."""
    yield from ((DEGRADE, each) for each in reading.degraded)
    yield from ((NOTE, each) for each in reading.notes)


def objections(spec: Spec) -> list[dict[str, Any]]:
    """The remarks of all documents, in the form of a plan's objections."""
    return [
        _objection(reading, severity, problem)
        for reading in spec.readings
        for severity, problem in remarks(reading)
    ]


def _objection(reading: Reading, severity: str, problem: Problem) -> dict[str, Any]:
    found = reading.resources[0].key if len(reading.resources) == 1 else problem.subject
    return {
        "code": problem.code,
        "field": problem.field,
        "message": problem.message,
        "alternative": problem.remedy,
        "severity": severity,
        "source": "document",
        "reason": "",
        "resource": str(found),
        "file": problem.file,
        "line": problem.line,
    }


def left_out(told: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Names of what is not provisioned, by kind; kinds that nobody knows are marked."""
    found: dict[str, list[str]] = {}
    for each in told:
        if each["disposition"] != "managed":
            mark = " (unknown)" if each["disposition"] == "unknown" else ""
            kind = each["kind"] or "(no kind)"
            space = each["namespace"]
            name = f"{space}/{each['name']}" if space and space != "default" else each["name"]
            found.setdefault(f"{kind}{mark}", []).append(name or "(no name)")
    return found
