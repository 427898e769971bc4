"""Help is complete: every command says what it does, with examples and exit codes."""

from __future__ import annotations

import re
from typing import Any

import click
import pytest

from cloudabstract.cli import codes, table
from cloudabstract.cli.main import main


@pytest.mark.parametrize("name", table.SUMMARIES)
def test_help_has_all_that_a_manual_page_has(name: str, run: Any) -> None:
    """Usage, a description of more than a line, options, examples that run, and exit codes."""
    result = run(name, "--help")
    assert result.exit_code == 0
    for part in (f"Usage: cloudabstract {name}", "Options:", "Examples:", "Exit codes:", "-v"):
        assert part in result.stdout
    assert "\n  0 " in result.stdout


@pytest.mark.parametrize("name", table.SUMMARIES)
def test_the_list_of_commands_says_what_the_command_says(name: str) -> None:
    """The line in the table is not another text than the first line of the command's help."""
    help_text = table.load(name).help or ""
    first = help_text.strip().splitlines()[0]
    assert first.rstrip(".").split()[0] == table.SUMMARIES[name].split()[0]


@pytest.mark.parametrize("name", table.SUMMARIES)
def test_every_option_is_explained(name: str) -> None:
    """No option is without its line of help."""
    options = [each for each in table.load(name).params if isinstance(each, click.Option)]
    assert [each.name for each in options if not each.help] == []


@pytest.mark.parametrize("name", table.SUMMARIES)
def test_examples_use_options_that_exist(name: str, run: Any) -> None:
    """Every option in an example is one of the command's."""
    command = table.load(name)
    known = {"--help", "-h"} | {opt for each in command.params for opt in each.opts}
    lines = re.findall(r"^  \$ (.*)$", run(name, "--help").stdout, re.MULTILINE)
    assert lines
    used = {
        word.split("=")[0]
        for line in lines
        for word in line.partition(f"cloudabstract {name}")[2].split()
        if re.fullmatch(r"--?[a-zA-Z][a-z-]*(=.*)?", word)
    }
    assert used <= known


def test_root_help_lists_every_command(run: Any) -> None:
    """Each with its line, under its section."""
    shown = run("--help").stdout
    for section, commands in table.SECTIONS.items():
        assert f"{section}:" in shown
        for name, text in commands.items():
            assert re.search(rf"^  {name} +{re.escape(text)}$", shown, re.MULTILINE)


def test_a_misspelt_command_is_guessed(run: Any) -> None:
    """Exit 64, and the nearest command."""
    result = run("aply")
    assert result.exit_code == codes.USAGE
    assert result.stderr == (
        "error: there is no command 'aply'; did you mean 'apply'?\nhint: cloudabstract --help\n"
    )


def test_no_command_at_all_shows_help(run: Any) -> None:
    """On standard error, for it is not what was asked for."""
    result = run()
    assert result.exit_code == codes.USAGE
    assert result.stdout == ""
    assert "Usage: cloudabstract" in result.stderr


def test_exit_codes_of_commands_are_all_explained() -> None:
    """What help lists is in the table of exit codes."""
    for name in main.list_commands(click.Context(main)):
        assert set(table.load(name)._exits) <= set(codes.EXIT_CODES)
