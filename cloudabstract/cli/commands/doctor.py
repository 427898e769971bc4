"""`cloudabstract doctor`: is everything here that an apply needs?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cloudabstract.errors import CallError, CloudAbstractError

from .. import opening, options, output, terminal
from ..options import Where
from ..redaction import redact
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.provider import Finding
    from cloudabstract.stack import Stack

_EXAMPLES = (
    ("cloudabstract doctor", "Check the default target."),
    ("cloudabstract doctor -t prod -o json", "Check another one, for a script."),
)


@click.command("doctor", cls=Verb, examples=_EXAMPLES)
@options.where
@options.output()
def command(where: Where, form: str) -> int:
    """Check configuration, store and target.

    Tells which configuration is in force, whether the store can be used and who holds the stack,
    which plugins are broken, and what the target says of itself: identity, permissions, quotas,
    tools. What is not well has a remedy. Exits 1 when something is not.
    """
    with opening.stack(where) as stack:
        findings = list(_findings(stack))
    well = all(each.ok for each in findings)
    if form != "text":
        output.emit({"ok": well, "findings": [vars(each) for each in findings]}, form)
        return 0 if well else 1
    paint = terminal.painter(sys.stdout)
    for each in findings:
        mark = paint("ok  ", "green") if each.ok else paint("FAIL", "red", "bold")
        output.line(f"{mark}  {each.name}: {terminal.harmless(redact(each.message))}")
        if each.remedy and not each.ok:
            output.line(f"      hint: {terminal.harmless(redact(each.remedy))}")
    return 0 if well else 1


def _findings(stack: Stack) -> Iterator[Finding]:
    from cloudabstract.plugins import Plugins
    from cloudabstract.provider import Finding

    config = stack.config
    yield Finding(
        "configuration",
        True,
        f"stack {stack.name} on target {stack.target.name}, from {config.file or 'defaults'}",
    )
    for name, text in Plugins(config.plugins).broken.items():
        yield Finding(f"plugin {name}", False, text, "install it again, or leave it out")
    yield from _store(stack)
    try:
        yield from stack.doctor()
    except CallError as error:
        remedy = error.failure.remedy or "check credentials and network"
        yield Finding(f"target {stack.target.name}", False, str(error.failure), remedy)


def _store(stack: Stack) -> Iterator[Finding]:
    from cloudabstract.provider import Finding

    try:
        holder = stack.store.holder(stack.name)
        unfinished = [each for each in stack.history() if each.outcome == "unfinished"]
        open_calls = stack.store.open_intents(stack.name)
    except CloudAbstractError as error:
        yield Finding("store", False, str(error), "set another one with --store")
        return
    yield Finding("store", True, f"{stack.store.path} can be used")
    if holder is not None:
        yield Finding("lease", True, f"held by {holder}")
    if open_calls or (unfinished and holder is None):
        text = f"{len(open_calls)} calls were begun and never ended"
        yield Finding("last run", False, text, "apply again: it looks first, and goes on")
