"""Addresses: from the pool, one for each balancer, kept as long as it lives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract.model import LoadBalancer, Port
from cloudabstract_local.balancers import pools
from cloudabstract_local.failures import Refused

from .backends import Backends
from .bench import Bench, MakeBench, balancer, pool
from .clients import greetings


def web(name: str = "web", port: int = 80, **spec: object) -> LoadBalancer:
    """A balancer without backends."""
    return balancer(name, [Port(port)], **spec)


def test_a_balancer_keeps_its_address_through_changes(bench: Bench, backends: Backends) -> None:
    """Ports, backends and checks change; the address does not."""
    address = bench.serve(web())

    assert bench.serve(web(backends=[pool(backends.echo("a"))])) == address
    assert bench.serve(web(port=81)) == address


def test_a_balancer_made_anew_has_its_address_again(bench: Bench) -> None:
    """Deleting and making a balancer of the same name gives the same address."""
    address = bench.serve(web())
    bench.remove()

    assert bench.serve(web()) == address


def test_every_balancer_has_an_address_of_its_own(make_bench: MakeBench) -> None:
    """Three addresses serve three balancers, all on port 80; a fourth is told what is missing."""
    first = make_bench().settings.pools["External"][0].partition("-")[0]
    bench = make_bench(pools={"External": (f"{first}-{first[:-1]}3",)})
    three = [web(name) for name in ("one", "two", "three")]
    bench.apply(*three)

    addresses = {bench.status(each).addresses[0].ip for each in three}
    assert len(addresses) == 3
    with pytest.raises(Refused, match="no IPv4 address is left") as refused:
        bench.apply(*three, web("four"))
    assert refused.value.failure.code is ErrorCode.EXHAUSTED


def test_a_pool_of_one_address_is_shared_by_ports(
    make_bench: MakeBench, backends: Backends
) -> None:
    """Where there is one address only, balancers share it; the same port is refused by name."""
    address = "127.210.9.9"
    bench = make_bench(pools={"External": (address,)})
    one = web("one", 8081, backends=[pool(backends.echo("a"))])
    two = web("two", 8082, backends=[pool(backends.echo("b"))])
    bench.apply(one, two)

    assert greetings((address, 8081), 1) == ["a"]
    assert greetings((address, 8082), 1) == ["b"]
    with pytest.raises(Refused, match="taken by LoadBalancer/one of stack shop"):
        bench.apply(one, two, web("three", 8081))
    assert bench.changes(one, two) == {}


def test_a_reserved_address_is_used_and_moves_the_balancer(bench: Bench) -> None:
    """addressRefs replaces the address: the new one serves before the old one goes."""
    chosen = bench.serve(web())
    other = next(
        each
        for each in pools.parse(bench.settings.pools["External"]).candidates("IPv4", "x")
        if each != chosen
    )

    assert bench.serve(web(address_refs=(other,))) == other
    assert [each.fields["ip"] for each in bench.ours("local.address")] == [other]
    assert [each.fields["address"] for each in bench.ours("local.listener")] == [other]


def test_naming_the_address_that_it_has_changes_nothing_for_clients(
    bench: Bench, backends: Backends
) -> None:
    """The reservation is replaced by one for the same address; the port is handed over."""
    served = pool(backends.echo("a"))
    address = bench.serve(web(backends=[served]))

    assert bench.serve(web(backends=[served], address_refs=(address,))) == address
    assert greetings((address, 80), 1) == ["a"]
    assert len(bench.ours("local.listener")) == 1


def test_an_address_that_another_balancer_has_is_refused(bench: Bench) -> None:
    """addressRefs cannot take what is held; the holder is named."""
    address = bench.serve(web("one"))

    with pytest.raises(Refused, match="held by LoadBalancer/one of stack shop"):
        bench.apply(web("one"), web("two", address_refs=(address,)))


def test_two_families_are_two_addresses(make_bench: MakeBench, backends: Backends) -> None:
    """With an IPv6 pool a dual-stack balancer answers on both, and can give one up again."""
    bench = make_bench()
    external = (*bench.settings.pools["External"], "::1")
    bench = make_bench(pools={"External": external})
    served = [pool(backends.echo("a"))]
    port = free_port()
    both = web(port=port, backends=served, ip_family_policy="RequireDualStack")
    bench.apply(both)
    found = [each.ip for each in bench.status(both).addresses]

    assert found[1] == "::1"
    assert [greetings((each, port), 1) for each in found] == [["a"], ["a"]]
    single = replace(both, spec=replace(both.spec, ip_family_policy="SingleStack"))
    assert bench.serve(single) == found[0]
    assert len(bench.status(single).addresses) == 1


def test_prefer_dual_stack_falls_back(bench: Bench) -> None:
    """Without IPv6 addresses PreferDualStack serves IPv4, and the status shows it."""
    prefer = web(ip_family_policy="PreferDualStack")
    bench.apply(prefer)

    assert len(bench.status(prefer).addresses) == 1


@pytest.mark.parametrize(
    ("text", "size", "first"),
    [
        ("10.0.0.7", 1, "10.0.0.7"),
        ("10.0.0.7-10.0.0.9", 3, "10.0.0.7"),
        ("10.0.0.0/29", 6, "10.0.0.1"),
        ("10.0.0.4/31", 2, "10.0.0.4"),
        ("fd00::/126", 4, "fd00::"),
        ("::1", 1, "::1"),
    ],
)
def test_pools_are_read(text: str, size: int, first: str) -> None:
    """Addresses, ranges and CIDRs; a CIDR without the addresses that mean all of it."""
    (made,) = pools.parse((text,)).ranges

    assert made.size == size
    assert first in pools.parse((text,))


@pytest.mark.parametrize("text", ["", "x", "10.0.0.9-10.0.0.1", "10.0.0.1-::1", "10.0.0.0/99"])
def test_wrong_pools_are_named(text: str) -> None:
    """What is no pool raises ValueError with the text in it."""
    with pytest.raises(ValueError, match="^" + repr(text).replace("(", r"\(")):
        pools.parse((text,))


def free_port() -> int:
    """A port that is free on ::1, which all tests share."""
    import socket

    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        return int(server.getsockname()[1])
