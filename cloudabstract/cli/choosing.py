"""`--only` and `--exclude`: words of the command line made into the keys of resources.

A word is KIND, KIND/NAME, KIND/NAMESPACE/NAME, or labels as `-l` takes them (`app=shop`). It speaks
of the resources of the spec and of those that were applied last, for these may be about to go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from cloudabstract.errors import CloudAbstractError

from . import names, selectors

if TYPE_CHECKING:
    from cloudabstract.engine import Options
    from cloudabstract.model import Resource
    from cloudabstract.stack import Stack

    from .options import Choice, Wishes


def keys(words: Iterable[str], resources: Iterable[Resource]) -> frozenset[str]:
    """The texts of the keys that `words` pick. Raises CloudAbstractError if one picks none."""
    known = {each.key: each for each in resources}
    found: set[str] = set()
    for word in words:
        picked = {str(key) for key, each in known.items() if _picks(word, each)}
        if not picked:
            raise CloudAbstractError(_nothing(word, known.values()))
        found |= picked
    return frozenset(found)


def options(wishes: Wishes, choice: Choice, stack: Stack, spec: Iterable[Resource]) -> Options:
    """What is wanted of a plan for `spec`, by flags and by choice."""
    from cloudabstract.engine import Options

    wanted = Options(wishes.prune, wishes.retain_data, wishes.data_loss)
    if not choice.only and not choice.exclude:
        return wanted
    resources = [*stack.applied(), *spec]
    only, exclude = keys(choice.only, resources), keys(choice.exclude, resources)
    return replace(wanted, only=only, exclude=exclude)


def _picks(word: str, resource: Resource) -> bool:
    if _is_selector(word):
        return selectors.parse(word).matches(resource.metadata.labels)
    return any(pick.takes(resource.key) for pick in names.picks([word]))


def _is_selector(word: str) -> bool:
    return "=" in word or word.startswith("!") or " " in word


def _nothing(word: str, resources: Iterable[Resource]) -> str:
    if _is_selector(word):
        return f"no resource has the labels {word}"
    pick = names.picks([word])[0]
    same = [each.metadata.name for each in resources if pick.kind == each.KIND]
    near = names.nearest(pick.name, same)
    hint = f"\nhint: did you mean {near!r}?" if near else ""
    return f"there is no {pick.kind} {pick.name}".rstrip() + hint
