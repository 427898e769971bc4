"""The files that a running Envoy watches, below its folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping

from cloudabstract_local.root import Folder

from .config import BOOTSTRAP, CLUSTERS, FOLDERS, LISTENERS, resources, seat


class Watched:
    """All watched files of one Envoy, by their path below `folder`."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def read(self) -> dict[str, bytes]:
        """Path -> contents; what cannot be read is left out, as if it were absent."""
        found = {}
        for path in self._paths():
            below, name = self._at(path)
            with contextlib.suppress(OSError, ValueError):
                found[path] = below.read(name)
        return found

    def listeners(self) -> frozenset[str]:
        """The names of all listeners in them."""
        return frozenset(resources(self.read().get(LISTENERS, b"")))

    def addresses(self) -> frozenset[str]:
        """The addresses of all listeners in them."""
        listeners = resources(self.read().get(LISTENERS, b"")).values()
        return frozenset(each[0] for each in map(seat, listeners) if each is not None)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Replace these files, each as a whole."""
        for path, content in files.items():
            below, name = self._at(path)
            below.write(name, content)

    def keep(self, paths: Iterable[str]) -> None:
        """Remove all but these."""
        for path in set(self._paths()) - set(paths):
            below, name = self._at(path)
            below.remove(name)

    def clear(self) -> None:
        """Remove all of them, the bootstrap, and the folders."""
        self.keep(())
        self._folder.remove(BOOTSTRAP)
        for sub in FOLDERS:
            self._folder.folder(sub).dissolve()
        self._folder.dissolve()

    def _paths(self) -> list[str]:
        singles = [f"{sub}/{name}" for sub in FOLDERS for name in self._folder.folder(sub).names()]
        return [CLUSTERS, LISTENERS, *singles]

    def _at(self, path: str) -> tuple[Folder, str]:
        sub, _, name = path.rpartition("/")
        return (self._folder.folder(sub) if sub else self._folder), name
