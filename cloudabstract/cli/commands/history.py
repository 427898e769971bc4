"""`cloudabstract history`: what was done, when, by whom, with which outcome."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from .. import completing, opening, options, output, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.stack import Stack
    from cloudabstract.store import Revision

_EXAMPLES = (
    ("cloudabstract history", "Every revision of the stack, oldest first."),
    ("cloudabstract history show 3", "What revision 3 planned, and what came of it."),
    ("cloudabstract history show 3 -o json", "The same with the whole spec, for a script."),
)


@click.command("history", cls=Verb, examples=_EXAMPLES)
@click.argument("words", nargs=-1, metavar="[show] [REVISION]", shell_complete=completing.revisions)
@options.where
@options.output()
def command(words: tuple[str, ...], where: Where, form: str) -> int:
    """List what was done, when, by whom.

    Each apply that had something to do is a revision. One that was cut short stays `unfinished`;
    running it again goes on from what exists.
    """
    revision = _revision(words)
    with opening.stack(where) as stack:
        if revision is not None:
            _one(stack, revision, form)
            return 0
        revisions = stack.history()
    if form != "text":
        output.emit([_as_json(each) for each in revisions], form)
    elif revisions:
        _table(revisions)
    else:
        output.say(f"Nothing was applied to stack {stack.name} yet.")
    return 0


def _revision(words: tuple[str, ...]) -> int | None:
    """The number in `history show 3` or `history 3`; None for the list."""
    numbers = words[1:] if words[:1] == ("show",) else words
    if not words:
        return None
    if len(numbers) != 1 or not numbers[0].isdecimal():
        raise click.UsageError("write `history`, or `history show` and a number that it lists")
    return int(numbers[0])


def _as_json(revision: Revision) -> dict[str, Any]:
    from cloudabstract.clock import iso

    return {
        "revision": revision.number,
        "at": iso(revision.at),
        "who": revision.who,
        "host": revision.host,
        "action": revision.action,
        "outcome": revision.outcome,
        "summary": json.loads(revision.summary or "{}"),
    }


def _table(revisions: tuple[Revision, ...]) -> None:
    from ..render import tables

    rows = [
        (
            str(each["revision"]),
            each["at"],
            f"{each['who']}@{each['host']}",
            each["action"],
            each["outcome"],
            ", ".join(f"{count} {name}" for name, count in each["summary"].items() if count),
        )
        for each in map(_as_json, revisions)
    ]
    head = ("REVISION", "AT", "WHO", "ACTION", "OUTCOME", "CHANGES")
    output.line(tables.table(head, rows, terminal.painter(sys.stdout)))


def _one(stack: Stack, number: int, form: str) -> None:
    from ..render import plan as drawing
    from ..render import tables

    recorded = stack.revision(number)
    told = _as_json(recorded)
    plan = json.loads(recorded.plan or "{}")
    outcomes = json.loads(recorded.report or "[]")
    if form != "text":
        spec = json.loads(recorded.spec or "[]")
        output.emit({**told, "spec": spec, "plan": plan, "outcomes": outcomes}, form)
        return
    told["who"] = f"{told['who']}@{told['host']}"
    rows = [(key, str(told[key])) for key in ("revision", "at", "who", "action", "outcome")]
    output.line("\n".join(tables.pairs(rows)))
    output.line()
    output.line(drawing.text(plan, terminal.painter(sys.stdout)))
    for each in outcomes:
        if each["outcome"] != "done":
            why = (each.get("error") or {}).get("message", "")
            output.line(f"{each['outcome']}: {each['action']} {each['part']}: {why}")
