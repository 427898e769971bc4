"""What the architecture tests look at: the files of this repository, the entries of its docs."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("cloudabstract", "providers/*/cloudabstract_*")


@dataclass(frozen=True)
class Module:
    """One product file, parsed."""

    path: str  # relative to the repository, with forward slashes
    text: str
    tree: ast.Module


@dataclass(frozen=True)
class Entry:
    """One thing that the docs explain: a heading, or a row of a table under it."""

    page: str
    section: str  # the nearest heading above, or the heading itself
    term: str


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def repository_files() -> list[Path]:
    """Every file that is, or would be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Every Python file that ships, of the core and of the providers."""
    folders = [folder for pattern in PRODUCT for folder in sorted(ROOT.glob(pattern))]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return [_parse(path) for path in paths]


def _parse(path: Path) -> Module:
    text = path.read_text()
    return Module(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    """Every heading, and every first cell of a table row, in the docs; decisions apart."""
    pages = [
        path for path in sorted((ROOT / "docs").rglob("*.md")) if "decisions" not in path.parts
    ]
    return [entry for path in pages for entry in _entries(path)]


def _entries(path: Path) -> Iterator[Entry]:
    page, section = path.relative_to(ROOT).as_posix(), ""
    for line in path.read_text().splitlines():
        if heading := re.match(r"#+ +(.+)", line):
            section = heading[1].replace("`", "").strip()
            yield Entry(page, section, section)
        elif row := re.match(r"\| *`([^`]+)`", line):
            yield Entry(page, section, row[1])
