"""`cloudabstract tree`: resources, and the native objects they are made of."""

from __future__ import annotations

import sys

import click

from .. import options, output, terminal
from ..options import Where
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract tree", "Everything that was applied last."),
    ("cloudabstract tree lb/web", "One balancer: its listeners, pools and members."),
    ("cloudabstract tree -f shop.yaml", "What the spec will be made of, before it is applied."),
)


@click.command("tree", cls=Verb, examples=_EXAMPLES)
@options.what
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
    """Show resources and the native objects they are made of.

    Each object with its name, id and health on the target, or why it is not there. What a claim is
    made of stands below the claim.
    """
    from .. import looking, names
    from ..render import tree

    picks = names.picks(what)
    with looking.look(where, sources) as (stack, report):
        rows = looking.picked(looking.everything(report), picks, namespace, None)
        branches = tree.branches(report, [row.key for row in rows])
        title = f"{stack.name} on {stack.target.name}"
    if form == "text":
        output.line(tree.text(title, branches, terminal.painter(sys.stdout)))
    else:
        output.emit(tree.as_json(branches), form)
    return 0
