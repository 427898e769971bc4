"""sourceRanges: who may connect, on every protocol, before anything is said."""

from __future__ import annotations

import pytest

from cloudabstract.model import Port

from .backends import Backends
from .bench import Bench, balancer, pool
from .clients import ask_udp, get, greetings

FRIEND, STRANGER = "127.0.0.9", "127.0.0.8"
RANGES = ("127.0.0.9/32", "192.0.2.0/24")


def test_tcp_is_closed_to_strangers_before_a_greeting(bench: Bench, backends: Backends) -> None:
    """A stranger does not even get what a backend says first."""
    web = balancer("web", [Port(80)], backends=[pool(backends.echo("a"))], source_ranges=RANGES)
    where = bench.serve(web), 80

    assert greetings(where, 2, FRIEND) == ["a", "a"]
    assert greetings(where, 2, STRANGER) == ["", ""]


def test_udp_of_strangers_is_dropped(bench: Bench, backends: Backends) -> None:
    """Datagrams of strangers get no answer, and reach no backend."""
    backend = backends.udp("a")
    dns = balancer(
        "dns", [Port(53, protocol="UDP")], backends=[pool(backend)], source_ranges=RANGES
    )
    where = bench.serve(dns), 53

    assert ask_udp(where, "stranger", STRANGER, patience=0.3) == ""
    assert ask_udp(where, "friend", FRIEND) == "a friend"
    assert backend.requests == [b"friend"]


def test_http_is_closed_to_strangers(bench: Bench, backends: Backends) -> None:
    """A header that claims another address helps nobody."""
    web = balancer(
        "web",
        [Port(80)],
        load_balancer_class="l7",
        backends=[pool(backends.http("a"))],
        source_ranges=RANGES,
    )
    where = bench.serve(web), 80

    assert get(where, source=FRIEND) == (200, "a")
    with pytest.raises(ConnectionError):
        get(where, headers={"X-Forwarded-For": FRIEND}, source=STRANGER)


def test_ranges_change_in_place(bench: Bench, backends: Backends) -> None:
    """Ranges can be set and lifted while the balancer serves, at the same address."""
    web = pool(backends.echo("a"))
    open_to_all = balancer("web", [Port(80)], backends=[web])
    address = bench.serve(open_to_all)
    bench.apply(balancer("web", [Port(80)], backends=[web], source_ranges=RANGES))
    assert greetings((address, 80), 1, STRANGER) == [""]

    assert bench.serve(open_to_all) == address
    assert greetings((address, 80), 1, STRANGER) == ["a"]


def test_an_empty_list_is_no_restriction(bench: Bench, backends: Backends) -> None:
    """`[]` lets everybody in, as if it were not set."""
    web = balancer("web", [Port(80)], backends=[pool(backends.echo("a"))], source_ranges=())

    assert greetings((bench.serve(web), 80), 1, STRANGER) == ["a"]
