"""The owner's mark on Google's objects, set in the very call that makes them.

Two ways, for the API has labels at birth on disks and snapshots only. Load balancing parts take
labels by a second call (addresses, forwarding rules) or not at all; between two calls an object
would be nobody's. They are marked in their description (descriptions.py):

    {"cloudabstract": {"stack": "shop", "resource": "LoadBalancer/default/web", "role": "tcp-80",
                       "place": "europe-west1"}}

`place` is where the engine looks for a global object; it is no label of the engine's.

Label values know no capitals and no slashes, and have at most 63 characters. So each of the
engine's labels becomes `cloudabstract-KEY`, with `_` and two hex digits for any other byte; a long
value goes on in `cloudabstract-KEY-1`, `-2` and so on. What is read back is exactly what was
written, and `labels.cloudabstract-stack = shop` finds a stack's objects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cloudabstract.provider import RELEASED, STACK

from .descriptions import Description, owner_of

_KEY = "cloudabstract"
_PREFIX = f"{_KEY}-"
_LONGEST = 63
_PLAIN = re.compile(r"[a-z0-9-]")
_ESCAPED = re.compile(r"_([0-9a-f]{2})")
_PIECE = re.compile(r"(.+?)(?:-(\d+))?")

MARKED = 'description : "cloudabstract"'  # filter for all that is marked in its description
LABELLED = f"(labels.{_PREFIX}{STACK} : *) OR (labels.{_PREFIX}{RELEASED} : *)"  # or by labels


def describe(labels: Mapping[str, str], place: str) -> str:
    """The description that marks an object as owned; "" for no labels."""
    return Description().marked(labels, place).text()


def described(description: str) -> tuple[dict[str, str], str]:
    """(owner's labels, place) of a description; empty when it is not one of ours."""
    return owner_of(Description.read(description).mark)


def to_labels(labels: Mapping[str, str], prefix: str = _PREFIX) -> dict[str, str]:
    """Google labels that carry the owner's labels, whatever characters these have."""
    carried: dict[str, str] = {}
    for key, value in labels.items():
        text = _escape(value)
        for number, start in enumerate(range(0, max(len(text), 1), _LONGEST)):
            piece = f"{prefix}{key}-{number}" if number else f"{prefix}{key}"
            carried[piece] = text[start : start + _LONGEST]
    return carried


def from_labels(found: Mapping[str, str], prefix: str = _PREFIX) -> dict[str, str]:
    """The owner's labels among Google labels; empty when there are none."""
    ours = {key.removeprefix(prefix): v for key, v in found.items() if key.startswith(prefix)}
    whole: dict[str, dict[int, str]] = {}
    for key, value in ours.items():
        name, number = _split(key, ours)
        whole.setdefault(name, {})[number] = value
    return {
        name: _unescape("".join(pieces[number] for number in sorted(pieces)))
        for name, pieces in whole.items()
    }


def others(found: Mapping[str, str], prefix: str = _PREFIX) -> dict[str, str]:
    """The labels that are not ours and must stay when ours are set anew."""
    return {key: value for key, value in found.items() if not key.startswith(prefix)}


def owned_by(stack: str) -> str:
    """Filter for all that a stack owns by labels."""
    return f'labels.{_PREFIX}stack = "{to_labels({STACK: stack})[f"{_PREFIX}{STACK}"]}"'


def _split(key: str, ours: Mapping[str, str]) -> tuple[str, int]:
    match = _PIECE.fullmatch(key)
    if match is not None and match[2] is not None and match[1] in ours:
        return match[1], int(match[2])
    return key, 0


def _escape(text: str) -> str:
    return "".join(
        char if _PLAIN.fullmatch(char) else "".join(f"_{byte:02x}" for byte in char.encode())
        for char in text
    )


def _unescape(text: str) -> str:
    raw = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")
