"""Nothing that a user can meet is without an entry in the docs. Everything is read off the code."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

import cloudabstract
from cloudabstract import errors, model, provider
from cloudabstract.cli.main import main as command_line
from cloudabstract.model.traits import camel
from cloudabstract.provider import hookspecs

PROVIDERS = ("local", "aws", "gcp")


def commands(command: click.Command, path: str) -> Iterator[str]:
    """The full name of every visible command, groups before their members."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            if member is not None and not member.hidden:
                yield from commands(member, f"{path} {name}")


def unexplained(terms: Iterable[str], entries: list[Any]) -> list[str]:
    """Those of `terms` that have no entry anywhere in the docs."""
    explained = {entry.term for entry in entries}
    return [term for term in terms if term not in explained]


def fields_without_entry(classes: Iterable[type], entries: list[Any]) -> list[str]:
    """`Class.field` for each field that has no entry in the section called `Class`."""
    explained = {(entry.section, entry.term) for entry in entries}
    return [
        f"{each.__name__}.{camel(field.name)}"
        for each in classes
        for field in dataclasses.fields(each)
        if (each.__name__, camel(field.name)) not in explained
    ]


def test_every_error_code_is_explained(entries: list[Any]) -> None:
    """Each ErrorCode, which plans, reports and logs print, has an entry."""
    assert unexplained([code.value for code in errors.ErrorCode], entries) == []


def test_every_objection_code_is_explained(entries: list[Any]) -> None:
    """Each code with which a target refuses or degrades a field has an entry."""
    assert unexplained(provider.CODES, entries) == []


def test_every_exception_is_explained(entries: list[Any]) -> None:
    """Each exception that a caller can catch has an entry."""
    tree = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    names = [each.__name__ for each in tree if issubclass(each, errors.CloudAbstractError)]
    assert unexplained(names, entries) == []


def test_every_command_is_explained(entries: list[Any]) -> None:
    """Each command of the command line has an entry under its full name."""
    assert unexplained(commands(command_line, "cloudabstract"), entries) == []


def test_every_hook_is_explained(entries: list[Any]) -> None:
    """Each hook that a plugin may implement has an entry."""
    names = [name for name in vars(hookspecs) if name.startswith("cloudabstract_")]
    assert len(names) >= 3
    assert unexplained(names, entries) == []


def test_every_field_of_the_model_is_explained(entries: list[Any]) -> None:
    """Each field that a document can have, and each of a status, has an entry under its class."""
    public = [getattr(model, name) for name in model.__all__]
    classes = [each for each in public if inspect.isclass(each) and dataclasses.is_dataclass(each)]
    assert fields_without_entry(classes, entries) == []


def test_every_public_name_is_explained(entries: list[Any]) -> None:
    """Each name that `cloudabstract` and `cloudabstract.provider` export has an entry."""
    names = [*cloudabstract.__all__, *model.__all__, *provider.__all__]
    assert unexplained(names, entries) == []


def test_every_setting_of_a_target_is_explained(entries: list[Any]) -> None:
    """Each setting of each provider has an entry in the section `Settings of NAME`."""
    explained = {(entry.section, entry.term) for entry in entries}
    plugins = [importlib.import_module(f"cloudabstract_{name}.plugin") for name in PROVIDERS]
    offers = [offer for plugin in plugins for offer in plugin.cloudabstract_providers()]
    assert sorted(offer.name for offer in offers) == sorted(PROVIDERS)
    missing = [
        f"{offer.name}: {field.name}"
        for offer in offers
        for field in dataclasses.fields(offer.settings)
        if (f"Settings of {offer.name}", field.name) not in explained
    ]
    assert missing == []


def test_the_reference_is_what_the_code_says(root: Path) -> None:
    """The pages made from the code are up to date; if not: python tools/reference.py."""
    command = [sys.executable, str(root / "tools" / "reference.py"), "--check"]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
