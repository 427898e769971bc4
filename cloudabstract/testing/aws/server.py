"""The strict AWS behind a port, for programs that are not Python or run in a process of their own.

    python -m cloudabstract.testing.aws --port 0

prints its URL as the only line on standard output, and serves until it is told to stop. Point a
client at it with `endpoint_url`, or AWS_ENDPOINT_URL. Beside AWS it answers, under /strict/:

    POST /strict/advance   {"seconds": 60}                      -> {"now": ...}
    POST /strict/faults    {"fault": "lose_answer", "operation": "CreateVolume", "nth": 1}
    POST /strict/targets   {"fail": "10.0.0.5"}, {"mend": "10.0.0.5"}
    GET  /strict/calls                                          -> [{"operation": ...}, ...]

Its clock goes on with real time, and each read moves it further, so that a program that polls, or
waits for something to go, gets on without anybody advancing it.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from cloudabstract.clock import SystemClock
from cloudabstract.testing.aws.settings import Settings

if TYPE_CHECKING:
    from cloudabstract.testing.aws.strict import StrictAws

_PREFIX = "/strict/"
_FAULTS = ("allow", "clear", "deny", "fail", "fail_after", "lose_answer", "throttle")
_SECONDS_PER_READ = 5.0

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Any]


@contextmanager
def serving(settings: Settings, port: int = 0) -> Iterator[tuple[str, StrictAws]]:
    """A strict AWS that serves on 127.0.0.1 until it is left: its URL, and itself.

    Raises OSError when the port is taken, RuntimeError when another strict AWS is running here.
    """
    from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from cloudabstract.testing.aws import patches
    from cloudabstract.testing.aws.strict import patched

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with patches.environment(settings.region), patched(settings) as aws:
        app = _with_controls(aws, DomainDispatcherApplication(create_backend_app))
        server = make_server(
            "127.0.0.1", port, app, threaded=True, request_handler=MotoRequestHandler
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", aws
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def main(argv: list[str] | None = None) -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(
        prog="python -m cloudabstract.testing.aws", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--region", default=Settings.region)
    parser.add_argument("--seconds-per-read", type=float, default=_SECONDS_PER_READ)
    parser.add_argument("--read-lag", type=int, default=0, help="reads that miss a new object")
    parser.add_argument("--page-size", type=int, default=None, help="longest page of any list")
    parser.add_argument("--instant", action="store_true", help="nothing takes any time")
    given = parser.parse_args(argv)
    settings = Settings(
        region=given.region,
        seconds_per_read=given.seconds_per_read,
        read_lag=given.read_lag,
        page_size=given.page_size,
    )
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: over.set())
    with serving(settings.instant() if given.instant else settings, given.port) as (url, _):
        sys.stdout.write(url + "\n")
        sys.stdout.flush()
        over.wait()


def _with_controls(aws: StrictAws, cloud: Wsgi) -> Wsgi:
    real = SystemClock()
    seen = [real.now()]

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        before, seen[0] = seen[0], real.now()
        aws.clock.advance(max(0.0, seen[0] - before))
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_PREFIX):
            return cloud(environ, start_response)
        try:
            answer, status = _control(aws, path.removeprefix(_PREFIX), _body(environ)), "200 OK"
        except (KeyError, TypeError, ValueError) as error:
            answer, status = {"error": f"{type(error).__name__}: {error}"}, "400 Bad Request"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(answer, default=str).encode()]

    return app


def _control(aws: StrictAws, name: str, body: dict[str, Any]) -> Any:
    if name == "advance":
        aws.clock.advance(float(body["seconds"]))
        return {"now": aws.clock.now()}
    if name == "calls":
        return [asdict(replace(call, params=dict(call.params))) for call in aws.calls]
    if name == "targets":
        for verb, target in body.items():
            {"fail": aws.targets.fail, "mend": aws.targets.mend}[verb](target)
        return {}
    if name == "faults":
        fault = body.pop("fault")
        if fault not in _FAULTS:
            raise ValueError(f"fault must be one of {', '.join(_FAULTS)}, not {fault!r}")
        getattr(aws.faults, fault)(**body)
        return {}
    raise KeyError(f"/strict/{name} is none of advance, calls, faults, targets")


def _body(environ: dict[str, Any]) -> dict[str, Any]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = json.loads(environ["wsgi.input"].read(length) or b"{}")
    if not isinstance(body, dict):
        raise TypeError("the body must be a JSON object")
    return body
