"""`cloudabstract adopt`: make something that exists a resource of the stack."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cloudabstract.errors import CloudAbstractError

from .. import opening, options, output, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.engine.keeping.discovering import Discovery
    from cloudabstract.model import Resource

_EXAMPLES = (
    ("cloudabstract adopt Volume/archive", "As `discover` prints it; its document is printed."),
    ("cloudabstract adopt lb/front --as web >> shop.yaml", "Under a name of your own."),
    ("cloudabstract adopt vol-0a1b2c -f shop.yaml --as archive", "Into the place that a spec has."),
)


@click.command("adopt", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 3, 4, 5, 64, 70, 130, 143))
@click.argument("which", metavar="KIND/NAME|ID")
@click.option("--as", "name", metavar="NAME", help="What it is called from now on.")
@options.sources
@options.where
@options.output()
def command(which: str, name: str | None, sources: tuple[str, ...], where: Where, form: str) -> int:
    """Put owner's labels on something that exists.

    Names something as `discover` prints it, or by the id of one of its objects. Its objects get the
    labels of this stack, and nothing else of them changes. Its document joins what was applied
    last and is printed; put it into your spec, and the next plan is empty.

    With -f it becomes what the spec says under that name; what differs is for the next plan. An
    object that differs in something that cannot change is not adopted (exit 5).
    """
    from cloudabstract import spec as specs

    from .. import discoveries, documents
    from ..progress import listener
    from ..render import summary
    from ..stopping import Stopping

    with opening.stack(where) as stack, Stopping(stack.stop) as stopping:
        found = discoveries.one(stack.discover(), which)
        resource = _wanted(found, name, sources)
        stopping.arm()
        report = stack.adopt(found, resource, report=listener())
        code = stopping.exit_code(report.exit_code)
    if form != "text":
        output.emit(documents.report(report), form)
        return code
    output.write(specs.render([resource]))
    output.say(summary.text(report, terminal.painter(sys.stderr)))
    for each in report.plan.left_out:
        output.say(f"The next apply will {each.change.action.value} {each.change.part}.")
    return code


def _wanted(found: Discovery, name: str | None, sources: tuple[str, ...]) -> Resource:
    """What the discovery becomes. Raises CloudAbstractError when the spec has no such resource."""
    resource = found.resource
    if name is not None:
        resource = replace(resource, metadata=replace(resource.metadata, name=name))
    if not sources:
        return resource
    spec = opening.spec(sources)
    written = spec.get(resource.key)
    if written is None:
        from .. import names

        near = names.nearest(str(resource.key), [str(each.key) for each in spec])
        hint = f"did you mean --as {near.rpartition('/')[2]}?" if near else "name it with --as"
        raise CloudAbstractError(f"the spec has no {resource.key}\nhint: {hint}")
    return written
