"""`describe` as text: sections, each left out when it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cloudabstract.model import Status, format_quantity

from .. import output
from ..redaction import redact
from ..terminal import Paint, harmless
from . import fields, statuses, tables
from .plan import name, objections, symbol

if TYPE_CHECKING:
    from ..describing import Happening, Story


def text(story: Story, paint: Paint) -> str:
    """The whole description."""
    lines = [*_head(story), *_spec(story, paint), *_conditions(story.row.status, paint)]
    lines += _backends(story.row.status, paint)
    lines += _parts(story, paint)
    lines += _objections(story, paint)
    lines += _pending(story, paint)
    lines += _events(story, paint)
    lines.append(f"{paint('Next:', 'bold')} {harmless(story.next_step)}")
    return "\n".join(lines)


def _head(story: Story) -> Iterator[str]:
    row, status = story.row, story.row.status
    capacity = format_quantity(status.capacity) if status.capacity else ""
    rows = [
        ("Name", row.key.name),
        ("Namespace", row.key.namespace),
        ("Kind", row.key.kind),
        ("Labels", statuses.labels(row)),
        ("Status", statuses.state(status)),
        ("Message", status.message),
        ("Addresses", ", ".join(map(str, status.addresses))),
        ("Capacity", capacity),
        ("Volume", status.volume_name),
        ("Path", status.path),
        ("Device", status.device),
        ("Features", ", ".join(status.supported_features)),
    ]
    yield from tables.pairs([row for row in rows if row[1]])
    yield ""


def _spec(story: Story, paint: Paint) -> Iterator[str]:
    if story.row.resource is not None:
        from cloudabstract.model import wire

        yield paint("Spec", "bold")
        written = wire.to_document(story.row.resource)["spec"]
        yield from (f"  {line}" for line in output.document(written, "yaml").splitlines())
        yield ""


def _conditions(status: Status, paint: Paint) -> Iterator[str]:
    if status.conditions:
        yield paint("Conditions", "bold")
        rows = [
            (each.type, each.status, each.reason, each.last_transition_time, each.message)
            for each in status.conditions
        ]
        yield _indented(tables.table(("TYPE", "STATUS", "REASON", "SINCE", "MESSAGE"), rows, paint))
        yield ""


def _backends(status: Status, paint: Paint) -> Iterator[str]:
    if status.backends:
        yield paint("Backends", "bold")
        rows = [(e.pool, e.address, str(e.port), e.health) for e in status.backends]
        yield _indented(tables.table(("POOL", "ADDRESS", "PORT", "HEALTH"), rows, paint))
        yield ""


def _parts(story: Story, paint: Paint) -> Iterator[str]:
    if story.parts:
        yield paint("Parts", "bold")
        rows = [(each.kind, each.name, each.id, each.state) for each in story.parts]
        yield _indented(tables.table(("KIND", "NAME", "ID", "STATE"), rows, paint))
        yield ""


def _objections(story: Story, paint: Paint) -> Iterator[str]:
    from cloudabstract.engine.planning.change import objection_json

    yield from objections([objection_json(each) for each in story.objections], paint)


def _pending(story: Story, paint: Paint) -> Iterator[str]:
    if story.pending:
        yield paint("An apply would", "bold")
        for change in story.pending:
            yield f"  {_change(change)}: {harmless(change['reason'])}"
            yield from (f"      {line}" for line in _differences(change))
        yield ""


def _differences(change: dict[str, Any]) -> Iterator[str]:
    return iter(()) if change["action"] == "create" else fields.differences(change["fields"])


def _events(story: Story, paint: Paint) -> Iterator[str]:
    if story.events:
        yield paint("Events", "bold")
        for each in story.events:
            yield from _event(each)
        yield ""


def _event(event: Happening) -> Iterator[str]:
    change = event.change
    yield f"  {event.at}  revision {event.revision}  {change['outcome']:<8} {_change(change)}"
    error = change.get("error")
    if error:
        code = " ".join(str(error[key]) for key in ("code", "native") if error.get(key))
        request = f" [request {error['requestId']}]" if error.get("requestId") else ""
        message = harmless(redact(str(error["message"])))
        yield f"      {f'{code}: ' if code else ''}{message}{request}"
        if error.get("remedy"):
            yield f"      hint: {harmless(redact(str(error['remedy'])))}"


def _change(change: dict[str, Any]) -> str:
    return f"{symbol(change)} {change['action']} {change['kind']} {harmless(name(change))}"


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" for line in block.splitlines())
