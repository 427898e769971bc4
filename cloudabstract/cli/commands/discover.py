"""`cloudabstract discover`: what nobody here made, in portable words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .. import completing, opening, options, output
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine.keeping.discovering import Discovery

_EXAMPLES = (
    ("cloudabstract discover -t prod", "Everything, as documents that can be kept."),
    ("cloudabstract discover -t prod --kind vol > volumes.yaml", "Volumes alone, into a file."),
    ("cloudabstract discover -o json", "With the objects behind each, for a script."),
)


@click.command("discover", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 5, 64, 70))
@click.option(
    "--kind",
    "kinds",
    metavar="KIND",
    multiple=True,
    shell_complete=completing.kinds,
    help="Only of this kind. Repeatable.",
)
@options.where
@options.output()
def command(kinds: tuple[str, ...], where: Where, form: str) -> int:
    """Print what nobody here made, as portable documents.

    Lists every object of the target that no stack owns, and says what they amount to: the
    documents that would make such objects. They name no id, so they plan on any target; comments
    tell which objects each is, and what no portable field can say. `adopt` makes one of them a
    resource of the stack. What was released is listed, too.
    """
    from .. import discoveries, names

    with opening.stack(where) as stack:
        found = stack.discover([names.kind(each) for each in kinds])
    if form == "text":
        _print(found)
    else:
        output.emit([discoveries.as_json(each) for each in found], form)
    return 0


def _print(found: tuple[Discovery, ...]) -> None:
    from .. import discoveries

    if found:
        output.write(discoveries.text(found))
    else:
        output.say("There is nothing here that belongs to no stack.")
