"""Every file and every function can be read at a sitting, and says what it is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

FILE_LINES = 250
FUNCTION_LINES = 45
PARAMETERS = 6  # five, and self

# What may be longer, and why.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in `tree`, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the last one of the body."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_long(modules: list[Any]) -> None:
    """No product file is over the limit, but those listed with a reason."""
    lines = {module.path: len(module.text.splitlines()) for module in modules}
    long = {path: count for path, count in lines.items() if count > FILE_LINES}
    assert set(long) == set(LONG_FILES), long


def test_no_function_is_long(modules: list[Any]) -> None:
    """No product function is over the limit, but those listed with a reason."""
    long = {
        f"{module.path}:{node.name}": length(node)
        for module in modules
        for node in functions(module.tree)
        if length(node) > FUNCTION_LINES
    }
    assert set(long) == set(LONG_FUNCTIONS), long


def test_nine_functions_in_ten_are_short(modules: list[Any]) -> None:
    """At least 90 % of all functions have fewer than 30 lines."""
    lengths = [length(node) for module in modules for node in functions(module.tree)]
    assert sum(count < 30 for count in lengths) >= 0.9 * len(lengths)


def test_every_module_opens_with_what_it_is_for(modules: list[Any]) -> None:
    """Every product file begins with a docstring."""
    assert [module.path for module in modules if not ast.get_docstring(module.tree)] == []


def test_nothing_is_left_to_be_done(modules: list[Any]) -> None:
    """No product file has a stub or a note of unfinished work in it."""
    notes = ("TODO", "FIXME", "XXX", "NotImplementedError")
    found = [
        f"{module.path}: {note}" for module in modules for note in notes if note in module.text
    ]
    assert found == []
