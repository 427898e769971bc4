"""Backends and clients for tests: small, on loopback, and counting what they get."""

from __future__ import annotations

import http.server
import socket
import socketserver
import threading
from typing import Any


class Backend:
    """A server on a free port of `address`; `name` is what it answers with."""

    def __init__(self, kind: type[socketserver.BaseServer], name: str, address: str) -> None:
        self.name = name
        self.requests: list[Any] = []
        self.checks: list[int] = []  # the status of each answer to a health check
        self.status = 200
        self.bad_checks = 0  # how many checks from now on are answered with 500
        self._server: Any = kind((address, 0), None)  # type: ignore[arg-type]
        self._server.backend = self
        self.address, self.port = self._server.server_address[:2]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, and end those that are open."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)


class _Threads(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128
    address_family = socket.AF_INET

    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self._open: set[socket.socket] = set()
        super().__init__(address, handler or self.handler)

    handler: Any = None

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for each in list(self._open):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are no news."""


class _Http(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        backend: Backend = self.server.backend  # type: ignore[attr-defined]
        status = backend.status
        if self.path == "/check":
            status = 500 if backend.bad_checks > 0 else status
            backend.bad_checks -= 1
            backend.checks.append(status)
        else:
            backend.requests.append((self.path, dict(self.headers), self.client_address[0]))
        body = backend.name.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Nothing to standard error."""


class _Echo(socketserver.BaseRequestHandler):
    """Greets with its name, then sends back what it gets."""

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request.sendall(self.server.backend.name.encode() + b"\n")
        while received := self.request.recv(4096):
            self.server.backend.requests.append(received)
            self.request.sendall(received)


class _HttpServer(_Threads):
    handler = _Http


class _EchoServer(_Threads):
    handler = _Echo


class _Datagrams(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        received, answering = self.request
        self.server.backend.requests.append(received)
        answering.sendto(self.server.backend.name.encode() + b" " + received, self.client_address)


class _UdpServer(socketserver.UDPServer):
    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        super().__init__(address, handler or _Datagrams)


class Backends:
    """Starts backends, and stops all of them at the end."""

    def __init__(self) -> None:
        self._started: list[Backend] = []

    def http(self, name: str, address: str = "127.0.0.1") -> Backend:
        """Answers every request with its name."""
        return self._start(_HttpServer, name, address)

    def echo(self, name: str, address: str = "127.0.0.1") -> Backend:
        """A TCP server that greets with its name and a newline, then echoes."""
        return self._start(_EchoServer, name, address)

    def udp(self, name: str, address: str = "127.0.0.1") -> Backend:
        """Answers each datagram with its name and what it got."""
        return self._start(_UdpServer, name, address)

    def close(self) -> None:
        for each in self._started:
            each.stop()

    def _start(self, kind: type[socketserver.BaseServer], name: str, address: str) -> Backend:
        backend = Backend(kind, name, address)
        self._started.append(backend)
        return backend
