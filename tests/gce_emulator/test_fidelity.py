"""docs/gce-emulator.md says what the emulator does and how sure that is; it must stay true."""

from __future__ import annotations

import ast
import pathlib
import re
from dataclasses import dataclass

from cloudabstract.testing.gce import discovery

HERE = pathlib.Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "gce-emulator.md"
_MARKS = re.compile(r"\b[DRICAE]\b|not verified")


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    behaviour: str
    source: str
    test: str  # file::name


def _rows() -> list[Row]:
    rows, file = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"\| behaviour \| source \| test in `(\w+\.py)` \|", line)
        if heading:
            file = heading[1]
        row = re.fullmatch(r"\| (.+) \| (.+) \| `(test_\w+)` \|", line)
        if row:
            rows.append(Row(row[1], row[2], f"{file}::{row[3]}"))
    return rows


def _tests() -> set[str]:
    """Every test of this folder but those of this file."""
    return {
        f"{file.name}::{node.name}"
        for file in HERE.glob("test_*.py")
        if file != pathlib.Path(__file__)
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_rows_and_tests_are_the_same() -> None:
    """No row without its test, no test without its row, none twice, and at least sixty."""
    named = [row.test for row in _rows()]
    assert set(named) == _tests()
    assert len(named) == len(set(named)) >= 60


def test_every_row_names_its_source() -> None:
    """One of the marks that the page explains, or that nothing is verified."""
    assert [row.behaviour for row in _rows() if not _MARKS.search(row.source)] == []


def test_the_discovery_document_holds_what_is_cited_from_it() -> None:
    """`Schema.field` and `resource.method` in the source column exist."""
    document = discovery.document()
    methods = {method.id.removeprefix("compute.") for method in document.methods}
    missing = []
    for row in _rows():
        for name, member in re.findall(r"`(\w+)\.(\w+)`", row.source.partition("; R")[0]):
            schema = document.schemas.get(name, {}).get("properties", {})
            if member not in schema and f"{name}.{member}" not in methods:
                missing.append(f"{row.test}: {name}.{member}")
    assert missing == []


def test_the_page_names_the_revision_that_is_installed() -> None:
    """Another discovery document means: read the table again, then change the page."""
    cited = re.search(r"revision (\d+)", PAGE.read_text(encoding="utf-8"))
    assert cited is not None
    assert int(cited[1]) <= int(discovery.document().revision)
