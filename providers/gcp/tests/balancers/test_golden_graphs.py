"""The parts that each example's balancers become, drawn as JSON and compared with what was agreed.

A golden file is changed on purpose or not at all: `GOLDEN=write pytest` writes them anew, and the
difference is reviewed like code.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from gcp_bench import drawing

from cloudabstract import spec
from cloudabstract.model import LoadBalancer

ROOT = Path(__file__).parents[4]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "examples").glob("*/*.yaml")
    if path.stem == path.parent.name and "kind: LoadBalancer" in path.read_text()
)
INVENTORY = (
    drawing.host("hello-1", "10.0.1.1", "a", app="hello"),
    drawing.host("hello-2", "10.0.1.2", "b", app="hello"),
    drawing.host("pages-1", "10.0.1.3", "a", app="shop", tier="pages"),
    drawing.host("api-1", "10.0.1.4", "c", app="shop", tier="api"),
    drawing.host("secure-1", "10.0.1.5", "a", app="secure"),
    drawing.host("names-1", "10.0.1.6", "b", app="names"),
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_becomes_the_parts_that_were_agreed_on(example: str) -> None:
    """Every part, every field, every reference of every balancer of the example."""
    resources = spec.read(str(ROOT / example)).require().resources
    drawn = {
        str(each.key): drawing.graph(drawing.parts(each, drawing.facts(*INVENTORY)))
        for each in resources
        if isinstance(each, LoadBalancer)
    }
    golden = GOLDEN / f"{Path(example).stem}.json"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(json.dumps(drawn, indent=1, sort_keys=True) + "\n")
    assert drawn == json.loads(golden.read_text())


def test_every_golden_file_belongs_to_an_example() -> None:
    """No drawing of what is not there any more."""
    assert {path.stem for path in GOLDEN.glob("*.json")} == {Path(e).stem for e in EXAMPLES}
