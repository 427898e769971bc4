"""externalTrafficPolicy Local: backends learn who the client is, by PROXY protocol version 2."""

from __future__ import annotations

import ipaddress

from cloudabstract.model import HealthCheck, Port

from .backends import Backends
from .bench import MakeBench, balancer, pool
from .clients import Line
from .waiting import until

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"


def test_backends_get_the_clients_address(make_bench: MakeBench, backends: Backends) -> None:
    """The first bytes of a connection tell the address and port it came from."""
    backend = backends.echo("a")
    bench = make_bench(proxy_protocol=True)
    web = balancer(
        "web",
        [Port(80)],
        backends=[pool(backend)],
        external_traffic_policy="Local",
        health_check=HealthCheck(interval=3600),
    )
    line = Line((bench.serve(web), 80), source="127.0.0.9")
    line.greeting()
    line.echo("x")
    until(lambda: b"".join(backend.requests).endswith(b"x"), "the client's byte does not arrive")
    got = b"".join(backend.requests)
    header = got[got.rindex(SIGNATURE) :]

    assert header[12] == 0x21  # version 2, on behalf of a client
    assert str(ipaddress.IPv4Address(header[16:20])) == "127.0.0.9"


def test_without_it_backends_get_plain_bytes(make_bench: MakeBench, backends: Backends) -> None:
    """The setting alone changes nothing: the spec has to ask for it."""
    backend = backends.echo("a")
    bench = make_bench(proxy_protocol=True)
    line = Line((bench.serve(balancer("web", [Port(80)], backends=[pool(backend)])), 80))
    line.greeting()
    line.echo("x")

    assert backend.requests == [b"x"]
