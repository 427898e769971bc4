"""Every document of every input with what is to be said about it: for `validate`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudabstract.errors import Problem

if TYPE_CHECKING:
    from cloudabstract.spec import Document, Reading

REJECT, WARNING = "reject", "warning"


@dataclass(frozen=True)
class Remark:
    """Something said about a document; with severity "reject" it makes the spec invalid."""

    problem: Problem
    severity: str = REJECT


@dataclass(frozen=True)
class Verdict:
    """One document, and all remarks about it."""

    reading: Reading
    remarks: tuple[Remark, ...]


def verdicts(readings: Sequence[Reading], remarks: Iterable[Remark]) -> list[Verdict]:
    """A verdict for every document; each remark goes to the document it stands in."""
    told: dict[int, list[Remark]] = {number: [] for number in range(len(readings))}
    owners = {
        id(problem): number
        for number, each in enumerate(readings)
        for problem in (*each.problems, *each.warnings, *each.degraded, *each.notes)
    }
    for each in remarks:
        owner = owners.get(id(each.problem))
        number = _standing_in(readings, each.problem) if owner is None else owner
        told[number].append(each)
    return [Verdict(reading, tuple(told[number])) for number, reading in enumerate(readings)]


def _standing_in(readings: Sequence[Reading], problem: Problem) -> int:
    """The last document of the file that begins at or before the problem's line."""
    best = 0
    for number, reading in enumerate(readings):
        document = reading.document
        same = document.file == problem.file and document.line <= max(problem.line, 1)
        if same and (_named(document, problem) or not _named(readings[best].document, problem)):
            best = number
    return best


def _named(document: Document, problem: Problem) -> bool:
    return document.file == problem.file and document.subject == problem.subject


def as_json(told: Iterable[Verdict]) -> dict[str, Any]:
    """`validate -o json`."""
    return {"documents": [_document(each) for each in told]}


def _document(verdict: Verdict) -> dict[str, Any]:
    document = verdict.reading.document
    return {
        "file": document.file,
        "line": document.line,
        "kind": document.kind,
        "name": document.name,
        "namespace": document.namespace or _namespace(verdict.reading),
        "disposition": verdict.reading.disposition,
        "reason": verdict.reading.reason,
        "objections": [_remark(each) for each in verdict.remarks if each.severity != WARNING],
        "warnings": [_remark(each) for each in verdict.remarks if each.severity == WARNING],
    }


def _namespace(reading: Reading) -> str:
    """The namespace that was given by default."""
    return reading.resources[0].key.namespace if reading.resources else ""


def _remark(remark: Remark) -> dict[str, Any]:
    problem = remark.problem
    return {
        "code": problem.code,
        "field": problem.field,
        "message": problem.message,
        "severity": remark.severity,
        "line": problem.line,
        "remedy": problem.remedy,
    }


def summary(told: Sequence[Verdict]) -> str:
    """`3 documents: 2 managed, 1 recognised; 1 problem.`"""
    count = Counter(each.reading.disposition for each in told)
    kinds = ", ".join(f"{number} {name}" for name, number in sorted(count.items()))
    wrong = sum(each.severity == REJECT for verdict in told for each in verdict.remarks)
    many = "" if wrong == 1 else "s"
    documents = f"{len(told)} document{'' if len(told) == 1 else 's'}"
    ending = f"{wrong} problem{many}" if wrong else "valid"
    return f"{documents}: {kinds}; {ending}." if kinds else "No documents."
