"""What is said about one field of a manifest, and how bad it is.

REJECT: Kubernetes would refuse the manifest, and so do we. DEGRADE: the field is not honoured, or
not in full. NOTE: it has no meaning outside of a cluster, or is honoured in a way worth telling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cloudabstract.errors import Problem

from ..document import Document
from ..frontends import Reading
from ..paths import Path

REJECT, DEGRADE, NOTE = "reject", "degrade", "note"

CLUSTER = "LB000"  # code: only a cluster has a use for this
BALANCER = "LB017"  # code: no portable word, on a balancer
STORAGE = "VO017"  # code: no portable word, on storage


@dataclass(frozen=True)
class Remark:
    """One remark about the field at `path` of a document."""

    path: Path
    message: str
    remedy: str = ""
    code: str = ""
    severity: str = REJECT


def degrade(code: str, path: Path, message: str, remedy: str = "") -> Remark:
    """A remark about something that is not honoured in full."""
    return Remark(path, message, remedy, code, DEGRADE)


def note(code: str, path: Path, message: str, remedy: str = "") -> Remark:
    """A remark that is only told."""
    return Remark(path, message, remedy, code, NOTE)


def rejects(remarks: Iterable[Remark]) -> bool:
    """Whether one of `remarks` makes the document invalid."""
    return any(each.severity == REJECT for each in remarks)


def below(path: Path, remarks: Iterable[Remark]) -> list[Remark]:
    """`remarks` about a part of a document as remarks about the document."""
    return [replace(each, path=(*path, *each.path)) for each in remarks]


def with_remarks(reading: Reading, remarks: Iterable[Remark]) -> Reading:
    """`reading`, with every remark placed in its document, each thing said once."""
    told = list(dict.fromkeys(remarks))
    document = reading.document

    def placed(severity: str) -> tuple[Problem, ...]:
        return tuple(_problem(document, each) for each in told if each.severity == severity)

    return replace(
        reading,
        problems=reading.problems + placed(REJECT),
        degraded=reading.degraded + placed(DEGRADE),
        notes=reading.notes + placed(NOTE),
    )


def _problem(document: Document, remark: Remark) -> Problem:
    return document.problem(remark.path, remark.message, code=remark.code, remedy=remark.remedy)
