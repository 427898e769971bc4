"""Runs one command line: every way in which it can end becomes an exit code and a few words.

A traceback is never shown. What should not have happened becomes a report file and exit code 70.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from cloudabstract.errors import CloudAbstractError

from . import codes, collecting, output
from .terminal import painter

PROGRAM = "cloudabstract"


def run(program: click.Command, arguments: Sequence[str], **extra: Any) -> int:
    """The exit code of one command line."""
    output.tolerate_encodings()
    try:
        with collecting.seldom(), program.make_context(PROGRAM, [*arguments], **extra) as context:
            return int(program.invoke(context) or 0)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        return _misused(error, arguments)
    except (KeyboardInterrupt, EOFError, click.Abort) as signal:
        return _interrupted(signal, arguments)
    except CloudAbstractError as error:
        return _failed(error, arguments)
    except Exception as error:  # noqa: BLE001  the last line of defence: a report, not a traceback
        return _broken(error, arguments)


def _misused(error: click.ClickException, arguments: Sequence[str]) -> int:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    if not isinstance(error, click.exceptions.NoArgsIsHelpError):
        label = painter(sys.stderr)("error:", "red", "bold")
        path = context.command_path if context else PROGRAM
        message = f"{label} {message}\nhint: {path} --help"
    output.say(message)
    return _document(error, codes.USAGE, arguments)


def _interrupted(signal: BaseException, arguments: Sequence[str]) -> int:
    from .stopping import Terminated

    code = codes.TERMINATED if isinstance(signal, Terminated) else codes.INTERRUPTED
    output.say("\nstopped; nothing was changed")
    return _document(signal, code, arguments)


def _failed(error: CloudAbstractError, arguments: Sequence[str]) -> int:
    from . import failures

    output.say(failures.text(error, painter(sys.stderr)))
    return _document(error, error.exit_code, arguments)


def _broken(error: Exception, arguments: Sequence[str]) -> int:
    from . import bugs
    from .redaction import redact

    path = bugs.write_report(error, arguments)
    what = redact(f"{type(error).__name__}: {error}").splitlines()[0]
    output.say(f"error: this is a bug in {PROGRAM}: {what}")
    if path is not None:
        output.say(f"hint: a report is in {path}; please look it over and send it to us")
    return _document(error, codes.BUG, arguments)


def _document(error: BaseException, code: int, arguments: Sequence[str]) -> int:
    """Print the error as data where data was asked for, so that standard output always parses."""
    form = output.asked_for(arguments)
    if form != "text":
        from . import failures

        output.emit(failures.as_json(error, code), form)
    return code
