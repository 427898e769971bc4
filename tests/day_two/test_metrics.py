"""The numbers of a watch are what happened, and can be fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from cloudabstract.engine.keeping.endpoint import Endpoint, Health
from cloudabstract.engine.keeping.metrics import METRICS, Metrics
from cloudabstract.errors import ConfigError

World, Make, Watching = Any, Any, Any  # see conftest.py
Value = Callable[..., float]


@pytest.fixture
def metrics() -> Metrics:
    """Fresh numbers."""
    return Metrics("shop", "mem", "memory")


@pytest.fixture
def value(metrics: Metrics) -> Value:
    """One number by name and labels, as the text format tells it; 0 when it is not told."""
    from prometheus_client.parser import text_string_to_metric_families

    def read(name: str, **labels: str) -> float:
        wanted = {"stack": "shop", "target": "mem", **labels}
        for family in text_string_to_metric_families(metrics.text().decode()):
            for sample in family.samples:
                if sample.name == name and sample.labels == wanted:
                    return float(sample.value)
        return 0.0

    return read


def test_the_numbers_are_what_happened(
    world: World, make: Make, watching: Watching, metrics: Metrics, value: Value
) -> None:
    """Turns, changes, calls, drift and what was left out, over three turns."""
    with watching(make.balancer(), make.claim()) as watch:
        watch.after = metrics.turned
        watch.turn()
        assert value("cloudabstract_changes_total", action="create", outcome="done") == 6
        calls = value(
            "cloudabstract_api_calls_total", provider="memory", operation="memory.disk:list"
        )
        assert calls >= 1
        world.cloud.edit(world.only("memory.pool"), draining_seconds=1)
        world.cloud.remove(world.only("memory.disk"))
        watch.turn()
        assert value("cloudabstract_drift", resource="LoadBalancer/web") == 1
        assert value("cloudabstract_drift", resource="VolumeClaim/data") == 1
        assert value("cloudabstract_lost") == 1
        watch.turn()
        assert value("cloudabstract_drift", resource="LoadBalancer/web") == 0
        assert value("cloudabstract_turns_total", result="well") == 3
        assert value("cloudabstract_turn_duration_seconds_count") == 3
        at = watch.turns[-1].at
        assert value("cloudabstract_last_success_timestamp_seconds") == at


def test_errors_are_counted_by_their_code(
    world: World, make: Make, watching: Watching, metrics: Metrics, value: Value
) -> None:
    """Of a target that cannot be read, and of calls that fail."""
    with watching(make.claim()) as watch:
        watch.after = metrics.turned
        world.cloud.rules.quotas = {"memory.disk": 0}
        watch.turn()
        assert value("cloudabstract_errors_total", code="EXHAUSTED") == 1
        assert value("cloudabstract_failing") == 1
        world.cloud.rules.denied = frozenset({"list"})
        watch.turn()
        assert value("cloudabstract_errors_total", code="DENIED") == 1
        assert value("cloudabstract_turns_total", result="failed") == 2
        assert value("cloudabstract_last_success_timestamp_seconds") == 0


def test_every_metric_is_told_under_its_name(metrics: Metrics) -> None:
    """The table of metrics is what the text says."""
    told = metrics.text().decode()
    for metric in METRICS.values():
        kind = metric.type
        name = metric.name
        assert f"# TYPE {name} {kind}" in told


def test_it_can_be_fetched(world: World, make: Make, watching: Watching, metrics: Metrics) -> None:
    """/metrics and /healthz answer on a free port of the loopback; others are not found."""
    health = Health(world.clock, 30.0)
    with Endpoint(metrics, health, 0) as endpoint:
        base = f"http://127.0.0.1:{endpoint.port}"
        assert b"cloudabstract_turns_total" in urlopen(f"{base}/metrics").read()
        assert json.loads(urlopen(f"{base}/healthz").read())["status"] == "ok"
        with pytest.raises(HTTPError) as missing:
            urlopen(f"{base}/else")
        assert missing.value.code == 404
        with watching(make.claim()) as watch:
            watch.after = health.turned
            world.cloud.rules.quotas = {"memory.disk": 0}
            watch.turn()
        with pytest.raises(HTTPError) as sick:
            urlopen(f"{base}/healthz")
        assert sick.value.code == 503
        assert json.loads(sick.value.read())["failing"] == ["VolumeClaim/data"]


def test_a_loop_that_hangs_is_not_healthy(world: World, make: Make, watching: Watching) -> None:
    """Three intervals and a minute without a turn."""
    health = Health(world.clock, 30.0)
    with watching(make.claim()) as watch:
        watch.after = health.turned
        watch.turn()
    assert health.answer()[0]
    world.clock.advance(151.0)
    well, document = health.answer()
    assert (well, document["stuck"]) == (False, True)


def test_a_port_that_is_taken_is_told(world: World, metrics: Metrics) -> None:
    """Refused before the watch begins."""
    health = Health(world.clock, 30.0)
    with (
        Endpoint(metrics, health, 0) as endpoint,
        pytest.raises(ConfigError, match="cannot listen"),
    ):
        Endpoint(metrics, health, endpoint.port)
