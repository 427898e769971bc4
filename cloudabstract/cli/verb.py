"""What every command has: examples and exit codes in its help, -v, --log-format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from . import codes

_LOGGING = (
    click.Option(
        ["-v", "--verbose"], count=True, help="Log more to standard error; -vv still more."
    ),
    click.Option(
        ["--log-format"],
        type=click.Choice(["text", "json"]),
        default="text",
        help="How log lines look.",
    ),
)


class Verb(click.Command):
    """One command. `examples` are (command line, what it does); `exits` are exit codes."""

    def __init__(
        self,
        *args: Any,
        examples: Sequence[tuple[str, str]] = (),
        exits: Sequence[int] = (0, 1, 5, 64),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_LOGGING)
        self.context_settings.setdefault("max_content_width", 100)
        self.context_settings.setdefault("help_option_names", ["-h", "--help"])
        self._examples = examples
        self._exits = exits

    def invoke(self, ctx: click.Context) -> Any:
        """Set up logging and run."""
        from . import logs

        logs.set_up(ctx.params.pop("verbose"), ctx.params.pop("log_format"))
        return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples and exit codes."""
        if self._examples:
            with formatter.section("Examples"):
                for number, (line, what) in enumerate(self._examples):
                    if number:
                        formatter.write("\n")
                    formatter.write(f"{'':>{formatter.current_indent}}$ {line}\n")
                    formatter.indent()
                    formatter.write_text(what)
                    formatter.dedent()
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), codes.EXIT_CODES[code][1]) for code in self._exits])
