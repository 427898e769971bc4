"""Names say what a thing is: no module, class or function has a word that fits everything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

BANNED = {"abstract", "base", "context", "data", "helper", "helpers", "impl", "info", "manager"}
BANNED |= {"handle", "process", "util", "utils"}

# Names that carry such a word for a reason.
ALLOWED = {
    "CloudAbstractError": "the project's own name",
    "loses_data": "an effect class by its name in the portable contract",
    "DataSource": "the Kubernetes API's word for what a claim is restored from",
}


def words(name: str) -> list[str]:
    """`VolumeDataSource` and `volume_data_source` both as volume, data, source."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def names(module: Any) -> Iterator[str]:
    """The module's own name, and every class and function defined in it."""
    yield PurePosixPath(module.path).stem
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def test_no_name_has_a_word_that_fits_everything(modules: list[Any]) -> None:
    """No module, class or function is called by a banned word, but those listed with a reason."""
    found = {
        f"{module.path}: {name}"
        for module in modules
        for name in names(module)
        if name not in ALLOWED and BANNED & set(words(name))
    }
    assert found == set()


def test_words_are_told_apart() -> None:
    """The check is not blind: both ways of writing a name are split into the same words."""
    assert words("VolumeDataSource") == words("volume_data_source") == ["volume", "data", "source"]
