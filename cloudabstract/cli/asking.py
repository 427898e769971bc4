"""Consent: shows the plan, and asks where it destroys something and somebody is there to answer.

Loss of data is never asked about: it has to be agreed to by name, on the command line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudabstract.errors import ConsentError

from . import output, terminal

if TYPE_CHECKING:
    from cloudabstract.engine import Consent

_GRAVE = frozenset({"changes address", "loses data"})
_ENDING = frozenset({"delete", "replace", "release"})


@dataclass(frozen=True)
class Asking:
    """How this command line agrees to things. `proceed` is called once all is agreed to."""

    yes: bool
    data_loss: frozenset[str]
    proceed: Callable[[], None]

    def consent(self, changes: Iterable[Mapping[str, Any]], *, pointless: bool) -> Consent:
        """What is agreed to, after asking if need be.

        `pointless`: the plan is refused in any case. Raises ConsentError when the answer is no.
        """
        from cloudabstract.engine import Consent

        grave = any(map(destructive, changes))
        yes = self.yes
        if grave and not yes and not pointless and terminal.can_ask():
            ask()
            yes = True
        self.proceed()
        return Consent(yes, self.data_loss)


def destructive(change: Mapping[str, Any]) -> bool:
    """Whether a change, in its JSON form, is one to ask about."""
    return change["action"] in _ENDING or change["effect"] in _GRAVE


def ask() -> None:
    """Ask on standard error, for standard output may be a file."""
    output.tell("\nThe plan has destructive steps. Type `yes` to do all of it: ")
    answer = sys.stdin.readline()
    if answer.strip() != "yes":
        raise ConsentError("not agreed to; nothing was changed")
