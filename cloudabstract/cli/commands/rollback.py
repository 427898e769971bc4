"""`cloudabstract rollback`: apply an earlier spec again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from cloudabstract.errors import CloudAbstractError

from .. import completing, opening, options, output, terminal
from ..options import RESOURCE, Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine import Plan

_EXAMPLES = (
    ("cloudabstract rollback", "Back to the spec of before the last change, after asking."),
    ("cloudabstract rollback --to 3 --dry-run", "What going back to revision 3 would do."),
    ("cloudabstract rollback --yes --keep-sizes", "Volumes that have grown stay as they are."),
)


@click.command(
    "rollback", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 3, 4, 5, 6, 8, 64, 70, 130, 143)
)
@click.option(
    "--to",
    metavar="REVISION",
    type=int,
    shell_complete=completing.revisions,
    help="A number that `history` lists. [default: the last one with another spec]",
)
@options.where
@click.option("--dry-run", is_flag=True, help="Show the plan, and do nothing.")
@click.option(
    "--keep-sizes", is_flag=True, help="Volumes that have grown since stay as large as they are."
)
@click.option(
    "--retain-data", is_flag=True, help="Volumes that go are kept, Released, with their data."
)
@click.option(
    "--allow-data-loss",
    metavar="KIND/NAME",
    type=RESOURCE,
    multiple=True,
    shell_complete=completing.resources,
    help="Agree to lose the data of this volume or claim. Repeatable.",
)
@options.yes
@options.output()
def command(
    to: int | None,
    where: Where,
    dry_run: bool,
    keep_sizes: bool,
    retain_data: bool,
    allow_data_loss: tuple[str, ...],
    yes: bool,
    form: str,
) -> int:
    """Apply the spec of an earlier revision again.

    A rollback is a plan like any other, made from the spec that was in force then: the same names,
    so the very objects of then where they still stand. It asks and is recorded like an apply.

    Not everything comes back: volumes do not shrink, deleted data is gone, a new address is another
    one. What cannot be undone is told before anything is done. A volume that has grown since
    stops the rollback, unless --keep-sizes lets it stay as large as it is.
    """
    from cloudabstract.engine import Options

    from ..applying import Run

    losses = frozenset(allow_data_loss)
    with opening.stack(where) as stack:
        number = to if to is not None else stack.rollback_target().number
        spec = stack.rollback_spec(number, keep_sizes=keep_sizes)
        output.say(f"Going back to the spec of revision {number}.")
        if dry_run:
            plan = stack.plan(spec, retain_data=retain_data, allow_data_loss=losses)
            return _show(plan, losses, form)
        run = Run(yes, losses, form, "rollback", _tell, _more)
        return run.spec(stack, spec, Options(True, retain_data, losses))


def _show(plan: Plan, losses: frozenset[str], form: str) -> int:
    """Print the plan; the code is that with which it would be refused, if it would."""
    from cloudabstract.engine import Consent
    from cloudabstract.engine.planning.consent import require

    from .. import documents, failures
    from ..render import plan as drawing

    told = {**documents.plan(plan), **_more(plan)}
    if form == "text":
        output.line(drawing.text(told, terminal.painter(sys.stdout), documents.authors(plan)))
        _tell(plan)
    else:
        output.emit(told, form)
    try:
        require(plan, Consent(yes=True, data_loss=losses))
    except CloudAbstractError as error:
        output.say(failures.text(error, terminal.painter(sys.stderr)))
        return error.exit_code
    return 0


def _more(plan: Plan) -> dict[str, Any]:
    from cloudabstract.stack.rollback import irreversible

    return {"irreversible": list(irreversible(plan))}


def _tell(plan: Plan) -> None:
    """What this rollback cannot undo, before it starts."""
    from cloudabstract.stack.rollback import irreversible

    lines = list(irreversible(plan))
    if lines:
        output.say("Cannot be undone:")
        for line in lines:
            output.say(f"  {terminal.harmless(line)}")
