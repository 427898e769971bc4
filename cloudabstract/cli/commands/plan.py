"""`cloudabstract plan`: what apply would do, and why. Reads only."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cloudabstract.errors import CloudAbstractError

from .. import codes, opening, options, output, terminal
from ..options import Choice, Where, Wishes
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine import Plan

    from ..documents import Locate

_EXAMPLES = (
    ("cloudabstract plan -f shop.yaml", "What would be done on the default target."),
    ("cloudabstract plan -f shop/ -t prod --out plan.json", "Keep the plan, to apply just that."),
    ("cloudabstract plan -f shop/ --detailed-exitcode", "Exit 2 when there are changes: for CI."),
    ("cloudabstract plan -f shop/ --only lb/web", "One balancer, and what it needs."),
    ("cloudabstract plan -f shop/ --exclude app=legacy", "All but what has this label."),
    ("helm template shop | cloudabstract plan -f - -o json", "From a pipe, for a script."),
)


@click.command("plan", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 2, 5, 6, 64, 70, 130))
@options.sources
@options.where
@options.wishes
@options.choice
@click.option("--out", metavar="FILE", help="Write the plan to a file, for `apply FILE`.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@options.output()
def command(
    sources: tuple[str, ...],
    where: Where,
    wishes: Wishes,
    choice: Choice,
    out: str | None,
    detailed_exitcode: bool,
    form: str,
) -> int:
    """Show what apply would do, and why.

    Reads the spec and the target and changes nothing. Each change is shown with the object it is
    about, one reason, its effect on users where it has one, and the fields that differ. What does
    not change is not shown. A spec is the whole stack: what the stack owns and the spec no longer
    names is shown as a deletion.

    What the target cannot do, what a policy forbids, and data lost without consent make it fail.
    """
    from cloudabstract.engine.planning import located

    from .. import choosing, documents
    from ..render import plan as drawing

    with opening.stack(where) as stack:
        spec = opening.spec(sources)
        plan = stack.engine.plan(spec.resources, choosing.options(wishes, choice, stack, spec))
        locate = located.locator(spec)
        told = documents.plan(plan, locate, spec)
        if form == "text":
            output.line(drawing.text(told, terminal.painter(sys.stdout), documents.authors(plan)))
        else:
            output.emit(told, form)
        refusal = _refusal(plan, wishes, locate)
    if refusal is not None:
        from .. import failures

        output.say(failures.text(refusal, terminal.painter(sys.stderr)))
        return refusal.exit_code
    if out is not None:
        _save(plan, Path(out))
    return codes.CHANGES if detailed_exitcode and not plan.empty else 0


def _refusal(plan: Plan, wishes: Wishes, locate: Locate) -> CloudAbstractError | None:
    """Why apply would refuse the plan, if it would; asking is left to apply."""
    from cloudabstract.engine import Consent
    from cloudabstract.engine.planning.consent import require

    try:
        require(plan, Consent(yes=True, data_loss=wishes.data_loss), locate)
    except CloudAbstractError as error:
        return error
    return None


def _save(plan: Plan, path: Path) -> None:
    from cloudabstract.engine.planning.saved import Saved

    try:
        path.write_text(json.dumps(Saved.of(plan).as_json(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CloudAbstractError(
            f"the plan cannot be written to {path}: {error.strerror}"
        ) from None
    output.say(f"The plan is in {path}; `cloudabstract apply {path}` does just that.")
