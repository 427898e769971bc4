"""The emulator's front over HTTP, on the loopback interface and a free port."""

from __future__ import annotations

import http.server
import json
import logging
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cloudabstract.testing.gce import errors
from cloudabstract.testing.gce.admission import Request
from cloudabstract.testing.gce.dispatch import Answer, Dispatcher

_log = logging.getLogger("cloudabstract.testing.gce")


class Server:
    """Serves one dispatcher from a thread of its own."""

    def __init__(self, dispatcher: Dispatcher, host: str, port: int) -> None:
        front = type("Front", (_Front,), {"dispatcher": dispatcher})
        self._http = _Listener((host, port), front)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Front(http.server.BaseHTTPRequestHandler):
    """One connection: HTTP/1.1, kept open, without Nagle's delay."""

    dispatcher: Dispatcher
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = parse_qs(parts.query, keep_blank_values=True)
        try:
            answer = self.dispatcher.answer(Request(self.command, parts.path, query, body))
        except errors.AnswerLost:
            self.close_connection = True  # the caller sees the connection break
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        text = b"" if answer.body is None else json.dumps(answer.body).encode()
        try:
            self._write(answer.status, text)
        except ConnectionError:
            self.close_connection = True  # the caller did not wait for its answer

    def _write(self, status: int, text: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        _log.debug(format, *args)
