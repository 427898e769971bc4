"""What `from cloudabstract import ...` promises changes only on purpose.

public_surface.txt has a line for each public name, with its signature. Who changes the surface
runs this file as a script, which writes it anew, and says so in CHANGELOG.md.
"""

from __future__ import annotations

import inspect
from pathlib import Path

import cloudabstract

SNAPSHOT = Path(__file__).with_name("public_surface.txt")


def line(name: str) -> str:
    """The name as it is called: `LoadBalancer(metadata, spec)`; plain when it cannot be called."""
    thing = getattr(cloudabstract, name)
    if not callable(thing):
        return name
    if isinstance(thing, type) and thing.__init__ in (object.__init__, Exception.__init__):
        return name  # an exception without a signature of its own
    parameters = inspect.signature(thing).parameters.values()
    return f"{name}({', '.join(_shown(parameter) for parameter in parameters)})"


def _shown(parameter: inspect.Parameter) -> str:
    star = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    optional = "=" if parameter.default is not inspect.Parameter.empty else ""
    return f"{star.get(parameter.kind, '')}{parameter.name}{optional}"


def test_the_public_names_are_those_promised() -> None:
    """The live names and signatures are line for line those of the snapshot."""
    live = [line(name) for name in sorted(cloudabstract.__all__)]
    assert live == SNAPSHOT.read_text().splitlines()


def test_every_public_name_can_be_listed() -> None:
    """`dir()` shows what is exported, also the names that are imported on first use."""
    assert set(cloudabstract.__all__) <= set(dir(cloudabstract))


if __name__ == "__main__":  # python tests/architecture/test_public_surface.py writes the snapshot
    SNAPSHOT.write_text("".join(f"{line(name)}\n" for name in sorted(cloudabstract.__all__)))
