"""`cloudabstract delete`: what a spec names, or everything that the stack owns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from cloudabstract.errors import ConsentError

from .. import opening, options
from ..options import DURATION, RESOURCE, Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine import Plan
    from cloudabstract.model import ResourceKey

_EXAMPLES = (
    ("cloudabstract delete -f old.yaml", "Delete what this file names; the rest stays."),
    ("cloudabstract delete --stack shop --all", "Delete everything that stack shop owns."),
    (
        "cloudabstract delete --stack shop --all --yes --retain-data",
        "The same without questions; volumes stay, Released, with their data.",
    ),
)


@click.command(
    "delete", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 3, 4, 5, 6, 8, 64, 70, 130, 143)
)
@options.sources
@click.option("--all", "everything", is_flag=True, help="All that the stack owns; needs --stack.")
@options.where
@click.option(
    "--retain-data", is_flag=True, help="Volumes that go are kept, Released, with their data."
)
@click.option(
    "--allow-data-loss",
    metavar="KIND/NAME",
    type=RESOURCE,
    multiple=True,
    help="Agree to lose the data of this volume or claim. Repeatable.",
)
@options.yes
@click.option(
    "--wait",
    metavar="TIME",
    type=DURATION,
    help="Wait this long while another run holds the stack.",
)
@options.output()
def command(
    sources: tuple[str, ...],
    everything: bool,
    where: Where,
    retain_data: bool,
    allow_data_loss: tuple[str, ...],
    yes: bool,
    wait: float | None,
    form: str,
) -> int:
    """Delete what a spec names, or all that a stack owns.

    With -f, the resources that the files name are deleted, and what else was last applied stays as
    it is written there. Without -f it takes --stack and --all, and everything the stack owns goes.

    Users go before what they use. Volumes whose reclaim policy is Retain are released and
    keep their data; those with Delete need --allow-data-loss by name, or --retain-data.
    """
    from cloudabstract.engine import Options

    from ..applying import Run

    _check_choice(sources, everything, where)
    losses = frozenset(allow_data_loss)
    with opening.stack(where, wait=wait) as stack:
        named = {each.key for each in opening.spec(sources)} if sources else None
        stays = [] if named is None else [r for r in stack.applied() if r.key not in named]
        check = _allow_all if named is None else _only(named)
        run = Run(yes, losses, form, "delete", check)
        return run.spec(stack, stays, Options(True, retain_data, losses))


def _check_choice(sources: tuple[str, ...], everything: bool, where: Where) -> None:
    if sources and everything:
        raise click.UsageError("name resources with -f, or all with --stack and --all, not both")
    if not sources and not (everything and where.stack):
        raise click.UsageError("without -f, delete needs --stack NAME and --all")


def _allow_all(plan: Plan) -> None:
    """Everything may go."""


def _only(named: Iterable[ResourceKey]) -> Callable[[Plan], None]:
    """Refuses plans that end anything else: after the loss of history nobody knows what stays."""
    from ..asking import destructive

    wanted = {str(key) for key in named}

    def check(plan: Plan) -> None:
        others = {
            change.claim or str(change.part.resource)
            for change in plan.changes
            if destructive(change.as_json())
            and not wanted & {change.claim, str(change.part.resource)}
        }
        if others:
            raise ConsentError(
                f"this would also end {', '.join(sorted(others))}, which the files do not name\n"
                "hint: `apply` the whole spec first, or delete everything with --stack and --all"
            )

    return check
