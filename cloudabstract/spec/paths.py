"""Field paths: `spec.ports[0].port` for people, `("spec", "ports", 0, "port")` for programs.

A key that is no plain name stands in quotes: `metadata.labels['app.kubernetes.io/name']`.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_STEP = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]", re.ASCII)


def text(path: Path) -> str:
    """`path` as people write it; the whole document is the empty text."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            written += f".{step}" if written else step
        else:
            written += "['" + step.replace("\\", "\\\\").replace("'", "\\'") + "']"
    return written


def parse(written: str) -> Path:
    """The inverse of `text`. What cannot be read ends the path: it is for finding lines."""
    steps: list[str | int] = []
    position = 0
    while match := _STEP.match(written, position):
        name, number, quoted = match.groups()
        if number is not None:
            steps.append(int(number))
        else:
            steps.append(name if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        position = match.end()
    return tuple(steps)
