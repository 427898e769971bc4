"""Writing: text, JSON and YAML to standard output, talk to standard error.

Whoever reads may stop reading (`| head`). The work then goes on, and its exit code stands: a closed
pipe only means that there is nobody to tell.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from cloudabstract.errors import CloudAbstractError

FORMS = ("text", "json", "yaml")


def asked_for(arguments: Iterable[str]) -> str:
    """The form that a command line asks for, also when the rest of it is not understood."""
    form, expected = "text", False
    for each in arguments:
        if expected:
            form, expected = each, False
        elif each in ("-o", "--output"):
            expected = True
        elif each.startswith("--output="):
            form = each.partition("=")[2]
        elif each.startswith("-o"):
            form = each[2:].lstrip("=")
    return form if form in FORMS else "text"


def document(value: Any, form: str) -> str:
    """A JSON value as one document of JSON or YAML."""
    if form == "yaml":
        from cloudabstract.spec import text

        return text.dump([value])
    ascii_only = "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    return json.dumps(value, indent=2, ensure_ascii=ascii_only) + "\n"


def emit(value: Any, form: str) -> None:
    """Print a JSON value to standard output, as JSON or YAML."""
    write(document(value, form))


def write(text: str) -> bool:
    """Print data; whether anybody reads it.

    Raises CloudAbstractError when it cannot be written, as on a full disk.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
        return False
    except OSError as error:
        _discard(sys.stdout)
        message = f"standard output cannot be written: {error.strerror}"
        raise CloudAbstractError(message) from error
    return True


def line(text: str = "") -> None:
    """Print one line of data."""
    write(f"{text}\n")


def say(text: str) -> None:
    """Print one line of talk; a closed standard error is no reason to stop anything."""
    tell(f"{text}\n")


def tell(text: str) -> None:
    """Print talk as it is."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def tolerate_encodings() -> None:
    """Let every character be printed somehow, whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _discard(stream: Any) -> None:
    """Send what is still in the stream's buffer, and all that follows, nowhere."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # not a real file
        return
