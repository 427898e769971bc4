"""The engine's names as AWS takes them: a few beginnings are reserved there.

A load balancer's name must not begin with `internal-`, a security group's not with `sg-`. Such a
name is made with a 0 for the hyphen, of the same length; the tag `Name` has the engine's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudabstract_aws import tags

_RESERVED = ("internal-", "sg-")


def native(name: str) -> str:
    """The name that AWS is given."""
    for each in _RESERVED:
        if name.lower().startswith(each):
            return f"{name[: len(each) - 1]}0{name[len(each) :]}"
    return name


def native_of(names: Iterable[str]) -> list[str]:
    """AWS's names for those asked for, sorted."""
    return sorted(by_native(names))


def called(name: str, known: Mapping[str, str], asked: Mapping[str, str]) -> str:
    """The engine's name of what AWS calls `name`; `known` are its tags.

    A tag `Name` that is not of our making says something else, and does not count.
    """
    tagged = known.get(tags.NAME, name)
    return tagged if native(tagged) == name else asked.get(name, name)


def by_native(names: Iterable[str]) -> dict[str, str]:
    """AWS's name -> the engine's, for those asked for."""
    return {native(each): each for each in names}
