"""`cloudabstract describe`: all there is to know about one resource, and what to do next."""

from __future__ import annotations

import sys

import click

from .. import completing, options, output, terminal
from ..options import Where
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract describe lb/web", "Conditions, addresses, parts, events, next step."),
    ("cloudabstract describe vc data -n shop", "A claim of another namespace."),
)


@click.command("describe", cls=Verb, examples=_EXAMPLES)
@click.argument(
    "what", nargs=-1, required=True, metavar="KIND/NAME", shell_complete=completing.kinds
)
@options.sources
@options.where
@options.namespace
@options.output()
def command(
    what: tuple[str, ...],
    sources: tuple[str, ...],
    where: Where,
    namespace: str | None,
    form: str,
) -> int:
    """Tell all there is to know about one resource.

    What was asked for, its conditions, the native objects behind it, what was done to it and with
    which outcome, the exact errors of the target, and what to do next.
    """
    from .. import describing, looking, names
    from ..render import description

    if not any(pick.name for pick in names.picks(what)):
        raise click.UsageError("name one resource, as in `describe lb/web`")
    with looking.look(where, sources) as (stack, report):
        row = looking.one(looking.everything(report), what, namespace)
        story = describing.describe(stack, report, row)
    if form == "text":
        output.line(description.text(story, terminal.painter(sys.stdout)))
    else:
        output.emit(describing.as_json(story), form)
    return 0
