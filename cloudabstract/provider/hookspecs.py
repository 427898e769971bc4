"""The hooks of the entry-point group `cloudabstract`: they register typed things, nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pluggy

from .capability import Objection
from .provider import Offer

PROJECT = "cloudabstract"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def cloudabstract_providers() -> Iterable[Offer]:
    """Providers that targets may name. Called once; must not import an SDK."""
    return ()


@hookspec
def cloudabstract_check_plan(plan: Any) -> Iterable[Objection]:
    """Policy: objections to a finished plan (an engine Plan). Any REJECT withholds consent."""
    return ()


@hookspec
def cloudabstract_report(event: Any) -> None:
    """Told every event of an apply as it happens; what it raises is logged and ignored."""
