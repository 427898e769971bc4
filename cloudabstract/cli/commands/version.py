"""`cloudabstract version`: ours, the providers', and Python's."""

from __future__ import annotations

import platform

import click

from .. import options, output, versions
from ..verb import Verb

_EXAMPLES = (("cloudabstract version -o json", "For a bug report or a script."),)


@click.command("version", cls=Verb, examples=_EXAMPLES, exits=(0,))
@options.output()
def command(form: str) -> int:
    """Print versions.

    Of cloudabstract, of the installed providers and other plugins, and of Python. Nothing is
    imported for it.
    """
    found = {
        versions.APP: versions.own(),
        **versions.plugins(),
        "python": platform.python_version(),
    }
    if form != "text":
        output.emit(found, form)
        return 0
    width = max(map(len, found))
    for name, version in found.items():
        output.line(f"{name:<{width}}  {version}")
    return 0
