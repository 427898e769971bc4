"""Opens what a command works with, from its options."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from .options import Choice, Where, Wishes

if TYPE_CHECKING:
    from cloudabstract.engine.planning.saved import Saved
    from cloudabstract.spec import Spec
    from cloudabstract.spec.config import Config
    from cloudabstract.stack import Stack


@contextmanager
def stack(
    where: Where, *, wait: float | None = None, timeout: float | None = None
) -> Iterator[Stack]:
    """The stack that the options name. `wait`, `timeout`: seconds for the lease, for an object.

    Raises ConfigError when configuration and options do not fit together.
    """
    from cloudabstract.engine import Limits, Settings
    from cloudabstract.stack import Stack

    limits = Limits() if timeout is None else Limits(patience=timeout)
    settings = Settings(limits=limits, wait=wait or 0.0)
    with Stack(config=config(where), settings=settings) as opened:
        yield opened


def config(where: Where) -> Config:
    """The configuration in force. Raises ConfigError."""
    from cloudabstract.spec import config as configuration

    return configuration.load(
        flags=configuration.Flags(where.stack, where.target, where.store, where.config)
    )


def spec(sources: Sequence[str]) -> Spec:
    """The spec in the inputs, whose warnings are told. Raises UsageError, SpecError."""
    from cloudabstract import spec as specs

    from . import failures, output, terminal

    if not sources:
        raise click.UsageError("name the spec with -f: a file, a folder, or - for standard input")
    checked = specs.read(list(sources))
    paint = terminal.painter(sys.stderr)
    for each in checked.warnings:
        lines = failures.problem_lines(each, paint)
        output.say(f"{paint('warning:', 'yellow')} " + "\n".join(lines))
    return checked.require()


def saved(stack: Stack, path: str, wishes: Wishes, choice: Choice) -> Saved:
    """The saved plan in a file. Raises UsageError when it is none, ConfigError when not ours."""
    if not wishes.prune or wishes.retain_data or choice.only or choice.exclude:
        raise click.UsageError("a saved plan has been made already: give these options to `plan`")
    found = stack.saved(path)
    if found is None:
        raise click.UsageError(f"{path} is not a saved plan; a spec is named with -f {path}")
    return found
