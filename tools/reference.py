"""Write docs/reference from the code, so that the pages cannot say anything else.

    python tools/reference.py            writes the pages
    python tools/reference.py --check    writes nothing; fails when a page is not what it should be

Headings and first cells of tables are the terms that tests/architecture/test_docs.py looks for.
How types and limits read is in reference_types.py. A field without a `doc` mark is explained by the
comment on its line.
"""

from __future__ import annotations

import dataclasses
import enum
import importlib
import inspect
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_origin

import click
from reference_types import COLUMNS, comments, rows, shown

import cloudabstract
from cloudabstract import errors, model, provider
from cloudabstract.cli.main import main as command_line
from cloudabstract.model.traits import camel
from cloudabstract.provider import hookspecs

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
PROVIDERS = ("local", "aws", "gcp")
NOTICE = "<!-- Made by tools/reference.py from the code: change the docstrings there, not this. -->"


def table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table, its first column in code; nothing at all when there are no lines."""
    body = [f"| `{first}` | {' | '.join(rest)} |" for first, *rest in lines]
    if body:
        yield f"| {' | '.join(head)} |"
        yield f"|{' --- |' * len(head)}"
        yield from body
        yield ""


def text(thing: Any) -> str:
    """The docstring as it stands, without indentation."""
    return inspect.getdoc(thing) or ""


def summary(thing: Any) -> str:
    """The first sentence or line of the docstring, fit for a cell."""
    return " ".join(text(thing).split("\n\n")[0].split()).replace("|", "\\|")


def field_table(cls: type, first: str, *, camelled: bool) -> Iterator[str]:
    """The fields of a dataclass; columns that would be empty are left out."""
    found = rows(cls)
    used = [column for column in COLUMNS if any(getattr(row, column) for row in found)]
    name = camel if camelled else str
    lines = ((name(row.name), *(getattr(row, column) for column in used)) for row in found)
    yield from table((first, *used), lines)


def member_table(cls: type[enum.Enum]) -> Iterator[str]:
    """The members of an enumeration, by value."""
    meaning = comments(cls)
    lines = ((str(member.value), meaning.get(member.name, "")) for member in cls)
    yield from table(("value", "meaning"), lines)


def method_table(cls: type) -> Iterator[str]:
    """The public methods and properties that `cls` defines, itself or in parts of its package."""
    parts = [each for each in reversed(cls.__mro__) if _is_part(each, cls)]
    own = {
        name: each
        for part in parts
        for name, each in vars(part).items()
        if not name.startswith("_")
    }
    lines = []
    for name, each in own.items():
        function = getattr(each, "fget", None) or getattr(each, "__func__", each)
        if inspect.isfunction(function):
            lines.append(
                (name, _signature(function, prop=isinstance(each, property)), summary(function))
            )
    yield from table(("method", "takes", "meaning"), lines)


def _is_part(other: type, cls: type) -> bool:
    return other is cls or other.__module__.startswith(f"{cls.__module__}.")


def _signature(function: Any, *, prop: bool) -> str:
    if prop:
        return "(a property)"
    parameters = list(inspect.signature(function).parameters.values())[1:]
    names = [
        f"{each.name}=" if each.default is not each.empty else each.name for each in parameters
    ]
    return ", ".join(f"`{name}`" for name in names)


def thing_section(name: str, thing: Any) -> Iterator[str]:
    """One public name: what it is for, and what it is made of."""
    yield from (f"## {name}", "")
    if inspect.isclass(thing):
        yield from (text(thing), "")
        if dataclasses.is_dataclass(thing):
            yield from field_table(thing, "field", camelled=False)
        if issubclass(thing, enum.Enum):
            yield from member_table(thing)
        yield from method_table(thing)
    elif inspect.isfunction(thing):
        yield from (f"`{name}{inspect.signature(thing)}`", "", text(thing), "")
    elif get_origin(thing):
        yield from (f"One of {shown(thing)}.", "")
    elif isinstance(thing, str):
        yield from (f'The text `"{thing}"`.', "")
    else:
        yield from (f"A value of type `{type(thing).__name__}`.", "")


def model_page() -> Iterator[str]:
    """Every class of the model with its fields, as documents write them."""
    yield from ("# Model", "", text(model), "")
    for name in model.__all__:
        thing = getattr(model, name)
        if inspect.isclass(thing) and dataclasses.is_dataclass(thing):
            yield from (f"## {name}", "", text(thing), "")
            yield from field_table(thing, "field", camelled=True)


def errors_page() -> Iterator[str]:
    """Every code of a failed call, and every exception."""
    yield from ("# Errors", "", text(errors.ErrorCode), "")
    yield from member_table(errors.ErrorCode)
    yield from ("## Exceptions", "", "```text", text(errors), "```", "")
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    tree = [each for each in classes if issubclass(each, errors.CloudAbstractError)]
    lines = ((each.__name__, str(each.exit_code), summary(each)) for each in tree)
    yield from table(("exception", "exit code", "meaning"), lines)


def objections_page() -> Iterator[str]:
    """Every code with which a target says what it cannot do."""
    yield from (
        "# Objections",
        "",
        text(importlib.import_module("cloudabstract.provider.capability")),
        "",
    )
    yield from table(("code", "meaning"), provider.CODES.items())


def command_sections(command: click.Command, path: str) -> Iterator[str]:
    """One command with its arguments and options, then the commands below it."""
    context = click.Context(command, info_name=path)
    yield from (f"## {path}", "", inspect.cleandoc(command.help or ""), "")
    usage = command.collect_usage_pieces(context)
    yield from ("```text", " ".join([path, *usage]), "```", "")
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    lines = [
        (" ".join([*each.opts, *each.secondary_opts]), (each.help or "").replace("|", "\\|"))
        for each in options
    ]
    yield from table(("option", "meaning"), lines)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            member = command.get_command(context, name)
            if member is not None and not member.hidden:
                yield from command_sections(member, f"{path} {name}")


def commands_page() -> Iterator[str]:
    """Every command."""
    yield from ("# Commands", "")
    yield from command_sections(command_line, "cloudabstract")


def targets_page() -> Iterator[str]:
    """Every setting of every provider, as a target of cloudabstract.yaml writes it."""
    yield from ("# Targets", "", "What a target may set besides `provider`, by provider.", "")
    for name in PROVIDERS:
        plugin = importlib.import_module(f"cloudabstract_{name}.plugin")
        for offer in plugin.cloudabstract_providers():
            yield from (
                f"## Settings of {offer.name}",
                "",
                offer.summary or text(offer.settings),
                "",
            )
            yield from field_table(offer.settings, "setting", camelled=False)


def python_page() -> Iterator[str]:
    """Every name that `cloudabstract` exports, and the model's functions and constants."""
    yield from ("# Python", "", text(cloudabstract), "")
    names = [name for name in cloudabstract.__all__ if name not in model.__all__]
    for name in names:
        yield from thing_section(name, getattr(cloudabstract, name))
    for name in model.__all__:
        thing = getattr(model, name)
        if not (inspect.isclass(thing) and dataclasses.is_dataclass(thing)):
            yield from thing_section(name, thing)


def provider_page() -> Iterator[str]:
    """Every name that a provider's author imports, and every hook."""
    yield from ("# Provider seam", "", text(provider), "")
    for name in provider.__all__:
        yield from thing_section(name, getattr(provider, name))
    hooks = {
        name: each for name, each in vars(hookspecs).items() if name.startswith("cloudabstract_")
    }
    for name, hook in hooks.items():
        yield from thing_section(name, hook)


PAGES = {
    "model.md": model_page,
    "errors.md": errors_page,
    "objections.md": objections_page,
    "commands.md": commands_page,
    "targets.md": targets_page,
    "python.md": python_page,
    "provider.md": provider_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check compare them; return the exit code."""
    stale = []
    for name, page in PAGES.items():
        path, wanted = REFERENCE / name, "\n".join([NOTICE, "", *page()]).rstrip() + "\n"
        if path.exists() and path.read_text() == wanted:
            continue
        stale.append(path.name)
        if "--check" not in arguments:
            path.write_text(wanted)
    verb = "are stale: run python tools/reference.py" if "--check" in arguments else "were written"
    if stale:
        print(f"docs/reference: {', '.join(stale)} {verb}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
