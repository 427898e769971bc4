"""appProtocol on l7: how backends are spoken to, and connections that become something else."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudabstract.clock import SystemClock
from cloudabstract.model import BackendPool, HealthCheck, Member, Port
from cloudabstract_local.balancers import selfsigned

from .backends import Backends
from .bench import Bench, balancer
from .clients import PATIENCE, get

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
RARELY = HealthCheck(interval=3600)


class Taker:
    """Takes connections, keeps the first bytes of each, and answers with `answer`."""

    def __init__(self, answer: bytes = b"", tls: ssl.SSLContext | None = None) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._answer, self._tls = answer, tls
        self.first: list[bytes] = []
        self.got = threading.Event()
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _take(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._answer_one, args=(connection,), daemon=True).start()

    def _answer_one(self, plain: socket.socket) -> None:
        try:
            connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            received = connection.recv(4096)
            if not received:
                return  # a health check that only connects
            self.first.append(received)
            self.got.set()
            connection.sendall(self._answer)
            while received := connection.recv(4096):
                connection.sendall(received)
        except OSError:
            return


@pytest.fixture
def takers() -> Iterator[list[Taker]]:
    """Takers to be closed."""
    started: list[Taker] = []
    yield started
    for each in started:
        each.close()


def site(taker: Taker, app_protocol: str) -> object:
    """An l7 balancer over one taker."""
    pool = BackendPool("web", addresses=(Member("127.0.0.1", taker.port),))
    return balancer(
        "web",
        [Port(80, app_protocol=app_protocol)],
        load_balancer_class="l7",
        backends=[pool],
        health_check=RARELY,
    )


@pytest.mark.parametrize("app_protocol", ["kubernetes.io/h2c", "grpc"])
def test_http2_without_tls(bench: Bench, takers: list[Taker], app_protocol: str) -> None:
    """h2c and gRPC backends are spoken to in HTTP/2 from the first byte."""
    taker = Taker()
    takers.append(taker)
    where = bench.serve(site(taker, app_protocol)), 80
    with socket.create_connection(where, timeout=PATIENCE) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert taker.got.wait(PATIENCE)

    assert taker.first[0].startswith(PREFACE)


def test_https_backends_are_spoken_to_over_tls(
    bench: Bench, takers: list[Taker], tmp_path: Path
) -> None:
    """Plain clients reach backends that only speak TLS."""
    made = selfsigned.make("backend", (), SystemClock().now())
    (tmp_path / "pem").write_bytes(made.certificate + made.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
    taker = Taker(answer, context)
    takers.append(taker)

    assert get((bench.serve(site(taker, "https")), 80)) == (200, "ok")
    assert taker.first[0].startswith(b"GET / HTTP/1.1")


def test_websockets_pass(bench: Bench, takers: list[Taker]) -> None:
    """After an upgrade bytes flow both ways, whatever they are."""
    switching = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    )
    taker = Taker(switching)
    takers.append(taker)
    where = bench.serve(site(taker, "kubernetes.io/ws")), 80
    with socket.create_connection(where, timeout=PATIENCE) as client:
        client.sendall(
            b"GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert client.recv(4096).startswith(b"HTTP/1.1 101")
        client.sendall(b"\x00anything\xff")
        assert client.recv(4096) == b"\x00anything\xff"


def test_on_l4_it_changes_nothing(bench: Bench, backends: Backends) -> None:
    """The hint of an l4 port does not make it read what it forwards."""
    echo = backends.echo("a")
    pool = BackendPool("web", addresses=(Member(echo.address, echo.port),))
    web = balancer("web", [Port(80, app_protocol="https")], backends=[pool])
    where = bench.serve(web), 80
    with socket.create_connection(where, timeout=PATIENCE) as client:
        client.sendall(b"\x00not http")
        received = b""
        while not received.endswith(b"not http"):
            received += client.recv(4096)

    assert received == b"a\n\x00not http"
