"""The program `cloudabstract`: a group that imports a command when it is run, and no sooner."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from . import running, table

_HELP = """One portable, declarative spec for load balancers, volumes and claims; any target.

Write what you want once, in the vocabulary of Kubernetes. `plan` shows what would be done on the
target that cloudabstract.yaml names, `apply` does it, and a second `apply` changes nothing.
"""
_EPILOG = """Start with `cloudabstract plan -f FILE`. Every command has --help with examples;
`cloudabstract explain` explains kinds, fields, codes and exit codes.
"""


class Program(click.Group):
    """Knows its commands by the table alone until one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the sections."""
        return list(table.SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        return table.load(cmd_name) if cmd_name in table.SUMMARIES else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names. Raises UsageError with the nearest one."""
        if args[0] not in table.SUMMARIES and not args[0].startswith("-"):
            from .names import nearest

            near = nearest(args[0], table.SUMMARIES)
            hint = f"; did you mean {near!r}?" if near else ""
            raise click.UsageError(f"there is no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, which needs no import."""
        for section, commands in table.SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl(list(commands.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run the command line and exit with its code."""
        self._main_shell_completion(extra, prog_name or running.PROGRAM, complete_var)
        arguments = sys.argv[1:] if args is None else list(args)
        sys.exit(running.run(self, arguments, **extra))


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from . import output, versions

        output.line(f"{running.PROGRAM} {versions.own()}")
        ctx.exit()


main = Program(
    name=running.PROGRAM,
    help=_HELP,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version and exit.",
        )
    ],
)
