"""Plugins: the one place that knows pluggy. Loads what is allowed, and answers in typed values.

A plugin is a module named by an entry point of the group `cloudabstract`. It registers typed things
through the hooks in cloudabstract.provider.hookspecs and does no work. With an allow-list only
plugins of the distributions named there are imported; others are not even looked into. A plugin
that cannot be imported does not stop the rest: its error is kept for when somebody asks for what it
would offer.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from cloudabstract.errors import ConfigError, Problem, ProviderError
from cloudabstract.provider import Objection, Offer, hookspecs

log = logging.getLogger("cloudabstract.plugins")

BUILT_IN = {"memory": "cloudabstract.testing.memory.plugin"}


class Plugins:
    """The plugins of one process, loaded."""

    def __init__(self, allowed: Collection[str] | None = None) -> None:
        """Load built-in plugins, and installed ones: all, or those of `allowed` distributions.

        Raises ProviderError when a plugin implements a hook that does not exist.
        """
        self._pluggy = pluggy.PluginManager(hookspecs.PROJECT)
        self._pluggy.add_hookspecs(hookspecs)
        self.broken: dict[str, str] = {}
        for name, load in _candidates(allowed):
            self._register(name, load)
        try:
            self._pluggy.check_pending()
        except pluggy.PluginValidationError as error:
            raise ProviderError(f"a plugin implements an unknown hook: {error}") from error

    @cached_property
    def offers(self) -> Mapping[str, Offer]:
        """Every provider on offer, by name, sorted. Raises ConfigError when two share a name."""
        found: dict[str, Offer] = {}
        for offer in _flat(self._pluggy.hook.cloudabstract_providers()):
            if offer.name in found:
                raise ConfigError(f"two plugins offer a provider named {offer.name!r}")
            found[offer.name] = offer
        return dict(sorted(found.items()))

    def offer(self, name: str) -> Offer:
        """The provider of that name. Raises ConfigError that names those there are."""
        if name in self.offers:
            return self.offers[name]
        if name in self.broken:
            raise ConfigError(f"provider {name!r} is installed but broken: {self.broken[name]}")
        remedy = f"there are {', '.join(self.offers)}; install cloudabstract-{name}, or allow it"
        problem = Problem(f"no provider is named {name!r}", remedy=remedy)
        raise ConfigError((problem,))

    def check_plan(self, plan: Any) -> tuple[Objection, ...]:
        """What policies have against a plan."""
        return tuple(_flat(self._pluggy.hook.cloudabstract_check_plan(plan=plan)))

    def report(self, event: Any) -> None:
        """Tell every observer; what they raise is logged and goes no further."""
        try:
            self._pluggy.hook.cloudabstract_report(event=event)
        except Exception:  # an observer must not stop an apply
            log.exception("an observer of events failed")

    def _register(self, name: str, load: Any) -> None:
        try:
            module = load()
        except Exception as error:  # noqa: BLE001  a foreign module may raise anything
            log.warning("plugin %s cannot be loaded: %s", name, error)
            self.broken[name] = f"{type(error).__name__}: {error}"
            return
        self._pluggy.register(module, name)


def _candidates(allowed: Collection[str] | None) -> Iterator[tuple[str, Any]]:
    for name, module in BUILT_IN.items():
        yield name, lambda module=module: importlib.import_module(module)
    for entry in sorted(entry_points(group=hookspecs.PROJECT), key=_entry_name):
        if allowed is None or _distribution(entry) in allowed:
            yield entry.name, entry.load


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.name


def _entry_name(entry: EntryPoint) -> str:
    return entry.name


def _flat(results: Any) -> Iterator[Any]:
    """Hooks answer with one iterable for each plugin."""
    for result in results:
        yield from result or ()
