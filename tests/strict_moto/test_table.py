"""docs/strict-moto.md and the tests say the same: each row has its test, each test its row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import botocore.loaders
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "strict-moto.md"
_MODEL_SOURCE = re.compile(r"(ec2|elbv2|efs) (\w+)(?:\.(\w+))?")


class Row(NamedTuple):
    """One line of the table."""

    id: str
    behaviour: str
    source: str
    test: str


def documented() -> list[Row]:
    """The rows of the page."""
    lines = [line for line in PAGE.read_text().splitlines() if ".py::" in line]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [Row(a.strip("`"), b, c, d.strip("`")) for a, b, c, d in cells]


@pytest.fixture
def tested(request: pytest.FixtureRequest) -> set[Row]:
    """The rows that the test files of this folder mark."""
    rows = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for mark, name, words in re.findall(
            r"@pytest\.mark\.row\((.*?)\)\ndef (\w+)\(.*?\) -> None:\n    \"\"\"(.*?)\"\"\"",
            path.read_text(),
            re.DOTALL,
        ):
            id_, source = re.findall(r'"([^"]+)"', mark)[:2]
            rows.add(Row(id_, words, source, f"{path.name}::{name}"))
    return rows


def test_the_table_and_the_tests_agree(tested: set[Row]) -> None:
    """Id, behaviour, source and test of each row are the same on the page and in the tests."""
    assert len(tested) >= 100
    assert set(documented()) - tested == set(), "on the page, but not tested"
    assert tested - set(documented()) == set(), "tested, but not on the page"


def test_no_row_is_there_twice() -> None:
    """Each id names one row."""
    ids = [row.id for row in documented()]
    assert sorted(ids) == sorted(set(ids))


def test_the_models_named_as_sources_exist() -> None:
    """A source such as `ec2 CreateVolumeRequest.Size` is a shape, member or call in botocore."""
    loader = botocore.loaders.Loader()
    missing = []
    for row in documented():
        found = _MODEL_SOURCE.fullmatch(row.source)
        if found is None:
            continue
        service, name, member = found.groups()
        model = loader.load_service_model(service, "service-2")
        shape = model["shapes"].get(name, {})
        known = (
            member in shape.get("members", {}) if member else name in model["operations"] or shape
        )
        if not known:
            missing.append(row.source)
    assert missing == []


def test_the_example_on_the_page_works() -> None:
    """The Python on the page is a test, and it passes."""
    [example] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - our own page
    names["test_a_restart_makes_no_second_volume"]()
