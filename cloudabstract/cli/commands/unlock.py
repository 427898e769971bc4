"""`cloudabstract unlock`: release the lease of a run that died."""

from __future__ import annotations

import click

from .. import opening, options, output
from ..options import Where
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract unlock", "Say who holds the stack, and with which number."),
    ("cloudabstract unlock 7", "Take the lease with number 7 from its holder."),
)


@click.command("unlock", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 4, 5, 64))
@click.argument("fence", required=False, type=int)
@options.where
@options.output()
def command(fence: int | None, where: Where, form: str) -> int:
    """Release the lease of a run that died.

    A lease ends by itself when its holder has not renewed it for a minute, so this is seldom
    needed. Without FENCE it says who holds the stack. With it, that lease and no other is taken
    from its holder: should it be alive after all, its next write is refused.
    """
    with opening.stack(where) as stack:
        holder = stack.store.holder(stack.name)
        if fence is not None:
            stack.unlock(fence)
            text, released = f"Stack {stack.name} is free: lease {fence} was released.", True
        elif holder is None:
            text, released = f"Nobody holds stack {stack.name}.", False
        else:
            text, released = f"Stack {stack.name} is held by {holder}.", False
    if form == "text":
        output.line(text)
        return 0
    told = vars(holder) if holder is not None else None
    output.emit({"stack": stack.name, "holder": told, "released": released}, form)
    return 0
