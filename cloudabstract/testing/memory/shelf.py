"""A memory cloud in a file, for tests whose commands run in several processes.

The file has one line of JSON for each change, what was put or the id of what was taken: a call
costs what it changes, however large the cloud is. A reader goes on where it stopped reading. A lock
file beside it makes one call at a time of several processes. A line that was cut short by the end
of its writer never happened; a file of mostly old lines is replaced by a short one. The first line
is another in each file, so that nobody goes on in a new one where the old one was left.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from cloudabstract.errors import ConfigError

from .state import State
from .things import Thing

_WORTH_REPLACING = 1000  # lines


class Shelf:
    """Loads and saves the state of one cloud."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_name(f"{path.name}.lock")
        self._state = State()
        self._file = b""  # the first line of the file that was read,
        self._read = 0  # up to this byte
        self._lines = 0

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all other processes out meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def load(self) -> State:
        """What the file says; an empty cloud when there is none. Raises ConfigError."""
        try:
            with self._path.open("rb") as file:
                self._catch_up(file)
        except FileNotFoundError:
            self._start_over(b"")
        self._state.changed.clear()
        return self._state

    def save(self) -> None:
        """Write what has changed in the state that was loaded. The parent folder must exist."""
        changed = self._state.changed
        lines = [_line(key, thing) for key, thing in changed.items()]
        if self._lines + len(lines) > max(_WORTH_REPLACING, 4 * len(self._state.things)):
            self._replace()
        else:
            self._append(lines)
        changed.clear()

    def forget(self) -> None:
        """Let go of changes that were not saved; if there are any, the file is read anew."""
        if self._state.changed:
            self._file = b""

    def _catch_up(self, file: IO[bytes]) -> None:
        first = file.readline()
        if first != self._file or os.fstat(file.fileno()).st_size < self._read:
            self._start_over(first)
        file.seek(self._read)
        for line in file:
            if not line.endswith(b"\n"):
                break
            self._take_in(line)
            self._read += len(line)

    def _start_over(self, file: bytes) -> None:
        self._state, self._file, self._read, self._lines = State(), file, 0, 0

    def _take_in(self, line: bytes) -> None:
        self._lines += 1
        try:
            said = json.loads(line)
            if "put" in said:
                self._state.put(Thing(**said["put"]))
            elif "took" in said:
                self._state.take(said["took"])
            elif "file" not in said:
                self._state.tokens[said["token"]] = said["made"]
        except (ValueError, TypeError, KeyError) as error:
            raise ConfigError(
                f"{self._path}: line {self._lines} is not of a memory cloud; "
                "give it a `path` of its own"
            ) from error

    def _append(self, lines: list[bytes]) -> None:
        if not self._read:
            lines = [_first(), *lines]
            self._file = lines[0]
        content = b"".join(lines)
        with self._path.open("ab") as file:
            if file.tell() > self._read:
                file.truncate(self._read)
            file.write(content)
        self._read += len(content)
        self._lines += len(lines)

    def _replace(self) -> None:
        state = self._state
        spent = [(token, made) for token, made in state.tokens.items() if made not in state.things]
        lines = [_first(), *(_json({"token": token, "made": made}) for token, made in spent)]
        lines += [_line(key, thing) for key, thing in state.things.items()]
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        fresh.write_bytes(b"".join(lines))
        fresh.replace(self._path)
        self._file = lines[0]
        self._read, self._lines = sum(map(len, lines)), len(lines)


def _first() -> bytes:
    return _json({"file": secrets.token_hex(8)})


def _line(key: str, thing: Thing | None) -> bytes:
    return _json({"took": key} if thing is None else {"put": asdict(thing)})


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"
