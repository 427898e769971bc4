"""What is committed speaks of no machine and holds no secret, and CI runs what the README says."""

from __future__ import annotations

import re
from pathlib import Path

# Folders of one machine or one person. In brackets, so that this file does not match itself.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:[w]ork|[f]arm|[r]oot|[U]sers/\w+|home/[a-tv-z]\w*)/")
KEYS = re.compile(r"\bAKIA(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----\n")


def lines_with(pattern: re.Pattern[str], files: list[Path], root: Path) -> list[str]:
    """`file:line` of every match of `pattern` in the text files among `files`."""
    found = []
    for path in files:
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(root)}:{line}")
    return found


def test_no_file_names_a_place_on_somebodys_machine(
    repository_files: list[Path], root: Path
) -> None:
    """No committed file has an absolute path that exists on one machine only."""
    assert lines_with(MACHINE_PATHS, repository_files, root) == []


def test_no_file_holds_a_credential(repository_files: list[Path], root: Path) -> None:
    """No committed file has an access key or a private key in it."""
    assert lines_with(KEYS, repository_files, root) == []


def test_ci_runs_the_commands_of_the_readme(root: Path) -> None:
    """The last line of .ci/run stands word for word in the README, as the way to run the tests."""
    command = (root / ".ci" / "run").read_text().splitlines()[-1]
    assert command in (root / "README.md").read_text().splitlines()


def test_every_test_has_a_place_in_tox(root: Path) -> None:
    """Every folder of tests is run by a tox environment; what one leaves out, another names."""
    folders = {path.relative_to(root).as_posix() for path in root.glob("providers/*/tests")}
    tox = (root / "tox.ini").read_text()
    named = {
        folder for default in re.findall(r"posargs:([^}]+)", tox) for folder in default.split()
    }
    left_out = set(re.findall(r"--ignore=(\S+)", tox))
    assert folders | left_out | {"tests"} == named
