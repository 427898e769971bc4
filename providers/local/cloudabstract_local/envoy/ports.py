"""Whether an address and port can be had on this machine; if not, why, and who has it.

Asked before Envoy is, because Envoy would share a UDP port with another Envoy without a word, and
because "address in use" helps nobody who does not know by whom.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from cloudabstract.errors import ErrorCode
from cloudabstract_local.failures import Refused

_LISTENING = "0A"


def reserve(address: str, port: int, udp: bool) -> None:
    """Take the port and let it go again. Raises Refused when it cannot be had."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as probe:
        if not udp:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise _refusal(error, address, port, udp) from error


def holder(address: str, port: int, udp: bool) -> str:
    """The process that has the port, as `name (pid 7)`; "" when the system does not tell."""
    wanted = {inode for host, number, inode in _sockets(udp) if _same(host, number, address, port)}
    wanted.discard("0")
    return next(_owners(wanted), "") if wanted else ""


def listening_addresses() -> frozenset[str]:
    """Every address on which some process takes TCP connections; empty where not known."""
    return frozenset(host for host, _, _ in _sockets(udp=False))


def _refusal(error: OSError, address: str, port: int, udp: bool) -> Refused:
    where = f"{_shown(address)}:{port}/{'UDP' if udp else 'TCP'}"
    native = errno.errorcode.get(error.errno or 0, "")
    if error.errno == errno.EADDRINUSE:
        owner = holder(address, port, udp) or "another process"
        remedy = "stop it, choose another port, or take the address out of `pools`"
        return Refused(ErrorCode.EXHAUSTED, f"{where} is in use by {owner}", remedy, native)
    if error.errno in (errno.EACCES, errno.EPERM):
        remedy = (
            "choose a port from 1024 up, or let users have lower ones: "
            "`sysctl net.ipv4.ip_unprivileged_port_start=0`"
        )
        return Refused(ErrorCode.DENIED, f"this user may not listen on {where}", remedy, native)
    remedy = "put addresses of this machine into `pools`, or give it the address"
    message = f"{where} cannot be listened on: {error.strerror}"
    return Refused(ErrorCode.INVALID, message, remedy, native)


def _same(host: str, number: int, address: str, port: int) -> bool:
    everywhere = host in ("0.0.0.0", "::")
    return number == port and (everywhere or host == address)


def _sockets(udp: bool) -> Iterator[tuple[str, int, str]]:
    """Address, port and inode of each listening socket, as Linux tells them."""
    for family, suffix in ((socket.AF_INET, ""), (socket.AF_INET6, "6")):
        table = Path(f"/proc/net/{'udp' if udp else 'tcp'}{suffix}")
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if udp or columns[3] == _LISTENING:
                host, _, number = columns[1].partition(":")
                yield _address(family, host), int(number, 16), columns[9]


def _address(family: int, text: str) -> str:
    words = [int(text[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(text), 8)]
    return socket.inet_ntop(family, b"".join(words))


def _owners(inodes: set[str]) -> Iterator[str]:
    sockets = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            for opened in (process / "fd").iterdir():
                if os.readlink(opened) in sockets:
                    yield f"{(process / 'comm').read_text().strip()} (pid {process.name})"
        except OSError:
            continue  # it ended, or is another user's


def _shown(address: str) -> str:
    return f"[{address}]" if ":" in address else address
