"""`cloudabstract events`: the calls that were made, from the journal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from .. import completing, opening, options, output, terminal
from ..options import RESOURCE, Where
from ..redaction import redact
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.store import PastCall

_EXAMPLES = (
    ("cloudabstract events", "The last hundred calls of the stack."),
    ("cloudabstract events lb/web --limit 1000", "Those about one balancer, among the last 1000."),
    ("cloudabstract events --failed -o json", "What failed, for a script."),
)


@click.command("events", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 5, 64, 70))
@click.argument(
    "resource",
    metavar="[KIND/NAME]",
    type=RESOURCE,
    required=False,
    shell_complete=completing.resources,
)
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="The latest."
)
@click.option("--failed", is_flag=True, help="Only what failed, or whose end is not known.")
@options.where
@options.output()
def command(resource: str | None, limit: int, failed: bool, where: Where, form: str) -> int:
    """List the calls that were made, and what came of each.

    Every call that changes something is written down before it is made and again when it has
    ended, whoever made it: apply, watch, gc. The volume that was made for a claim goes by a name of
    its own; `tree` tells which. `history` lists whole runs.
    """
    with opening.stack(where) as stack:
        calls = stack.events(limit)
        told = [_as_json(each) for each in calls if _is_asked(each, resource, failed)]
    if form != "text":
        output.emit(told, form)
    elif told:
        _table(told)
    else:
        output.say("There is nothing like that.")
    return 0


def _is_asked(call: PastCall, resource: str | None, failed: bool) -> bool:
    about = resource is None or call.intent.resource == resource
    return about and (not failed or call.outcome != "done")


def _as_json(call: PastCall) -> dict[str, Any]:
    from cloudabstract.clock import iso

    intent = call.intent
    return {
        "number": call.number,
        "at": iso(call.at),
        "seconds": None if call.ended is None else round(call.ended - call.at, 3),
        "verb": intent.verb,
        "kind": intent.kind,
        "name": intent.name,
        "place": intent.place,
        "resource": intent.resource,
        "outcome": call.outcome or "under way",
        "error": redact(call.error),
    }


def _table(told: list[dict[str, Any]]) -> None:
    from ..render import tables

    rows = [
        (each["at"], each["verb"], each["resource"], each["kind"], each["name"], each["outcome"])
        for each in told
    ]
    head = ("AT", "VERB", "RESOURCE", "KIND", "NAME", "OUTCOME")
    output.line(tables.table(head, rows, terminal.painter(sys.stdout)))
    for each in told:
        if each["error"]:
            output.line(f"{each['at']} {each['verb']} {each['name']}: {each['error']}")
