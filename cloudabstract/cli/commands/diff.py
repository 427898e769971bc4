"""`cloudabstract diff`: what two revisions ask for, compared."""

from __future__ import annotations

import sys

import click

from .. import codes, completing, opening, options, output, terminal
from ..options import Where
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract diff --revision 3 5", "What revision 5 asks for that revision 3 did not."),
    ("cloudabstract diff --since 3 -o json", "From revision 3 to the last one, for a script."),
)


@click.command("diff", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 2, 5, 64, 70))
@click.option(
    "--revision",
    "pair",
    metavar="A B",
    type=int,
    nargs=2,
    shell_complete=completing.revisions,
    help="Two numbers that `history` lists.",
)
@click.option("--since", metavar="A", type=int, help="This revision and the last one.")
@options.where
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when they differ.")
@options.output()
def command(
    pair: tuple[int, int] | None,
    since: int | None,
    where: Where,
    detailed_exitcode: bool,
    form: str,
) -> int:
    """Compare the specs of two revisions.

    Resource by resource and field by field, in the words of the spec, with every default written
    out. Without options: the last two revisions. Nothing is read from the target; `plan` and
    `drift` do that.
    """
    from .. import comparing

    if pair is not None and since is not None:
        raise click.UsageError("name either two revisions, or the first one with --since")
    with opening.stack(where) as stack:
        first, second = pair or comparing.latest(stack.history(), since)
        told = comparing.compare(stack.resources_of(first), stack.resources_of(second))
    if form == "text":
        output.line(comparing.text(told, terminal.painter(sys.stdout)))
    else:
        output.emit({"from": first, "to": second, "resources": told}, form)
    return codes.CHANGES if detailed_exitcode and told else 0
