"""Ports are tried before Envoy is asked: a failure says which, why, and what to do."""

from __future__ import annotations

import os
import socket

import pytest

from cloudabstract.errors import ErrorCode
from cloudabstract_local.envoy import ports
from cloudabstract_local.failures import Refused


@pytest.mark.parametrize(("address", "udp"), [("127.0.0.1", False), ("127.0.0.1", True)])
def test_a_free_port_is_free_afterwards(address: str, udp: bool) -> None:
    """Trying a port does not keep it."""
    with socket.create_server((address, 0)) as taken:
        port = taken.getsockname()[1]

    ports.reserve(address, port, udp)
    ports.reserve(address, port, udp)


def test_a_port_that_is_taken_is_refused_with_its_owner() -> None:
    """Address, port, protocol, and the process that listens there."""
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        with pytest.raises(Refused) as refused:
            ports.reserve("127.0.0.1", port, udp=False)

    failure = refused.value.failure
    assert (failure.code, failure.native) == (ErrorCode.EXHAUSTED, "EADDRINUSE")
    assert f"127.0.0.1:{port}/TCP is in use by" in failure.message
    assert f"(pid {os.getpid()})" in failure.message


def test_tcp_does_not_stand_in_the_way_of_udp() -> None:
    """Both may have one number."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports.reserve("127.0.0.1", taken.getsockname()[1], udp=True)


def test_an_address_of_another_machine_is_refused() -> None:
    """An address that this machine does not have can never work here."""
    with pytest.raises(Refused) as refused:
        ports.reserve("192.0.2.1", 8080, udp=False)

    assert refused.value.failure.code is ErrorCode.INVALID
    assert "pools" in refused.value.failure.remedy


def test_a_port_that_needs_privileges_says_which_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who may not listen below 1024 is told so, and how to change it."""

    class Strict(socket.socket):
        def bind(self, address: object) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Strict)
    with pytest.raises(Refused) as refused:
        ports.reserve("127.0.0.1", 80, udp=False)

    failure = refused.value.failure
    assert (failure.code, failure.native) == (ErrorCode.DENIED, "EACCES")
    assert "1024" in failure.remedy
