"""Bug reports: what we need to know of an error that should not have happened, and no secret."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from cloudabstract.clock import SystemClock, iso

from .redaction import redact


def write_report(error: BaseException, arguments: Sequence[str]) -> Path | None:
    """Write a report that only its owner can read; None when there is no place for it."""
    now = iso(SystemClock().now())
    name = f"bug-{now.replace(':', '').replace('-', '')}-{os.getpid()}.txt"
    text = redact(_text(error, arguments, now))
    for folder in _folders():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError:
            continue
        return folder / name
    return None


def _folders() -> Sequence[Path]:
    import platformdirs

    return (platformdirs.user_state_path("cloudabstract") / "reports", Path(tempfile.gettempdir()))


def _text(error: BaseException, arguments: Sequence[str], now: str) -> str:
    from . import versions

    installed = {versions.APP: versions.own(), **versions.plugins()}
    lines = [
        "A bug in cloudabstract. We know of no secret in this file; look before you send it.",
        "",
        f"when      {now}",
        f"command   cloudabstract {' '.join(arguments)}",
        *(f"{name:9} {version}" for name, version in installed.items()),
        f"system    {platform.platform()}, Python {sys.version.split()[0]}",
        "",
        *traceback.format_exception(error),
    ]
    return "\n".join(lines)
