"""`cloudabstract get`: resources with their status, one line each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .. import options, output, terminal
from ..options import DURATION, Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine import Report

    from ..following import Printer
    from ..looking import Asked
    from ..render.statuses import Row

_EXAMPLES = (
    ("cloudabstract get", "Everything in namespace default, by kind."),
    ("cloudabstract get lb", "Balancers, with their addresses."),
    ("cloudabstract get vc/data -o yaml", "One claim with everything that is known about it."),
    ("cloudabstract get volumes -A -l app=shop -o name", "Names, for a script."),
    ("cloudabstract get lb -w", "Balancers, and each of them again whenever it changes."),
)


@click.command("get", cls=Verb, examples=_EXAMPLES)
@options.what
@options.sources
@options.where
@options.namespace
@click.option("-A", "--all-namespaces", is_flag=True, help="Of all namespaces.")
@click.option("-l", "--selector", metavar="LABELS", help="Only these: app=shop,tier!=db,!old.")
@click.option("-w", "--watch", is_flag=True, help="Go on with what changes, until stopped.")
@click.option(
    "--every",
    metavar="TIME",
    type=DURATION,
    default="5s",
    show_default=True,
    help="Between two looks with --watch.",
)
@options.output("text", "wide", "json", "yaml", "name")
def command(
    what: tuple[str, ...],
    sources: tuple[str, ...],
    where: Where,
    namespace: str | None,
    all_namespaces: bool,
    selector: str | None,
    watch: bool,
    every: float,
    form: str,
) -> int:
    """List resources with their status.

    The status is read from the target now. Which resources there are is known from the last apply,
    or from the spec that -f names. Volumes that were made for a claim are listed, too, and so are
    the classes of the target when they are asked for.

    Kinds are taken in every spelling: LoadBalancer, loadbalancers, lb; names as KIND/NAME,
    KIND NAME or KIND/NAMESPACE/NAME.

    With --watch the target is looked at again every 5 seconds, and each resource that has changed
    is printed anew: a row, or a document of JSON or YAML by itself. What is gone is printed once
    more, as Deleted. Ctrl-C ends it.
    """
    from .. import looking

    chosen = _asked(what, namespace, selector, all_namespaces)
    if watch:
        _follow(where, sources, chosen, _printer(form, all_namespaces), every)
        return 0
    with looking.look(where, sources) as (_, report):
        rows = chosen.rows(report)
    _tell(rows, report, form, all_namespaces)
    if namespace is None and form in ("text", "wide"):
        _tell_of_others(chosen, report)
    return 0


def _asked(
    what: Sequence[str], namespace: str | None, selector: str | None, everywhere: bool
) -> Asked:
    from cloudabstract.model import DEFAULT_NAMESPACE

    from .. import names, selectors
    from ..looking import Asked

    picks = names.picks(what)
    named = any(pick.namespace for pick in picks)  # the words themselves say in which namespace
    inside = None if everywhere or named else namespace or DEFAULT_NAMESPACE
    return Asked(picks, inside, selectors.parse(selector) if selector else None)


def _printer(form: str, with_namespace: bool) -> Printer:
    from .. import following

    if form in ("text", "wide"):
        return following.Table(with_namespace, form == "wide")
    return following.Documents(form)


def _follow(
    where: Where, sources: Sequence[str], chosen: Asked, printer: Printer, every: float
) -> None:
    from .. import following, opening
    from ..stopping import Stopping

    with opening.stack(where) as stack:
        spec = opening.spec(sources) if sources else None
        with Stopping(stack.stop):  # nothing is ever written: a signal ends it at once
            following.follow(stack.looks(spec, every=every), chosen.rows, printer)


def _tell(rows: list[Row], report: Report, form: str, with_namespace: bool) -> None:
    from .. import documents

    if form == "name":
        for row in rows:
            output.line(str(row.key))
    elif form in ("json", "yaml"):
        output.emit(list(documents.resources(report, [row.key for row in rows])), form)
    else:
        _print(rows, report, with_namespace, form == "wide")


def _tell_of_others(chosen: Asked, report: Report) -> None:
    """Where more of what was asked for is, if nobody said in which namespace to look."""
    everywhere = replace(chosen, namespace=None).rows(report)
    others = {row.key.namespace for row in everywhere} - {"", chosen.namespace}
    if chosen.namespace is not None and others:
        output.say(f"There is more in {', '.join(sorted(others))}: see it with -n, or -A.")


def _print(rows: list[Row], report: Report, with_namespace: bool, wide: bool) -> None:
    from ..render import listing

    if rows:
        output.line(listing.text(rows, terminal.painter(sys.stdout), with_namespace, wide))
    elif not report.plan.desired.asked:
        output.say("Nothing was applied yet; `cloudabstract apply -f FILE` does.")
    else:
        output.say("There is nothing like that.")
