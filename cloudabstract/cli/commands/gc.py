"""`cloudabstract gc`: what no known stack owns; and the end of what is named."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .. import opening, options, output, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine.keeping.garbage import Garbage
    from cloudabstract.stack import Stack

_EXAMPLES = (
    (
        "cloudabstract gc -t prod",
        "List what carries our labels and belongs to no stack known here.",
    ),
    ("cloudabstract gc -t prod --delete aws.target_group/arn:... --yes", "End one of them."),
    (
        "cloudabstract gc --delete local.image/old-data --allow-data-loss local.image/old-data",
        "What holds data takes its name twice.",
    ),
)


@click.command("gc", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 3, 4, 5, 6, 64, 70, 130, 143))
@click.option(
    "--delete",
    "doomed",
    metavar="KIND/ID",
    multiple=True,
    help="Delete this one, as the list has it. Repeatable.",
)
@click.option(
    "--allow-data-loss",
    metavar="KIND/ID",
    multiple=True,
    help="Agree to lose the data of this one. Repeatable.",
)
@options.where
@options.yes
@options.output()
def command(
    doomed: tuple[str, ...],
    allow_data_loss: tuple[str, ...],
    where: Where,
    yes: bool,
    form: str,
) -> int:
    """List what no known stack owns; delete of it what is named.

    Looks in every place of the target for objects with our labels whose stack this store does not
    know, and for volumes that were released with their data. They may be another team's, with a
    store of its own: nothing is deleted but what --delete names, and that asks at a terminal or
    needs --yes. What holds data takes --allow-data-loss with its name as well.
    """
    with opening.stack(where) as stack:
        if doomed:
            return _delete(stack, doomed, allow_data_loss, yes, form)
        found = stack.garbage()
    for each in found.unread:
        output.say(f"warning: could not be read: {each}")
    if form != "text":
        strays = [each.as_json() for each in found.strays]
        output.emit({"strays": strays, "unread": list(found.unread)}, form)
    else:
        _table(found)
    return 0


def _delete(
    stack: Stack, doomed: Sequence[str], losses: Sequence[str], yes: bool, form: str
) -> int:
    from .. import documents
    from ..asking import ask
    from ..progress import listener
    from ..render import summary
    from ..stopping import Stopping

    if not yes and terminal.can_ask():
        output.say(f"This deletes {', '.join(doomed)}.")
        ask()
        yes = True
    with Stopping(stack.stop) as stopping:
        stopping.arm()
        report = stack.collect(doomed, yes=yes, allow_data_loss=losses, report=listener())
        code = stopping.exit_code(report.exit_code)
    if form == "text":
        output.line(summary.text(report, terminal.painter(sys.stdout)))
    else:
        output.emit(documents.report(report), form)
    return code


def _table(found: Garbage) -> None:
    from ..render import tables

    if not found.strays:
        output.say("There is nothing of ours that belongs to no known stack.")
        return
    rows = [
        (
            each.address,
            each.found.name,
            each.found.place,
            each.stack,
            each.resource,
            "released" if each.released else "unknown stack",
            "yes" if each.precious else "",
        )
        for each in found.strays
    ]
    head = ("ADDRESS", "NAME", "PLACE", "STACK", "RESOURCE", "WHY", "DATA")
    output.line(tables.table(head, rows, terminal.painter(sys.stdout)))
