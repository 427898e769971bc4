"""`cloudabstract drift`: what others have changed since the last apply."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from .. import codes, opening, options, output, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloudabstract.engine.keeping.drift import Drift

_EXAMPLES = (
    ("cloudabstract drift", "What differs from what was applied last, the gravest first."),
    (
        "cloudabstract drift --detailed-exitcode",
        "Exit 2 when something has drifted: for a monitor.",
    ),
    ("cloudabstract drift --class security -o json", "What concerns security alone, for a script."),
)
_CLASSES = ("benign", "security", "data")


@click.command("drift", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 2, 5, 64, 70))
@options.sources
@options.where
@click.option(
    "--class", "grades", type=click.Choice(_CLASSES), multiple=True, help="Only these. Repeatable."
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when something has drifted.")
@options.output()
def command(
    sources: tuple[str, ...],
    where: Where,
    grades: tuple[str, ...],
    detailed_exitcode: bool,
    form: str,
) -> int:
    """Tell what others have changed since the last apply.

    Reads the target and changes nothing. Each object that is not as it was left is told with each
    field, as it should be and as it is, in one of three classes. data: something that holds bytes
    is gone, or has another size or another fate than was said. security: a field that says who gets
    in or what can be read. benign: everything else.

    `apply` puts right what can be put right, and so does `watch`. Without -f it is what was applied
    last that counts; a spec that was changed since is not drift. Exits 0, or with
    --detailed-exitcode 2 when something has drifted.
    """
    from ..render import drift as drawing

    with opening.stack(where) as stack:
        found = stack.drift(opening.spec(sources) if sources else None)
        names = {"stack": stack.name, "target": stack.target.name}
    told = [each for each in found if not grades or each.grade.value in grades]
    if form == "text":
        output.line(drawing.text(told, terminal.painter(sys.stdout)))
    else:
        output.emit({**names, **_as_json(told)}, form)
    return codes.CHANGES if detailed_exitcode and told else 0


def _as_json(told: Sequence[Drift]) -> dict[str, Any]:
    count = Counter(each.grade.value for each in told)
    return {
        "drift": [each.as_json() for each in told],
        "classes": {name: count[name] for name in _CLASSES},
    }
