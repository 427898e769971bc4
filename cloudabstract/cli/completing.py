"""What a shell may offer for a word that is being typed. Never fails: then there is no offer."""

from __future__ import annotations

import click

from cloudabstract.errors import CloudAbstractError


def kinds(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Spellings of kinds."""
    from . import names

    return sorted(each for each in names.spellings() if each.startswith(incomplete.lower()))


def resources(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Kinds; after a slash, or after a kind, the names of what was applied last."""
    from . import names

    first, slash, rest = incomplete.partition("/")
    if slash:
        kind = names.spellings().get(first.lower(), "")
        return [f"{first}/{name}" for name in _names(ctx, kind) if name.startswith(rest)]
    typed = ctx.params.get(param.name or "") or ()
    known = names.spellings().get(str(typed[0]).lower()) if typed else None
    if isinstance(typed, tuple) and known is not None:
        return [name for name in _names(ctx, known) if name.startswith(incomplete)]
    return kinds(ctx, param, incomplete)


def targets(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of configured targets."""
    from . import opening
    from .options import Where

    try:
        found = opening.config(Where(config=ctx.params.get("config"))).targets
    except CloudAbstractError:
        return []
    return sorted(each for each in found if each.startswith(incomplete))


def revisions(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Numbers of revisions, the latest first."""
    from cloudabstract.store import Store

    def numbers(store: Store, stack: str) -> list[str]:
        return [str(each.number) for each in reversed(store.history(stack).list())]

    return [each for each in _stored(ctx, numbers) if each.startswith(incomplete)]


def _names(ctx: click.Context, kind: str) -> list[str]:
    """Names of the resources of a kind in the last revision; others than default's with theirs."""
    import json

    from cloudabstract.store import Store

    def applied(store: Store, stack: str) -> list[str]:
        last = store.history(stack).last()
        found = []
        for each in json.loads(last.spec or "[]") if last is not None else ():
            namespace = each["metadata"].get("namespace", "default")
            inside = "" if namespace == "default" else f"{namespace}/"
            if each["kind"] == kind:
                found.append(f"{inside}{each['metadata']['name']}")
        return sorted(found)

    return _stored(ctx, applied)


def _stored(ctx: click.Context, ask: object) -> list[str]:
    """What the store answers, if there is one already."""
    from cloudabstract.clock import SystemClock
    from cloudabstract.store import Store

    from . import opening
    from .options import Where

    given = {name: ctx.params.get(name) for name in ("stack", "target", "config", "store")}
    try:
        config = opening.config(Where(**given))
        if not config.store.exists() or not callable(ask):
            return []
        with Store.open(config.store, SystemClock(), config.target) as store:
            return list(ask(store, config.stack))
    except (CloudAbstractError, OSError, ValueError, KeyError):
        return []
