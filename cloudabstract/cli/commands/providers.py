"""`cloudabstract providers`: which there are, and what their targets can be told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cloudabstract.errors import ConfigError

from .. import opening, options, output, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.provider import Offer

_EXAMPLES = (
    ("cloudabstract providers", "What is installed, and what is broken."),
    ("cloudabstract providers aws", "The settings that a target of provider aws can have."),
)


@click.command("providers", cls=Verb, examples=_EXAMPLES, exits=(0, 5, 64))
@click.argument("name", required=False)
@options.config
@options.output()
def command(name: str | None, where: Where, form: str) -> int:
    """List the providers that are installed.

    With NAME: the settings of its targets, with their defaults.
    """
    from cloudabstract.plugins import Plugins

    plugins = Plugins(_allowed(where))
    offers = [plugins.offer(name)] if name else list(plugins.offers.values())
    told: list[dict[str, Any]] = [
        {"name": each.name, "summary": each.summary, "settings": list(_settings(each))}
        for each in offers
    ]
    if form != "text":
        broken = [{"name": key, "error": text} for key, text in plugins.broken.items()]
        output.emit({"providers": told, "broken": [] if name else broken}, form)
        return 0
    _print(told, {} if name else plugins.broken, detailed=name is not None)
    return 0


def _allowed(where: Where) -> tuple[str, ...] | None:
    """The allow-list, if there is a configuration that can be read."""
    try:
        return opening.config(where).plugins
    except ConfigError:
        if where.config is not None:
            raise
        return None


def _settings(offer: Offer) -> Iterator[dict[str, Any]]:
    from cloudabstract.model import traits

    from ..render.types import type_text

    for each in traits.fields(offer.settings):
        yield {
            "name": each.name,
            "type": type_text(each.shape),
            "required": each.required,
            "doc": each.doc,
        }


def _print(told: list[dict[str, Any]], broken: Any, *, detailed: bool) -> None:
    from ..render import tables

    paint = terminal.painter(sys.stdout)
    rows = [(each["name"], "ready", each["summary"]) for each in told]
    rows += [(name, "broken", text) for name, text in broken.items()]
    output.line(tables.table(("NAME", "STATE", "SUMMARY"), rows, paint))
    if detailed:
        settings = [
            (each["name"], each["type"], "yes" if each["required"] else "", each["doc"])
            for each in told[0]["settings"]
        ]
        output.line()
        output.line(tables.table(("SETTING", "TYPE", "REQUIRED", "MEANING"), settings, paint))
