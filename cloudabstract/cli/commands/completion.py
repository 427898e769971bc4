"""`cloudabstract completion`: a script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .. import output
from ..verb import Verb

_EXAMPLES = (
    ('eval "$(cloudabstract completion bash)"', "In ~/.bashrc."),
    ('eval "$(cloudabstract completion zsh)"', "In ~/.zshrc."),
    (
        "cloudabstract completion fish > ~/.config/fish/completions/cloudabstract.fish",
        "For fish.",
    ),
)


@click.command("completion", cls=Verb, examples=_EXAMPLES, exits=(0, 64))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print a completion script for a shell.

    Completes commands, options, kinds and the names of targets.
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"there is no completion for {shell}")
    script = found(ctx.find_root().command, {}, "cloudabstract", "_CLOUDABSTRACT_COMPLETE")
    output.line(script.source_template % script.source_vars())
    return 0
