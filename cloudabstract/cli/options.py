"""Options that several commands share, each as a decorator.

Options that belong together reach a command as one value: `where` as a Where, `wishes` as Wishes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from . import completing
from . import output as outputs

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Where:
    """Which stack on which target, as far as the command line says so."""

    stack: str | None = None
    target: str | None = None
    config: str | None = None
    store: str | None = None


@dataclass(frozen=True)
class Wishes:
    """What is wanted of a plan beyond the spec."""

    prune: bool
    retain_data: bool
    data_loss: frozenset[str]


@dataclass(frozen=True)
class Choice:
    """Which resources a plan is to be about, in the words of the command line."""

    only: tuple[str, ...]
    exclude: tuple[str, ...]


class DurationType(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.2
    """Seconds, from `30s`, `5m`, `1h30m` or a number."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Seconds, or a usage error."""
        from cloudabstract.model import parse_duration

        try:
            return float(parse_duration(int(value) if str(value).isdecimal() else str(value)))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class ResourceType(click.ParamType):  # type: ignore[type-arg]  # as above
    """The address of a resource in any of kubectl's spellings, made the one we write."""

    name = "kind/name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`VolumeClaim/data`, or a usage error."""
        from . import names

        return str(names.key(str(value)))


DURATION, RESOURCE = DurationType(), ResourceType()

_WHERE = (
    click.option(
        "-t",
        "--target",
        metavar="TARGET",
        shell_complete=completing.targets,
        help="A target of cloudabstract.yaml.",
    ),
    click.option("-s", "--stack", metavar="STACK", help="The owner of the resources."),
    click.option("--config", metavar="FILE", help="This configuration file and no other."),
    click.option("--store", metavar="FILE", help="Where history is kept."),
)
_WISHES = (
    click.option(
        "--no-prune", is_flag=True, help="Leave what the stack owns and the spec no longer names."
    ),
    click.option(
        "--retain-data", is_flag=True, help="Volumes that go are kept, Released, with their data."
    ),
    click.option(
        "--allow-data-loss",
        metavar="KIND/NAME",
        type=RESOURCE,
        multiple=True,
        shell_complete=completing.resources,
        help="Agree to lose the data of this volume or claim. Repeatable.",
    ),
)

_CHOICE = (
    click.option(
        "--only",
        metavar="KIND[/NAME]|LABELS",
        multiple=True,
        shell_complete=completing.resources,
        help="Only these resources, and what they need. Repeatable.",
    ),
    click.option(
        "--exclude",
        metavar="KIND[/NAME]|LABELS",
        multiple=True,
        shell_complete=completing.resources,
        help="All but these, and what needs them. Repeatable.",
    ),
)

sources = click.option(
    "-f",
    "--filename",
    "sources",
    metavar="FILE|DIR|-",
    multiple=True,
    help="A file, a folder with all below it, or - for standard input. Repeatable.",
)
namespace = click.option("-n", "--namespace", metavar="NAME", help="Default: default.")
what = click.argument(
    "what", nargs=-1, metavar="[KIND[/NAME] ...]", shell_complete=completing.resources
)
yes = click.option("-y", "--yes", is_flag=True, help="Agree to destructive steps without asking.")


def output(*forms: str) -> Callable[[Function], Function]:
    """`-o`: how data is printed; as text, or in the first of `forms` where text is none of them."""
    return click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice(forms or outputs.FORMS),
        default="text" if "text" in (forms or outputs.FORMS) else forms[0],
        show_default=True,
        help="How data is printed.",
    )


def where(function: Function) -> Function:
    """Add -t, -s, --config and --store, given to `function` as one Where."""

    def pack(given: dict[str, Any]) -> Where:
        return Where(*(given.pop(name) for name in ("stack", "target", "config", "store")))

    return _packed(function, "where", _WHERE, pack)


def target(function: Function) -> Function:
    """Add -t and --config alone, given to `function` as one Where: for what has no stack."""

    def pack(given: dict[str, Any]) -> Where:
        return Where(target=given.pop("target"), config=given.pop("config"))

    return _packed(function, "where", (_WHERE[0], _WHERE[2]), pack)


def config(function: Function) -> Function:
    """Add --config alone, given to `function` as one Where."""

    def pack(given: dict[str, Any]) -> Where:
        return Where(config=given.pop("config"))

    return _packed(function, "where", _WHERE[2:3], pack)


def wishes(function: Function) -> Function:
    """Add --no-prune, --retain-data and --allow-data-loss, given as one Wishes."""

    def pack(given: dict[str, Any]) -> Wishes:
        prune = not given.pop("no_prune")
        return Wishes(prune, given.pop("retain_data"), frozenset(given.pop("allow_data_loss")))

    return _packed(function, "wishes", _WISHES, pack)


def choice(function: Function) -> Function:
    """Add --only and --exclude, given to `function` as one Choice."""

    def pack(given: dict[str, Any]) -> Choice:
        return Choice(given.pop("only"), given.pop("exclude"))

    return _packed(function, "choice", _CHOICE, pack)


def _packed(
    function: Function,
    name: str,
    options: tuple[Callable[[Any], Any], ...],
    pack: Callable[[dict[str, Any]], Any],
) -> Function:
    @functools.wraps(function)
    def packed(*args: Any, **given: Any) -> Any:
        value = pack(given)
        return function(*args, **{name: value}, **given)

    wrapped: Any = packed
    for each in reversed(options):
        wrapped = each(wrapped)
    result: Function = wrapped
    return result
