"""`cloudabstract wait`: until a resource is as somebody needs it."""

from __future__ import annotations

import click

from .. import completing, opening, options, output
from ..options import DURATION, RESOURCE, Where
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract wait lb/web --for Programmed", "Until the balancer has its addresses."),
    ("cloudabstract wait vc/data --for Bound --timeout 2m", "At most two minutes for a claim."),
    ("cloudabstract wait lb/web --for Degraded=False", "Until nothing of it is weakened."),
    ("cloudabstract wait lb/old --for deleted", "Until none of its objects is left."),
)


@click.command("wait", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 5, 8, 64, 70, 130))
@click.argument("resource", metavar="KIND/NAME", type=RESOURCE, shell_complete=completing.resources)
@click.option(
    "--for",
    "until",
    metavar="STATE",
    required=True,
    help="A condition (Programmed, Degraded=False), a phase (Bound), or deleted.",
)
@click.option(
    "--timeout", metavar="TIME", type=DURATION, default="5m", show_default=True, help="At most."
)
@options.where
@options.output()
def command(resource: str, until: str, timeout: float, where: Where, form: str) -> int:
    """Wait until a resource is as it should be.

    Looks at the target after 1 second, then 2, up to 10, and tells each change on standard
    error. STATE is a condition, which is True unless it says otherwise, a phase, or `deleted`;
    kubectl's `condition=Ready` and `phase=Bound` are taken, too. Exits 8 when the time is over.
    """
    from cloudabstract.errors import CloudAbstractError

    from .. import names

    with opening.stack(where) as stack:
        known = [str(each.key) for each in stack.applied()]
        if resource not in known and until.lower() != "deleted":
            near = names.nearest(resource, known)
            hint = f"did you mean {near!r}?" if near else "`get` lists what was applied"
            raise CloudAbstractError(f"there is no {resource} in what was applied\nhint: {hint}")
        state = stack.wait(resource, until, timeout=timeout, seen=output.say)
    if form != "text":
        output.emit({"resource": resource, "for": until, "state": state}, form)
    return 0
