"""Who is in a group, in a word: a digest, and what it stands for.

Google lists the members of one endpoint group a call, which a plan over many balancers cannot
afford. So whoever changes the members of a group notes their digest where lists show it, and a plan
reads the members themselves only where the note does not fit.

A digest stands for the same members wherever it is read, so it can be kept as long as one likes:
`Recall` has those of the spec at hand, which are nearly always those that are found.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from cloudabstract.provider import Part

from .kinds import ENDPOINTS

Members = list[dict[str, Any]]
NOTE = "endpoints"  # its key among the notes of a description
_NOTE = re.compile(r"([0-9]+):([0-9a-f]{32})")


def note(members: Iterable[Mapping[str, Any]]) -> str:
    """What to write down for these members: how many, and their digest."""
    known = [dict(each) for each in members]
    return f"{len(known)}:{_digest(known)}"


class Recall:
    """The members behind digests, as far as they were seen. Shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Members] = {}

    def learn(self, parts: Iterable[Part]) -> None:
        """Keep the members that these parts want."""
        for each in parts:
            if each.key.kind == ENDPOINTS.name:
                members = [dict(member) for member in each.want["members"]]
                with self._lock:
                    self._known[_digest(members)] = members

    def read(self, text: str, size: int | None) -> Members | None:
        """The members that a note tells of; None when it is none, unknown, or out of date.

        `size` is how many Google counts in the group.
        """
        match = _NOTE.fullmatch(text)
        if match is None or size is None or int(match[1]) != size:
            return None
        with self._lock:
            known = self._known.get(match[2])
        return None if known is None else [dict(each) for each in known]


def _digest(members: Members) -> str:
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
