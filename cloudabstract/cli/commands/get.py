"""`cloudabstract get`: resources with their status, one line each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .. import options, output, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine import Report

    from ..render.statuses import Row

_EXAMPLES = (
    ("cloudabstract get", "Everything in namespace default, by kind."),
    ("cloudabstract get lb", "Balancers, with their addresses."),
    ("cloudabstract get vc/data -o yaml", "One claim with everything that is known about it."),
    ("cloudabstract get volumes -A -l app=shop -o name", "Names, for a script."),
)
_CLASSES = ("VolumeClass", "VolumeAttributesClass")


@click.command("get", cls=Verb, examples=_EXAMPLES)
@options.what
@options.sources
@options.where
@options.namespace
@click.option("-A", "--all-namespaces", is_flag=True, help="Of all namespaces.")
@click.option("-l", "--selector", metavar="LABELS", help="Only these: app=shop,tier!=db,!old.")
@options.output("text", "wide", "json", "yaml", "name")
def command(
    what: tuple[str, ...],
    sources: tuple[str, ...],
    where: Where,
    namespace: str | None,
    all_namespaces: bool,
    selector: str | None,
    form: str,
) -> int:
    """List resources with their status.

    The status is read from the target now. Which resources there are is known from the last apply,
    or from the spec that -f names. Volumes that were made for a claim are listed, too, and so are
    the classes of the target when they are asked for.

    Kinds are taken in every spelling: LoadBalancer, loadbalancers, lb; names as KIND/NAME,
    KIND NAME or KIND/NAMESPACE/NAME.
    """
    from cloudabstract.model import DEFAULT_NAMESPACE

    from .. import documents, looking, names, selectors

    picks = names.picks(what)
    chosen = selectors.parse(selector) if selector else None
    inside = None if all_namespaces or _named(picks) else namespace or DEFAULT_NAMESPACE
    with looking.look(where, sources) as (_, report):
        rows = looking.picked(looking.everything(report), picks, inside, chosen)
        if all(pick.kind == "" for pick in picks):
            rows = [row for row in rows if row.key.kind not in _CLASSES]
    if form == "name":
        for row in rows:
            output.line(str(row.key))
    elif form in ("json", "yaml"):
        output.emit(list(documents.resources(report, [row.key for row in rows])), form)
    else:
        _print(rows, report, all_namespaces, form == "wide")
    return 0


def _named(picks: Sequence[object]) -> bool:
    """Whether the words themselves say in which namespace."""
    return any(getattr(pick, "namespace", "") for pick in picks)


def _print(rows: list[Row], report: Report, with_namespace: bool, wide: bool) -> None:
    from ..render import listing

    if rows:
        output.line(listing.text(rows, terminal.painter(sys.stdout), with_namespace, wide))
    elif not report.plan.desired.asked:
        output.say("Nothing was applied yet; `cloudabstract apply -f FILE` does.")
    else:
        output.say("There is nothing like that.")
