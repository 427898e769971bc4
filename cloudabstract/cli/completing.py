"""What a shell may offer for a word that is being typed. Never fails: then there is no offer."""

from __future__ import annotations

import click

from cloudabstract.errors import CloudAbstractError


def kinds(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Spellings of kinds; with a slash, nothing: names would take a look at the target."""
    from . import names

    return sorted(each for each in names.spellings() if each.startswith(incomplete.lower()))


def targets(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of configured targets."""
    from . import opening
    from .options import Where

    try:
        found = opening.config(Where(config=ctx.params.get("config"))).targets
    except CloudAbstractError:
        return []
    return sorted(each for each in found if each.startswith(incomplete))
