"""From text to a spec: load, decode, check, and say everything that is wrong, with its place.

    read("shop.yaml").require()         a Spec, or SpecError with every problem
    render(spec)                        YAML again

Inputs are untrusted: nothing is built before its size is known, only plain YAML is read, and
whatever is wrong becomes a Problem with file, line and field. PyYAML and pydantic's core are
imported when the first text is read.
"""

from __future__ import annotations

from .document import Document, Documents
from .frontends import Disposition, Frontend, Reading, add
from .loading import load
from .scan import Limits
from .spec import Checked, Place, Spec, read, render

__all__ = [
    "Checked",
    "Disposition",
    "Document",
    "Documents",
    "Frontend",
    "Limits",
    "Place",
    "Reading",
    "Spec",
    "add",
    "load",
    "read",
    "render",
]
