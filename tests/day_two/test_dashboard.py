"""The dashboard and the guide speak of metrics that exist, by names and labels that they have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
COMMON = {"stack", "target"}
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count")}


@pytest.fixture(scope="module")
def metrics() -> dict[str, Any]:
    """Every series that a watch tells -> its metric."""
    from cloudabstract.engine.keeping.metrics import METRICS

    return {
        f"{each.name}{suffix}": each
        for each in METRICS.values()
        for suffix in SUFFIXES.get(each.type, ("",))
    }


def texts(value: Any) -> Iterator[str]:
    """Every text anywhere in the dashboard."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else ():
        yield from texts(item)
    for item in value if isinstance(value, list) else ():
        yield from texts(item)


def dashboard() -> Any:
    """The file."""
    return json.loads((DOCS / "grafana" / "cloudabstract.json").read_text())


def queries() -> list[str]:
    """Every query of every panel and variable."""
    return [each for each in texts(dashboard()) if re.search(r"\bcloudabstract_\w", each)]


@pytest.mark.parametrize("query", queries())
def test_every_query_asks_for_what_there_is(query: str, metrics: dict[str, Any]) -> None:
    """Each name is that of a series, each label in a selector or in `by` one that it has."""
    names = re.findall(r"\bcloudabstract_\w+", query)
    known = {label for name in names for label in metrics[name].labels} | COMMON | {"le"}
    selected = re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", query)
    grouped = [
        it.strip() for group in re.findall(r"by \(([^)]*)\)", query) for it in group.split(",")
    ]
    assert set(selected) | set(grouped) <= known
    assert query.count("(") == query.count(")")


@pytest.mark.parametrize("panel", dashboard()["panels"], ids=lambda panel: panel["title"])
def test_every_legend_shows_labels_that_the_query_keeps(panel: Any) -> None:
    """What a legend names is what its query groups by."""
    for target in panel["targets"]:
        shown = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
        kept = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", target["expr"]))))
        assert shown <= kept


def test_every_metric_is_on_the_dashboard_and_in_the_guide(metrics: dict[str, Any]) -> None:
    """Nothing is counted that nobody looks at, or finds explained."""
    asked = " ".join(queries())
    guide = (DOCS / "guides" / "day-two.md").read_text()
    for series, metric in metrics.items():
        assert series in asked
        assert f"| `{metric.name}` | {metric.type} |" in guide


def test_the_test_sees_a_wrong_query(metrics: dict[str, Any]) -> None:
    """A metric that does not exist would be noticed."""
    with pytest.raises(KeyError):
        test_every_query_asks_for_what_there_is("sum(cloudabstract_nothing)", metrics)


def test_the_unit_runs_a_command_line_that_is_understood() -> None:
    """Options in the systemd unit are those of `watch`, and its exit codes are successes."""
    from cloudabstract.cli.table import load

    unit = (DOCS / "systemd" / "cloudabstract-watch.service").read_text()
    line = next(it for it in unit.splitlines() if it.startswith("ExecStart="))
    known = {option for each in load("watch").params for option in each.opts}
    used = {word for word in line.split() if word.startswith("-")}
    assert " watch " in line
    assert used <= known
    assert "SuccessExitStatus=130 143" in unit
