"""`cloudabstract schema`: JSON Schema, for editors and other tools."""

from __future__ import annotations

import click

from .. import completing, names, options, output
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract schema > cloudabstract.schema.json", "Of any document, for an editor."),
    ("cloudabstract schema lb", "Of a LoadBalancer alone."),
)


@click.command("schema", cls=Verb, examples=_EXAMPLES, exits=(0, 64))
@click.argument("kind", required=False, shell_complete=completing.kinds)
@options.output("json", "yaml", "text")
def command(kind: str | None, form: str) -> int:
    """Print the JSON Schema of documents.

    Without KIND it describes any document of ours, where the kind decides what else may stand
    there. An editor finds it by a first line in the file:

    \b
        # yaml-language-server: $schema=cloudabstract.schema.json
    """
    from cloudabstract.spec import schema

    found = schema.kind_schema(names.kind(kind)) if kind else schema.document_schema()
    output.emit(found, "yaml" if form == "yaml" else "json")
    return 0
