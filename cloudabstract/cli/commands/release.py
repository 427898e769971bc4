"""`cloudabstract release`: let go of a resource, whose objects stay."""

from __future__ import annotations

import sys

import click

from cloudabstract.errors import ConsentError

from .. import completing, opening, options, output, terminal
from ..options import RESOURCE, Where
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract release vol/archive", "The volume stays, with its data, and is nobody's."),
    ("cloudabstract release lb/web --yes", "Without asking; take it out of the spec as well."),
)


@click.command("release", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 3, 4, 5, 6, 64, 70, 130, 143))
@click.argument("resource", metavar="KIND/NAME", type=RESOURCE, shell_complete=completing.resources)
@options.where
@options.yes
@options.output()
def command(resource: str, where: Where, yes: bool, form: str) -> int:
    """Take owner's labels off, and leave the objects.

    The objects of the resource go on as they are, and belong to nobody: no apply changes or
    deletes them any more, and `adopt` can give them to another stack. The resource leaves what was
    applied last; take it out of your spec, or the next plan finds its names taken. What is
    protected is not released. Asks at a terminal, and needs --yes without one.
    """
    from .. import documents
    from ..progress import listener
    from ..render import summary
    from ..stopping import Stopping

    if not yes:
        _ask(resource)
    with opening.stack(where) as stack, Stopping(stack.stop) as stopping:
        stopping.arm()
        report = stack.release(resource, report=listener())
        code = stopping.exit_code(report.exit_code)
    if form != "text":
        output.emit(documents.report(report), form)
        return code
    output.line(summary.text(report, terminal.painter(sys.stdout)))
    if not code:
        output.say(f"hint: take {resource} out of your spec now")
    return code


def _ask(resource: str) -> None:
    if not terminal.can_ask():
        raise ConsentError(f"{resource} would belong to nobody\nhint: agree with --yes")
    output.tell(f"{resource} will belong to nobody, and stay. Type `yes` to let it go: ")
    if sys.stdin.readline().strip() != "yes":
        raise ConsentError("not agreed to; nothing was changed")
