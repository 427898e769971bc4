"""`python -m cloudabstract.testing.gce`: serve an emulator until it is interrupted.

The only line on standard output is the URL. Time is the machine's own.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from types import FrameType

from cloudabstract.clock import SystemClock
from cloudabstract.testing.gce import Emulator, Options


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    options = Options(pending_seconds=0.0, running_seconds=chosen.operation_seconds)
    emulator = Emulator(SystemClock(), chosen.page_size, tuple(chosen.project), options)
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    emulator.start(chosen.host, chosen.port)
    sys.stdout.write(f"{emulator.url}\n")
    sys.stdout.flush()
    over.wait()
    emulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cloudabstract.testing.gce", description="Emulate Compute Engine."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--page-size", type=int, default=None, help="most items in a page")
    parser.add_argument("--project", action="append", help="a further project, beside acme")
    parser.add_argument(
        "--operation-seconds", type=float, default=0.2, help="how long an operation runs"
    )
    parser.set_defaults(project=["acme"])
    return parser


if __name__ == "__main__":
    sys.exit(main())
