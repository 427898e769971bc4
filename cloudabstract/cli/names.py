"""Names of resources as kubectl takes them: `lb/web`, `lb web api`, `volumes`, `vc,vol`, `all`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import click

from cloudabstract.model import KINDS, ResourceKey

# Kubernetes' own short names, for hands that are used to them.
_KUBERNETES = {"pv": "Volume", "pvc": "VolumeClaim", "sc": "VolumeClass"}
_EVERYTHING = ("all", "*")


@dataclass(frozen=True)
class Pick:
    """What one word asks for; empty fields ask for all."""

    kind: str = ""
    name: str = ""
    namespace: str = ""

    def takes(self, key: ResourceKey) -> bool:
        """Whether `key` is asked for."""
        return (
            self.kind in ("", key.kind)
            and self.name in ("", key.name)
            and self.namespace in ("", key.namespace)
        )


@cache
def spellings() -> dict[str, str]:
    """Every spelling of every kind, in lower case, and the kind."""
    known = dict(_KUBERNETES)
    for kind, cls in KINDS.items():
        singular = kind.lower()
        plural = f"{singular}es" if singular.endswith("s") else f"{singular}s"
        known |= dict.fromkeys((singular, plural, *cls.SHORT), kind)
    return known


def kind(word: str) -> str:
    """The kind that `word` names. Raises UsageError with the nearest one."""
    found = spellings().get(word.lower())
    if found is None:
        shorts = ", ".join(f"{kind} ({', '.join(cls.SHORT)})" for kind, cls in KINDS.items())
        near = nearest(word.lower(), spellings())
        hint = f"did you mean {near!r}?" if near else f"the kinds are {shorts}"
        raise click.UsageError(f"there is no kind {word!r}; {hint}")
    return found


def key(word: str) -> ResourceKey:
    """The address that `KIND/NAME` or `KIND/NAMESPACE/NAME` is. Raises UsageError."""
    first, slash, rest = word.partition("/")
    if not slash or not all(rest.split("/")) or rest.count("/") > 1:
        raise click.UsageError(f"{word!r} is not KIND/NAME, as in vc/data")
    of_kind = kind(first)
    return ResourceKey.parse(f"{of_kind}/{rest}", KINDS[of_kind].NAMESPACED)


def picks(words: Sequence[str]) -> list[Pick]:
    """What the words of a command line ask for; no words ask for everything."""
    if not words or words[0].lower() in _EVERYTHING:
        return [Pick()]
    if any("/" in word for word in words):
        if not all("/" in word for word in words):
            raise click.UsageError("write either KIND NAME ... or KIND/NAME ..., not both")
        return [_pick(word) for word in words]
    kinds = [kind(each) for each in words[0].split(",") if each]
    return [Pick(each, name) for each in kinds for name in words[1:] or ("",)]


def _pick(word: str) -> Pick:
    first, *rest = word.split("/")
    if len(rest) > 2 or not all(rest):
        raise click.UsageError(f"{word!r} is not KIND/NAME, as in vc/data")
    return Pick(kind(first), rest[-1], rest[0] if len(rest) == 2 else "")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is closest to `word`, or ""."""
    close = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0.6)
    return close[0] if close else ""
