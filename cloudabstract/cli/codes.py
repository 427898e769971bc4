"""The exit codes: the program's answer to scripts."""

from __future__ import annotations

USAGE, BUG, INTERRUPTED, TERMINATED = 64, 70, 130, 143
REJECTED, CHANGES = 5, 2

EXIT_CODES: dict[int, tuple[str, str]] = {
    0: ("done", "done, or nothing to do"),
    1: ("failed", "something failed and nothing was changed; the message says what to do"),
    2: ("changes", "`plan --detailed-exitcode` only: there are changes"),
    3: ("partial", "partly applied: what could be done is done; run the same command again"),
    4: ("locked", "another run holds the stack, or took it over; wait, or see `unlock`"),
    5: ("rejected", "refused before anything was touched: spec, target or configuration"),
    6: ("consent", "a destructive step was not agreed to, or a policy objects"),
    7: ("stale", "the world changed since the plan was made; make a new plan"),
    8: ("timeout", "waited as long as was asked, and it is not ready yet; run again"),
    64: ("usage", "the command line was not understood"),
    70: ("bug", "a bug of ours; a report was written, please send it"),
    130: ("interrupted", "interrupted by Ctrl-C; the call in flight was finished and recorded"),
    143: ("terminated", "terminated by SIGTERM, as with 130"),
}


def word(code: int) -> str:
    """The stable word for an exit code, as in the "code" of a JSON error."""
    return EXIT_CODES.get(code, ("failed", ""))[0]
