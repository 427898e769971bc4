"""`cloudabstract apply`: make it so."""

from __future__ import annotations

import click

from .. import opening, options
from ..options import DURATION, Choice, Where, Wishes
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract apply -f shop.yaml", "Plan, ask if something is destroyed, and do it."),
    ("cloudabstract apply plan.json", "Do what `plan --out plan.json` showed, or refuse."),
    ("cloudabstract apply -f shop/ -t prod --yes -o json", "Without questions, for a script."),
    ("cloudabstract apply -f shop/ --only vc --only lb/web", "Some of it, and what that needs."),
    (
        "cloudabstract apply -f shop/ --allow-data-loss vc/scratch",
        "Agree that the data of VolumeClaim/scratch is lost, and of nothing else.",
    ),
)


@click.command(
    "apply", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 3, 4, 5, 6, 7, 8, 64, 70, 130, 143)
)
@click.argument("plan", required=False)
@options.sources
@options.where
@options.wishes
@options.choice
@options.yes
@click.option(
    "--wait",
    metavar="TIME",
    type=DURATION,
    help="Wait this long while another run holds the stack.",
)
@click.option(
    "--timeout",
    metavar="TIME",
    type=DURATION,
    help="Wait at most this long for one object to become ready. [default: 15m]",
)
@options.output()
def command(
    plan: str | None,
    sources: tuple[str, ...],
    where: Where,
    wishes: Wishes,
    choice: Choice,
    yes: bool,
    wait: float | None,
    timeout: float | None,
    form: str,
) -> int:
    """Make the target what the spec says.

    Shows the plan, asks if it has destructive steps, and does it, many objects at a time. What
    fails does not stop what does not need it: the rest goes on, and running the same command again
    goes on from there. A second apply changes nothing.

    Steps that delete, replace, release or change an address ask at a terminal, and need
    --yes without one. A step that loses data needs the reclaim policy Delete and --allow-data-loss
    with the name of the volume or claim.

    With --only or --exclude a part of the plan is done: what the chosen need is taken along, what
    needs the excluded is left out, and both are told. The next apply without them does the rest.

    PLAN is a file of `plan --out`: that plan runs, or nothing if the world has changed since.

    Ctrl-C finishes and records the calls in flight and exits with 130 (143 for SIGTERM); a second
    one exits at once.
    """
    from .. import choosing
    from ..applying import Run

    if (plan is None) == (not sources):
        raise click.UsageError("name either a spec with -f, or the file of a saved plan")
    run = Run(yes, wishes.data_loss, form)
    with opening.stack(where, wait=wait, timeout=timeout) as stack:
        if plan is not None:
            return run.saved(stack, opening.saved(stack, plan, wishes, choice))
        spec = opening.spec(sources)
        return run.spec(stack, spec, choosing.options(wishes, choice, stack, spec))
