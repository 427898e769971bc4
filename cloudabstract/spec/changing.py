"""Whether the files of a spec have changed, told by looking at them, not by reading them.

Cheap enough to be asked every second: a stat for each file, a walk for each folder. A change counts
once two looks in a row see the same, so that a file that is just being written is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from cloudabstract.model import Resource

from . import sources, spec

Look = tuple[tuple[str, int, int, int], ...]  # (path, inode, size, time of change) of each file


class Files:
    """The inputs of a spec; what is not a path never changes."""

    def __init__(self, inputs: Sequence[object]) -> None:
        self._inputs = inputs
        self._paths = [os.fspath(each) for each in inputs if isinstance(each, str | os.PathLike)]
        self._fixed: tuple[Resource, ...] | None = None
        self._read: Look = ()
        self._seen: Look = ()

    def read(self) -> Iterable[Resource]:
        """The resources in the inputs now. Raises SpecError with every problem."""
        self._read = self._seen = self._look()
        if "-" not in self._paths:
            return spec.read(list(self._inputs)).require().resources  # type: ignore[arg-type]
        if self._fixed is None:  # standard input can be read once only
            self._fixed = spec.read(list(self._inputs)).require().resources  # type: ignore[arg-type]
        return self._fixed

    def changed(self) -> bool:
        """Whether the files are others than those read last, and nobody is writing them now."""
        before, self._seen = self._seen, self._look()
        return self._seen not in ((), self._read) and self._seen == before

    def _look(self) -> Look:
        found = []
        for name in self._paths:
            for path in self._files(name):
                try:
                    stat = os.stat(path)
                except OSError:
                    continue
                found.append((path, stat.st_ino, stat.st_size, stat.st_mtime_ns))
        return tuple(sorted(found))

    def _files(self, name: str) -> Iterable[str]:
        if name == "-":
            return ()
        return sources.below(name) if os.path.isdir(name) else (name,)
