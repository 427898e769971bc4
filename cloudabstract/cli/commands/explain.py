"""`cloudabstract explain`: kinds, fields, codes, exit codes, and why a claim waits."""

from __future__ import annotations

import click

from .. import options, output
from ..options import Where
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract explain lb", "A kind, and its fields."),
    ("cloudabstract explain lb.spec.ports.port", "One field: type, limits, default, meaning."),
    ("cloudabstract explain VO012", "A code of an objection, or of an error: THROTTLED."),
    ("cloudabstract explain exit 3", "An exit code; `explain exit` lists them all."),
    ("cloudabstract explain claim data -f shop.yaml", "Why no volume fits, volume by volume."),
)


@click.command("explain", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 5, 64))
@click.argument("words", nargs=-1, metavar="[KIND[.FIELD] | CODE | exit [CODE] | claim NAME]")
@options.sources
@options.where
@options.namespace
@options.output()
def command(
    words: tuple[str, ...],
    sources: tuple[str, ...],
    where: Where,
    namespace: str | None,
    form: str,
) -> int:
    """Explain a kind, a field, a code, or why a claim waits.

    `claim NAME` goes through every volume of the spec (or of what was applied last) and tells the
    first question that each one fails: size, mode, labels, class, zone, access modes.

    Without arguments: the kinds, and the families of codes.
    """
    from .. import explaining, explanation, names

    if len(words) == 2 and names.spellings().get(words[0].lower()) == "VolumeClaim":
        return _claim(words[1], sources, where, namespace, form)
    if len(words) == 2 and words[0].lower() == "claim":
        return _claim(words[1], sources, where, namespace, form)
    if sources or namespace:
        raise click.UsageError("-f and -n go with `explain claim NAME`")
    told = explaining.explain(words)
    if form == "text":
        output.line(explanation.text(told))
    else:
        output.emit(told.as_json(), form)
    return 0


def _claim(
    name: str, sources: tuple[str, ...], where: Where, namespace: str | None, form: str
) -> int:
    from cloudabstract.model import DEFAULT_NAMESPACE

    from .. import binding, opening

    with opening.stack(where) as stack:
        spec = opening.spec(sources) if sources else stack.applied()
        plan = stack.engine.plan(tuple(spec))
        told = binding.answers(plan, name, namespace or DEFAULT_NAMESPACE)
    if form == "text":
        output.line(binding.text(told))
    else:
        output.emit(told.as_json(), form)
    return 0
