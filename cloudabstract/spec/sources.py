"""Where text comes from: files, the files of a folder, and standard input, within limits."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from .scan import Limits

STDIN = "<stdin>"
ENDINGS = (".yaml", ".yml", ".json")
CONFIG_NAME = "cloudabstract.yaml"  # configuration, not a document


@dataclass(frozen=True)
class Source:
    """One text with the name by which problems call it; or why there is none."""

    file: str
    text: str = ""
    identity: str = ""  # the same for two names of one file
    problem: str = ""
    line: int = 0
    remedy: str = ""


def expand(name: str, stdin: TextIO | None, limits: Limits) -> Iterator[Source]:
    """The sources that `name` stands for: `-`, a file, or a folder with all below it, sorted."""
    if name == "-":
        yield _standard_input(stdin, limits)
        return
    try:
        if not os.path.isdir(name):
            yield _file(name, limits)
            return
        found = sorted(below(name), key=lambda path: path.split(os.sep))
    except (OSError, ValueError) as error:
        yield Source(name, problem=_reason(error))
        return
    if not found:
        endings = ", ".join(f"*{each}" for each in ENDINGS)
        yield Source(name, problem=f"this folder has no {endings} in it")
    for path in found:
        yield _file(path, limits)


def below(folder: str) -> Iterator[str]:
    """The files of a folder and below. Hidden ones and our own configuration are left out."""
    for path, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for each in files:
            if each.endswith(ENDINGS) and not each.startswith(".") and each != CONFIG_NAME:
                yield os.path.join(path, each)


def _file(path: str, limits: Limits) -> Source:
    try:
        with open(path, "rb") as stream:
            content = stream.read(limits.file_bytes + 1)
    except (OSError, ValueError) as error:
        return Source(path, problem=_reason(error))
    return decoded(path, content, limits, os.path.realpath(path))


def _standard_input(stdin: TextIO | None, limits: Limits) -> Source:
    stream: Any = sys.stdin if stdin is None else stdin
    if stream is None:
        return Source(STDIN, problem="there is no standard input")
    try:
        content = getattr(stream, "buffer", stream).read(limits.file_bytes + 1)
    except (OSError, ValueError) as error:
        return Source(STDIN, problem=_reason(error))
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    return decoded(STDIN, content, limits, STDIN)


def decoded(file: str, content: bytes, limits: Limits, identity: str = "") -> Source:
    """`content` as text: UTF-8, or what its byte order mark says."""
    if len(content) > limits.file_bytes:
        size = f"{limits.file_bytes / 2**20:g} MiB"
        return Source(file, problem=f"this is larger than {size}", remedy="split it into several")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return Source(file, content.decode(encoding), identity)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Source(file, problem="this is not text in UTF-8", line=line, remedy="convert it")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "this may not be read"
    if isinstance(error, OSError) and error.strerror:
        return f"this cannot be read: {error.strerror}"
    return "this is not a name that a file can have"
