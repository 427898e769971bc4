"""What a watch tells over HTTP: `/metrics` for Prometheus, `/healthz` for whoever restarts it.

Listens on the loopback address unless told otherwise. Healthy is a watch whose last turn was well
and not too long ago: a target that cannot be read, a resource that keeps failing and a loop that
hangs all answer 503, with the reason.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from cloudabstract.clock import Clock, iso
from cloudabstract.errors import ConfigError

from .metrics import Metrics
from .reconcile import Turned

_JSON = "application/json; charset=utf-8"
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_SLACK = 60.0  # seconds that a turn may take beyond three intervals


class Health:
    """Hears turns, and knows whether all is well."""

    def __init__(self, clock: Clock, every: float) -> None:
        self._clock = clock
        self._allowed = 3 * every + _SLACK
        self._began = clock.now()
        self._last: Turned | None = None

    def turned(self, turn: Turned) -> None:
        """Note one turn."""
        self._last = turn

    def answer(self) -> tuple[bool, dict[str, object]]:
        """Whether it is healthy, and the document that says why or why not."""
        turn = self._last
        since = turn.at if turn is not None else self._began
        stuck = self._clock.now() - since > self._allowed
        well = not stuck and (turn is None or turn.well)
        return well, {
            "status": "ok" if well else "failing",
            "turns": turn.number if turn is not None else 0,
            "lastTurn": iso(turn.at) if turn is not None else None,
            "stuck": stuck,
            "error": str(turn.error) if turn is not None and turn.error is not None else "",
            "failing": sorted(turn.failing) if turn is not None else [],
        }


class Endpoint:
    """Context manager: serves while it is open. Port 0 takes a free one; `port` says which."""

    def __init__(
        self, metrics: Metrics, health: Health, port: int, host: str = "127.0.0.1"
    ) -> None:
        """Raises ConfigError when the port cannot be had."""
        handler = _handler(metrics, health)
        try:
            self._server = ThreadingHTTPServer((host, port), handler)
        except OSError as error:
            raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}") from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="metrics", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Endpoint:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(metrics: Metrics, health: Health) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0] == "/metrics":
                self._send(200, _PROMETHEUS, metrics.text())
            elif self.path == "/healthz":
                well, document = health.answer()
                self._send(200 if well else 503, _JSON, json.dumps(document).encode())
            else:
                self._send(404, _JSON, b'{"error": "there are /metrics and /healthz"}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nobody wants a line for each scrape."""

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Answer
