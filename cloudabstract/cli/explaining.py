"""What words mean: kinds, fields, codes of objections and errors, exit codes."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cloudabstract.errors import ErrorCode
from cloudabstract.model import KINDS
from cloudabstract.provider import CODES

from . import codes, explaining_kinds
from .explaining_kinds import summary
from .explanation import Explanation

_FAMILIES = {
    "LB": "load balancers",
    "VO": "volumes",
    "VC": "volume classes",
    "CL": "claims",
    "ST": "ownership and protection",
}
_ANSWERS = {
    ErrorCode.NOT_FOUND: ("the object is not there", "nothing: on delete that is success"),
    ErrorCode.CONFLICT: ("in use, or being changed", "nothing: it is tried again in the same run"),
    ErrorCode.THROTTLED: ("too many calls", "nothing: it is tried again, slower"),
    ErrorCode.NOT_YET: ("just made and not visible yet", "run again if the run gave up waiting"),
    ErrorCode.SPENT: ("the idempotency token was used", "nothing: the next token is taken"),
    ErrorCode.TAKEN: ("the name is a stranger's", "rename the resource or the stack, or adopt it"),
    ErrorCode.EXHAUSTED: ("a quota is used up", "raise the quota, or delete something; run again"),
    ErrorCode.DENIED: ("not permitted, or not logged in", "`cloudabstract doctor` says what lacks"),
    ErrorCode.INVALID: ("can never succeed as it is", "change the spec as the message says"),
    ErrorCode.UNKNOWN: ("it may have happened", "run again: it looks first, and repeats nothing"),
}


def explain(words: Sequence[str]) -> Explanation:
    """The explanation of a command line's words. Raises UsageError with the nearest word."""
    if not words:
        return _overview()
    first = words[0]
    if first.lower() in ("exit", "exit-codes", "exitcode"):
        return _exit(words[1:])
    if len(words) > 1:
        raise click.UsageError("explain one thing at a time: KIND.FIELD, CODE, exit, or claim NAME")
    if first.upper() in CODES:
        return _objection(first.upper())
    if first.upper() in ErrorCode.__members__:
        return _error(ErrorCode[first.upper()])
    if first.isdecimal():
        return _exit([first])
    return explaining_kinds.explain(first)


def _overview() -> Explanation:
    rows = [(kind, f"{', '.join(cls.SHORT)}: {summary(cls)}") for kind, cls in KINDS.items()]
    rows += [(f"{prefix}...", f"codes about {what}") for prefix, what in _FAMILIES.items()]
    rows += [(code.value, f"error: {_ANSWERS[code][0]}") for code in ErrorCode]
    text = [
        "Everything that has a name can be explained: `explain lb.spec.ports`, `explain VO012`."
    ]
    return Explanation("explain", text, rows, "TERMS")


def _exit(words: Sequence[str]) -> Explanation:
    if not words:
        rows = [(str(code), text) for code, (_, text) in codes.EXIT_CODES.items()]
        return Explanation("exit codes", ["How a command ended."], rows, "CODES")
    code = int(words[0]) if words[0].isdecimal() else -1
    if code not in codes.EXIT_CODES:
        raise click.UsageError(f"there is no exit code {words[0]}; `explain exit` lists them")
    word, text = codes.EXIT_CODES[code]
    return Explanation(f"exit code {code}", [f"{text[0].upper()}{text[1:]}."], extra={"code": word})


def _objection(code: str) -> Explanation:
    from cloudabstract.engine.planning.consent import withheld
    from cloudabstract.provider import Objection

    refused = 6 if withheld(Objection(code, "", "")) else 5
    text = [
        f"{CODES[code].capitalize()}.",
        f"Where it refuses the plan, the exit code is {refused} and nothing is touched; where it "
        "only weakens a field, the resource has the condition Degraded. The message says which "
        "field is meant, and an alternative.",
    ]
    rows = [(each, CODES[each]) for each in CODES if each[:2] == code[:2] and each != code]
    return Explanation(code, text, rows, "SEE ALSO", {"exitCode": refused})


def _error(code: ErrorCode) -> Explanation:
    means, remedy = _ANSWERS[code]
    return Explanation(code.value, [f"{means.capitalize()}.", f"What to do: {remedy}."])
