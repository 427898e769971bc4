"""`cloudabstract validate`: are these documents valid, and could the target do what they ask?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .. import codes, opening, options, output, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.spec import Checked

    from ..validating import Remark, Verdict

_EXAMPLES = (
    ("cloudabstract validate -f shop/", "Check every document below a folder."),
    ("cloudabstract validate -f shop/ -t prod", "Also what target prod could not do."),
    ("helm template shop | cloudabstract validate -f - -o json", "What becomes of each document."),
)


@click.command("validate", cls=Verb, examples=_EXAMPLES, exits=(0, 5, 64, 70))
@options.sources
@options.target
@options.output()
def command(sources: tuple[str, ...], where: Where, form: str) -> int:
    """Check documents without touching anything.

    Every document of every input is listed once: managed (we provision it), recognised (a known
    kind that is not ours to provision, never an error) or unknown. All problems are told at once,
    with file, line and field.

    With -t the capabilities of that target are checked, too. No connection is opened: what
    only the target can know is left to `plan`.
    """
    from cloudabstract import spec as specs

    from .. import inputs, validating
    from ..validating import REJECT, WARNING, Remark

    if not sources:
        raise click.UsageError("name the documents with -f: a file, a folder, or -")
    checked = specs.read(list(sources))
    remarks = [Remark(each) for each in checked.problems]
    remarks += [Remark(each, WARNING) for each in checked.warnings]
    remarks += [
        Remark(problem, severity)
        for reading in checked.spec.readings
        for severity, problem in inputs.remarks(reading)
    ]
    if where.target is not None:
        remarks += _of_target(checked, where)
    told = validating.verdicts(checked.spec.readings, remarks)
    if form == "text":
        _print(told)
    else:
        output.emit(validating.as_json(told), form)
    wrong = any(each.severity == REJECT for each in remarks)
    return codes.REJECTED if wrong else 0


def _of_target(checked: Checked, where: Where) -> Iterator[Remark]:
    from cloudabstract.engine.planning import located

    from .. import offline
    from ..validating import Remark

    with opening.stack(where) as stack:
        locate = located.locator(checked.spec)
        for each in offline.objections(checked.spec, stack.target.provider):
            yield Remark(locate(each), each.severity.value)


def _print(told: list[Verdict]) -> None:
    from .. import failures, validating

    paint = terminal.painter(sys.stdout)
    for verdict in told:
        reading = verdict.reading
        document = reading.document
        name = terminal.harmless(document.subject or "(no kind)")
        reason = terminal.harmless(f"  {reading.reason}" if reading.reason else "")
        place = f"{document.file}:{document.line}"
        output.line(f"{place}  {paint(name, 'bold')}  {reading.disposition}{reason}")
        for remark in verdict.remarks:
            severity = paint(remark.severity, "red" if remark.severity == "reject" else "yellow")
            problem = replace(remark.problem, file="", subject="")
            lines = "\n  ".join(failures.problem_lines(problem, paint))
            output.line(f"  {severity} line {problem.line}: {lines}")
    output.line(validating.summary(told))
