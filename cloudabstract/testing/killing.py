"""A proxy that kills a process at one of its calls: kill -9, as exact as a test needs it.

    with Killer(url, is_change) as proxy:          # point the program at proxy.url
        proxy.watch(process.pid, at=7, side="after")

Calls go on to `url` one for one, over HTTP on the loopback. Those for which `is_change` says so are
counted, and before or after the effect of the one that was named the process gets SIGKILL. What was
on its way then still arrives, as it would at a cloud: `settle` waits for it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

IsChange = Callable[[str, Mapping[str, str], bytes], bool]  # verb, headers, body
_OF_ONE_HOP = ("connection", "content-length", "transfer-encoding")


class Killer(ThreadingHTTPServer):
    """Serves from the moment it is entered until it is left."""

    daemon_threads = True

    def __init__(self, url: str, is_change: IsChange) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.upstream = urlsplit(url).netloc
        self.changes = 0  # since `watch`
        self._is_change = is_change
        self._calm = threading.Condition()
        self._busy = self._victim = self._at = 0
        self._side = ""

    @property
    def url(self) -> str:
        """Where the proxy answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Killer:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def watch(self, victim: int, at: int = 0, side: str = "") -> None:
        """Count from zero; kill process `victim` "before" or "after" change number `at`."""
        self.changes, self._victim, self._at, self._side = 0, victim, at, side

    def settle(self) -> None:
        """Wait until no call is under way."""
        with self._calm:
            self._calm.wait_for(lambda: self._busy == 0)

    def begin(self, verb: str, headers: Mapping[str, str], body: bytes) -> int:
        """A call arrives: its number among the changes; 0 for one that changes nothing."""
        change = self._is_change(verb, headers, body)
        with self._calm:
            self._busy += 1
            self.changes += change
            return self.changes if change else 0

    def end(self) -> None:
        """That call is done."""
        with self._calm:
            self._busy -= 1
            self._calm.notify_all()

    def strikes(self, side: str, number: int) -> bool:
        """Kill the victim if now is the time."""
        if not number or (number, side) != (self._at, self._side):
            return False
        os.kill(self._victim, signal.SIGKILL)
        return True


class _Call(BaseHTTPRequestHandler):
    """One connection of the program."""

    protocol_version = "HTTP/1.1"
    server: Killer

    def do_POST(self) -> None:
        """Pass the call on, unless the caller dies first."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        number = self.server.begin(self.command, dict(self.headers), body)
        try:
            if self.server.strikes("before", number):
                self.close_connection = True
                return
            status, headers, answer = self._upstream(body)
            if self.server.strikes("after", number):
                self.close_connection = True
                return
            self._answer(status, headers, answer)
        except OSError:
            self.close_connection = True  # the caller is dead
        finally:
            self.server.end()

    do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815  the standard library's names

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _upstream(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.server.upstream)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], answer: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
