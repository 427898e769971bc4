"""The numbers of a watch, for Prometheus: what METRICS lists, each with its labels.

prometheus-client comes with the extra `metrics`, and is imported when a watch is asked for numbers.
Counts are those of this process, in a registry of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cloudabstract.engine.walking.events import Stage
from cloudabstract.errors import CallError, ConfigError

from .reconcile import Turned

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


@dataclass(frozen=True)
class Metric:
    """One metric, as docs and dashboards know it. `type` is counter, gauge or histogram."""

    name: str
    type: str
    labels: tuple[str, ...]
    help: str


METRICS = {
    each.name.removeprefix("cloudabstract_"): each
    for each in (
        Metric("cloudabstract_turns_total", "counter", ("result",), "Turns: well or failed."),
        Metric("cloudabstract_turn_duration_seconds", "histogram", (), "How long a turn took."),
        Metric(
            "cloudabstract_last_success_timestamp_seconds",
            "gauge",
            (),
            "When the last turn ended that was well.",
        ),
        Metric(
            "cloudabstract_drift",
            "gauge",
            ("resource",),
            "Objects that differed from what was applied, in the last turn.",
        ),
        Metric(
            "cloudabstract_changes_total",
            "counter",
            ("action", "outcome"),
            "Changes by action and outcome.",
        ),
        Metric(
            "cloudabstract_left_out",
            "gauge",
            ("why",),
            "Changes that are needed and not made: consent, backoff, rejected, report, needs.",
        ),
        Metric("cloudabstract_failing", "gauge", (), "Resources that failed when last tried."),
        Metric("cloudabstract_lost", "gauge", (), "Objects whose data has vanished."),
        Metric(
            "cloudabstract_api_calls_total",
            "counter",
            ("provider", "operation"),
            "Calls to the target's API.",
        ),
        Metric("cloudabstract_errors_total", "counter", ("code",), "Errors by code."),
    )
}
_COMMON = ("stack", "target")


class Metrics:
    """Hears turns and counts. Raises ConfigError when prometheus-client is not installed."""

    def __init__(self, stack: str, target: str, provider: str) -> None:
        try:
            import prometheus_client as prometheus
        except ImportError as error:
            raise ConfigError(
                "metrics need prometheus-client; install cloudabstract[metrics]"
            ) from error
        self._prometheus = prometheus
        self._registry = prometheus.CollectorRegistry()
        self._common = (stack, target)
        self._provider = provider
        self._made = {short: self._new(metric) for short, metric in METRICS.items()}

    def text(self) -> bytes:
        """All of it, in the format that Prometheus reads."""
        answer: bytes = self._prometheus.generate_latest(self._registry)
        return answer

    def turned(self, turn: Turned) -> None:
        """Count one turn."""
        self._at("turns_total", "well" if turn.well else "failed").inc()
        self._at("turn_duration_seconds").observe(turn.seconds)
        if turn.well:
            self._at("last_success_timestamp_seconds").set(turn.at)
        self._at("failing").set(len(turn.failing))
        for operation, count in turn.calls.items():
            self._at("api_calls_total", self._provider, operation).inc(count)
        if isinstance(turn.error, CallError):
            self._at("errors_total", turn.error.failure.code.value).inc()
        elif turn.error is not None:
            self._at("errors_total", type(turn.error).__name__).inc()
        self._report(turn)

    def _report(self, turn: Turned) -> None:
        if turn.report is None:
            return
        self._at("lost").set(len(turn.report.plan.matched.lost))
        self._made["drift"].clear()
        for resource, count in turn.drift.items():
            self._at("drift", resource).set(count)
        self._made["left_out"].clear()
        for left in turn.report.plan.left_out:
            self._at("left_out", left.why.value).inc()
        for outcome in turn.report.outcomes:
            action, stage = outcome.change.action.value, outcome.stage.value
            self._at("changes_total", action, stage).inc()
            if outcome.stage is Stage.FAILED and outcome.failure is not None:
                self._at("errors_total", outcome.failure.code.value).inc()

    def _at(self, short: str, *values: str) -> Any:
        return self._made[short].labels(*self._common, *values)

    def _new(self, metric: Metric) -> Any:
        labels = (*_COMMON, *metric.labels)
        if metric.type == "histogram":
            return self._prometheus.Histogram(
                metric.name, metric.help, labels, buckets=_BUCKETS, registry=self._registry
            )
        made = {"counter": self._prometheus.Counter, "gauge": self._prometheus.Gauge}[metric.type]
        return made(metric.name, metric.help, labels, registry=self._registry)
