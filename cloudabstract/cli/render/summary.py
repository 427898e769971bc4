"""The end of an apply: what was done, where things are now, what failed and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cloudabstract.model import ResourceKey, Status

from ..redaction import redact
from ..terminal import Paint, harmless
from . import statuses

if TYPE_CHECKING:
    from cloudabstract.engine import Outcome, Report


def text(report: Report, paint: Paint) -> str:
    """The whole summary."""
    lines = [*_failures(report, paint), *_now(report, paint), _last(report)]
    return "\n".join(lines)


def _last(report: Report) -> str:
    from cloudabstract.engine.planning.change import summarise

    calls = sum(report.calls.values())
    done = [each.change for each in report.outcomes if each.stage.value == "done"]
    counts = summarise(done)
    text = f"{counts['add']} added, {counts['change']} changed, {counts['destroy']} destroyed"
    if counts["release"]:
        text += f", {counts['release']} released"
    revision = f"revision {report.revision}, " if report.revision else ""
    if not report.outcomes:
        return f"Nothing to do ({calls} API calls)."
    if report.ok:
        return f"Done: {text} ({revision}{calls} API calls)."
    word = "Interrupted" if report.interrupted else "Timed out" if report.timed_out else "Failed"
    again = "run the same command again to go on from here"
    return f"{word}: {text}, {len(report.failed)} not done ({revision}{calls} API calls); {again}."


def _now(report: Report, paint: Paint) -> Iterator[str]:
    """What users want to know next: addresses, and where claims' data is."""
    told = [
        (key, status)
        for key, status in report.statuses.items()
        if key in report.plan.desired.asked and _fact(key, status)
    ]
    if told:
        yield paint("Now", "bold")
        width = max(len(str(key)) for key, _ in told)
        for key, status in told:
            yield f"  {key!s:<{width}}   {harmless(_fact(key, status))}"
        yield ""


def _fact(key: ResourceKey, status: Status) -> str:
    row = statuses.Row(key, None, status)
    facts = [statuses.state(status), statuses.address(row), statuses.size(row)]
    facts += [status.path, status.device]
    return "  ".join(each for each in facts if each)


def _failures(report: Report, paint: Paint) -> Iterator[str]:
    failed = [each for each in report.failed if each.stage.value == "failed"]
    skipped = [each for each in report.failed if each.stage.value == "skipped"]
    if failed:
        yield paint("Failed", "red", "bold")
        for each in failed:
            yield from _failure(each)
        yield ""
    if skipped:
        yield paint("Not done", "yellow", "bold")
        for each in skipped:
            yield f"  {_subject(each)}: {harmless(each.message or 'skipped')}"
        yield ""


def _failure(outcome: Outcome) -> Iterator[str]:
    failure = outcome.failure
    yield f"  {_subject(outcome)}"
    if failure is None:
        yield f"    {harmless(redact(outcome.message))}"
        return
    native = f" ({failure.native})" if failure.native else ""
    request = f" [request {failure.request_id}]" if failure.request_id else ""
    yield f"    {failure.code.value}{native}: {harmless(redact(failure.message))}{request}"
    yield f"    {'may pass' if failure.retryable else 'will not pass'} by trying again"
    remedy = failure.remedy or f"`cloudabstract explain {failure.code.value}` tells more"
    yield f"    hint: {harmless(redact(remedy))}"


def _subject(outcome: Outcome) -> str:
    change = outcome.change
    name = harmless(change.name or change.id or change.part.role)
    return f"{change.action.value} {change.part.kind} {name} of {change.part.resource}"
