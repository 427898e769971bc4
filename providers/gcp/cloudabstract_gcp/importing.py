"""Google's client imported in part: what is used of it, not all of its 130 services.

`import google.cloud.compute_v1` runs a package file that imports every service, and takes twice as
long as the services that are used here (docs/decisions/0014-gcp-transport.md has the figures). So
the package is put in place without running that file, and its modules are imported one by one.
Whoever asks the package for anything else gets the whole of it: then the file is run after all.

Where the package is there already, or cannot be found in this way, the usual import is used.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from types import ModuleType
from typing import Any

PACKAGE = "google.cloud.compute_v1"
_placing = threading.Lock()  # not held while importing: imports have locks of their own


class _Parts(ModuleType):
    """The package, of which only the modules that were asked for are imported."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return importlib.import_module(f"{PACKAGE}.{name}")
        except ModuleNotFoundError:
            _complete(self)
        return getattr(self, name)


def module(name: str) -> ModuleType:
    """The module `name` of Google's client: `services.disks`, `types.compute`."""
    with _placing:
        if PACKAGE not in sys.modules:
            _place()
    return importlib.import_module(f"{PACKAGE}.{name}")


def _place() -> None:
    """Put the package in place without running its file."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        return
    placed = _Parts(PACKAGE)
    placed.__spec__ = spec
    placed.__path__ = list(spec.submodule_search_locations)
    placed.__file__ = spec.origin
    placed.__package__ = PACKAGE
    sys.modules[PACKAGE] = placed
    parent, _, child = PACKAGE.rpartition(".")
    setattr(importlib.import_module(parent), child, placed)


def _complete(package: _Parts) -> None:
    """Run the package's file: everything that it offers is there from then on."""
    spec = package.__spec__
    if spec is None or spec.loader is None:
        return
    package.__class__ = ModuleType  # type: ignore[assignment]  # it is whole now, and nothing more
    spec.loader.exec_module(package)
