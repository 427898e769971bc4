"""`cloudabstract render`: a spec as it was understood, as portable YAML or Kubernetes manifests."""

from __future__ import annotations

import click

from .. import opening, options, output
from ..verb import Verb

_EXAMPLES = (
    ("helm template shop | cloudabstract render -f -", "What manifests mean in portable words."),
    ("cloudabstract render -f shop/ -o kubernetes", "Our documents as Kubernetes manifests."),
)


@click.command("render", cls=Verb, examples=_EXAMPLES, exits=(0, 5, 64, 70))
@options.sources
@options.output("yaml", "kubernetes", "json")
def command(sources: tuple[str, ...], form: str) -> int:
    """Print a spec as portable documents, or as Kubernetes manifests.

    Manifests are read like any document, and come out in portable words; `validate` tells what
    of them is not honoured. With -o kubernetes, resources come out as manifests of the kinds that
    Kubernetes has; what it has no words for is in the annotation cloudabstract.dev/spec. Whatever
    is printed reads back as the same spec.
    """
    from cloudabstract import spec as specs
    from cloudabstract.model import wire

    spec = opening.spec(sources)
    if form == "json":
        output.emit([wire.to_document(each) for each in spec], "json")
    elif form == "kubernetes":
        from cloudabstract.spec import kubernetes

        output.write(kubernetes.render(spec))
    else:
        output.write(specs.render(spec))
    return 0
