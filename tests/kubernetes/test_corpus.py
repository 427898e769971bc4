"""Manifests are accepted and refused as Kubernetes does it, and every document is accounted for.

`K8S_MANIFESTS` adds a folder of others' manifests, with an index.tsv that has columns `file`,
`docs` (how many), `expected` (accept or reject) and `why`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import spec

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(CORPUS.glob("*.yaml"))
OTHERS = os.environ.get("K8S_MANIFESTS", "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_verdict_is_that_of_kubernetes(path: Path) -> None:
    """The first line says `accept`, or `reject` and the one field that is wrong."""
    expected = path.read_text().splitlines()[0].removeprefix("# expected: ").split()
    checked = spec.read(path)
    problems = [each.field for each in checked.problems]
    assert problems == expected[1:], [str(each) for each in checked.problems]
    assert all(each.file == str(path) and each.line > 1 for each in checked.problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_document_has_one_reading(path: Path) -> None:
    """As many readings as documents, in their order, each with a disposition and its reason."""
    documents = list(spec.load(path))
    readings = spec.read(path).spec.readings
    assert [each.document.line for each in readings] == [each.line for each in documents]
    for each in readings:
        assert each.disposition == "managed" or each.reason
        assert each.resources or each.problems or each.reason


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_remark_has_a_place_and_a_code(path: Path) -> None:
    """What is not honoured is told with the field as it is written, its line and a known code."""
    from cloudabstract.provider import CODES

    for reading in spec.read(path).spec.readings:
        for each in (*reading.degraded, *reading.notes):
            assert each.code in CODES
            assert each.field
            assert each.line >= reading.document.line
            assert each.message[0] not in ".,"


def test_nothing_is_provisioned_of_what_is_refused(read_corpus: Callable[[str], Any]) -> None:
    """A document with a problem has no resource, though its neighbours have theirs."""
    for path in FILES:
        for reading in read_corpus(path.stem).readings:
            assert not (reading.problems and reading.resources)


if OTHERS:
    with (Path(OTHERS) / "index.tsv").open(newline="") as stream:
        ROWS = list(csv.DictReader(stream, delimiter="\t"))

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
    def test_the_verdict_on_others_manifests_is_that_of_kubernetes(row: dict[str, str]) -> None:
        """Accepted or refused as the index says, and each document is there once."""
        checked = spec.read(Path(OTHERS) / row["file"])
        verdict = "reject" if checked.problems else "accept"
        assert verdict == row["expected"], [str(each) for each in checked.problems]
        assert len(checked.spec.readings) == int(row["docs"])
