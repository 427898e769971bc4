"""Clients for tests, and one that keeps asking while the world changes."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType

Where = tuple[str, int]
PATIENCE = 10.0  # seconds


def get(
    where: Where,
    path: str = "/",
    headers: Mapping[str, str] | None = None,
    source: str = "",
    tls: ssl.SSLContext | None = None,
) -> tuple[int, str]:
    """Status and body of one request on a connection of its own, from address `source`."""
    origin = (source, 0) if source else None
    if tls is not None:
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            *where, timeout=PATIENCE, context=tls
        )
    else:
        connection = http.client.HTTPConnection(*where, timeout=PATIENCE, source_address=origin)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class Line:
    """A TCP connection to an echo backend."""

    def __init__(self, where: Where, source: str = "") -> None:
        self._socket = socket.create_connection(
            where, timeout=PATIENCE, source_address=(source, 0) if source else None
        )
        self._file = self._socket.makefile("rb")

    def greeting(self) -> str:
        """The name of the backend; "" when the connection was closed instead."""
        try:
            return self._file.readline().decode().strip()
        except ConnectionError:
            return ""

    def echo(self, text: str) -> str:
        """What comes back for `text`; "" when the connection is gone."""
        try:
            self._socket.sendall(text.encode())
            return self._file.read(len(text)).decode()
        except ConnectionError:
            return ""

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class TlsLine:
    """A TLS connection; certificate and name are verified."""

    def __init__(
        self, where: Where, host: str, context: ssl.SSLContext, protocols: Sequence[str] = ()
    ) -> None:
        if protocols:
            context.set_alpn_protocols(list(protocols))
        plain = socket.create_connection(where, timeout=PATIENCE)
        self._socket = context.wrap_socket(plain, server_hostname=host)
        self.version = self._socket.version()
        self.protocol = self._socket.selected_alpn_protocol()

    def ask(self, text: str, until: str = "") -> str:
        """What comes back for `text`, up to `until`, or to the end."""
        self._socket.sendall(text.encode())
        got = ""
        while not (until and got.endswith(until)):
            received = self._socket.recv(4096)
            if not received:
                break
            got += received.decode()
        return got

    def close(self) -> None:
        self._socket.close()


def greetings(where: Where, number: int, source: str = "") -> list[str]:
    """Who greets, on so many connections one after the other."""
    greeted = []
    for _ in range(number):
        line = Line(where, source)
        greeted.append(line.greeting())
        line.close()
    return greeted


def ask_udp(where: Where, text: str, source: str = "", patience: float = 1.0) -> str:
    """The answer to one datagram; "" when none comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(patience)
        if source:
            client.bind((source, 0))
        try:
            client.sendto(text.encode(), where)
            return client.recv(4096).decode()
        except (TimeoutError, ConnectionError):
            return ""


class Prober:
    """Asks over HTTP without a pause, each time on a new connection, and keeps what failed."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._over = threading.Event()
        self._answered = threading.Condition()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.answers: list[str] = []
        self.failures: list[str] = []

    def wait_for(self, more: int) -> None:
        """Return after `more` further requests were answered or failed."""
        with self._answered:
            goal = self._asked() + more
            assert self._answered.wait_for(lambda: self._asked() >= goal, 60)

    def __enter__(self) -> Prober:
        self._thread.start()
        self.wait_for(5)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _asked(self) -> int:
        return len(self.answers) + len(self.failures)

    def _ask(self) -> None:
        while not self._over.is_set():
            try:
                status, body = get(self._where)
            except (OSError, http.client.HTTPException) as error:
                status, body = 0, repr(error)
            with self._answered:
                (self.answers if status == 200 else self.failures).append(body)
                self._answered.notify_all()
