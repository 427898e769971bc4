"""`cloudabstract watch`: keep the target as the spec says."""

from __future__ import annotations

import logging

import click

from .. import opening, options
from ..options import DURATION, Where, Wishes
from ..verb import Verb

_EXAMPLES = (
    ("cloudabstract watch -f shop/", "Look every 30 s, repair what others changed."),
    (
        "cloudabstract watch -f shop/ --every 1m --metrics-port 9090 --log-format json",
        "As a service: numbers at /metrics, health at /healthz, a JSON object a line.",
    ),
    ("cloudabstract watch -f shop/ --yes", "Do also what a changed file destroys, as apply --yes."),
    ("cloudabstract watch --once", "One turn over what was applied last: for cron."),
)


@click.command("watch", cls=Verb, examples=_EXAMPLES, exits=(0, 1, 3, 4, 5, 6, 8, 64, 70, 130, 143))
@options.sources
@options.where
@options.wishes
@options.yes
@click.option(
    "--every",
    metavar="TIME",
    type=DURATION,
    default="30s",
    show_default=True,
    help="Between turns.",
)
@click.option("--once", is_flag=True, help="Take one turn and end.")
@click.option(
    "--share", is_flag=True, help="Give the lease back between turns, so that others can apply."
)
@click.option(
    "--metrics-port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="Serve /metrics and /healthz on this port of 127.0.0.1.",
)
@click.option(
    "--timeout",
    metavar="TIME",
    type=DURATION,
    default="2m",
    show_default=True,
    help="Wait at most this long in one turn for an object to become ready.",
)
def command(
    sources: tuple[str, ...],
    where: Where,
    wishes: Wishes,
    yes: bool,
    every: float,
    once: bool,
    share: bool,
    metrics_port: int | None,
    timeout: float,
) -> int:
    """Keep the target as the spec says, until stopped.

    Takes a turn every 30 seconds, and at once when a file of the spec changes. A turn looks at what
    is, and repairs what others have changed or deleted. What fails is tried again after 5 seconds,
    then 10, up to 5 minutes, while everything else goes on.

    By itself it never loses data and never changes an address: that is told, and takes an apply. A
    deleted volume is Lost, and no empty one is made. What a changed file asks for is done as far as
    --yes and --allow-data-loss agree to it. The annotation cloudabstract.dev/drift: report lets it
    only report; cloudabstract.dev/ignore-fields names fields that others look after.

    It holds the stack while it runs: another apply exits with 4 and names it, or waits with --wait.
    With --share it holds the stack in its turns only. SIGTERM and Ctrl-C finish and record the call
    in flight and give the stack back. What it does is logged to standard error.
    """
    from ..stopping import Stopping

    _check(sources, once)
    with opening.stack(where, timeout=timeout) as stack, Stopping(stack.stop) as stopping:
        stopping.arm()
        turn = stack.watch(
            list(sources) or None,
            every=every,
            yes=yes,
            prune=wishes.prune,
            retain_data=wishes.retain_data,
            allow_data_loss=wishes.data_loss,
            share=share,
            once=once,
            metrics_port=metrics_port,
        )
        if stopping.received:
            return stopping.exit_code(130)
    return turn.exit_code if turn is not None and once else 0


def _check(sources: tuple[str, ...], once: bool) -> None:
    """Refuse what cannot be watched, and let the log say what is done."""
    if "-" in sources and not once:
        raise click.UsageError("standard input does not change: watch files, or take one turn")
    log = logging.getLogger("cloudabstract.watch")
    log.setLevel(min(logging.INFO, log.getEffectiveLevel()))
