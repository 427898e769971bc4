"""`cloudabstract targets`: what is configured, what is in force, and from where."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from .. import opening, options, output, redaction, terminal
from ..options import Where
from ..verb import Verb

if TYPE_CHECKING:
    from cloudabstract.spec.config import Config

_EXAMPLES = (
    ("cloudabstract targets", "Every target; the one in force has a star."),
    ("CLOUDABSTRACT_TARGET=prod cloudabstract targets", "See what a variable changes."),
)


@click.command("targets", cls=Verb, examples=_EXAMPLES, exits=(0, 5, 64))
@options.where
@options.output()
def command(where: Where, form: str) -> int:
    """Show the configured targets, and where each value is from.

    Flags go before CLOUDABSTRACT_STACK, _TARGET, _STORE and _CONFIG in the environment, these
    before cloudabstract.yaml (looked for from the working directory upwards, then in the user's
    config folder), the file before defaults. With no file at all there is one target, `local`.
    """
    told = _told(opening.config(where))
    if form == "text":
        _print(told)
    else:
        output.emit(told, form)
    return 0


_KEYS = ("stack", "target", "store")


def _told(config: Config) -> dict[str, Any]:
    """The configuration in force, as data."""
    return {
        "file": str(config.file or ""),
        "stack": config.stack,
        "target": config.target,
        "store": str(config.store),
        "origins": dict(config.origins),
        "targets": [
            {
                "name": each.name,
                "provider": each.provider,
                "inForce": each.name == config.target,
                "settings": {key: _shown(key, value) for key, value in each.settings.items()},
                "origin": config.origins.get(f"targets.{each.name}", "default"),
            }
            for each in config.targets.values()
        ],
    }


def _print(told: dict[str, Any]) -> None:
    from ..render import tables

    rows = [("file", told["file"] or "(none)")]
    rows += [(key, f"{told[key]}  (from {told['origins'][key]})") for key in _KEYS]
    output.line("\n".join(tables.pairs(rows)))
    output.line()
    cells = [
        (
            "*" if each["inForce"] else "",
            each["name"],
            each["provider"],
            ", ".join(f"{key}={value}" for key, value in each["settings"].items()),
            each["origin"],
        )
        for each in told["targets"]
    ]
    head = ("", "NAME", "PROVIDER", "SETTINGS", "FROM")
    output.line(tables.table(head, cells, terminal.painter(sys.stdout)))


def _shown(key: str, value: object) -> object:
    """A setting as it may be shown: whatever looks like a secret is cut out."""
    if isinstance(value, str) and redaction.redact(f"{key}={value}", {}) != f"{key}={value}":
        return redaction.CUT
    return value
