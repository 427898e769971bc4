"""One turn at a time: who holds a stack, since when, and with which fence number.

A lease ends by release, by expiry, by an unlock that names its fence, or with its process, where
that is known to have died. Each new lease of a stack gets a greater fence than any before it, and
every write to the store states its fence (`require`): a holder that slept through its expiry and
wakes up is refused, and can do no harm. A lease that has expired but that nobody took over is still
good, and renewing it is harmless.
"""

from __future__ import annotations

import os
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from cloudabstract.clock import Clock, iso
from cloudabstract.errors import LeaseError
from cloudabstract.store import liveness
from cloudabstract.store.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection

TTL = 60.0  # seconds
_POLL = 0.25  # seconds between two attempts while waiting

_SELECT_HELD = (
    "SELECT stack, owner, host, pid, since, expires, fence, process FROM leases"
    " WHERE stack = ? AND held = 1"
)
_INSERT = (
    "INSERT OR REPLACE INTO leases (stack, owner, host, pid, since, expires, fence, process, held)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)"
)


@dataclass(frozen=True)
class Lease:
    """The right to write for one stack; times are seconds since the epoch."""

    stack: str
    owner: str
    host: str
    pid: int
    since: float
    expires: float
    fence: int
    process: str = ""  # see liveness

    def bars(self, now: float) -> bool:
        """Whether it keeps others out at `now`."""
        return self.expires > now and not liveness.has_died(self.process, self.pid)

    def __str__(self) -> str:
        return (
            f"{self.owner}@{self.host} (pid {self.pid}, fence {self.fence}),"
            f" since {iso(self.since)}"
        )


class Leases:
    """Takes, renews and gives back the leases of all stacks in one store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def acquire(self, stack: str, owner: str, ttl: float = TTL, wait: float = 0.0) -> Lease:
        """Take the lease for `ttl` seconds, waiting up to `wait` seconds for another holder.

        Raises LeaseError that says who holds it, since and until when, and what to do.
        """
        deadline = self._clock.now() + wait
        while True:
            lease, ours = self._database.write(lambda db: self._take(db, stack, owner, ttl))
            if ours:
                return lease
            left = deadline - self._clock.now()
            if left <= 0:
                raise _held_by(lease)
            self._clock.sleep(min(_POLL, left))

    def heartbeat(self, lease: Lease, ttl: float = TTL) -> Lease:
        """Renew for `ttl` seconds from now. Raises LeaseError when it is no longer held."""

        def renew(db: Connection) -> float:
            require(db, lease.stack, lease.fence)
            expires = self._clock.now() + ttl
            db.execute("UPDATE leases SET expires = ? WHERE stack = ?", (expires, lease.stack))
            return expires

        expires = self._database.write(renew)
        return replace(lease, expires=expires)

    def release(self, lease: Lease) -> None:
        """Give the lease back; does nothing when it is no longer held."""
        self._database.write(lambda db: _drop(db, lease.stack, lease.fence))

    def holder(self, stack: str) -> Lease | None:
        """The lease that keeps others out now, or None."""
        found = self._database.read(lambda db: _held(db, stack))
        return found if found is not None and found.bars(self._clock.now()) else None

    def break_lease(self, stack: str, fence: int) -> None:
        """Take the lease with this fence from its holder, who is refused from now on.

        Raises LeaseError when that lease is not held: it may be another's by now.
        """

        def unlock(db: Connection) -> None:
            require(db, stack, fence)
            _drop(db, stack, fence)

        self._database.write(unlock)

    def _take(self, db: Connection, stack: str, owner: str, ttl: float) -> tuple[Lease, bool]:
        """The lease that is held after this attempt, and whether it is the one asked for."""
        now = self._clock.now()
        holder = _held(db, stack)
        if holder is not None and holder.bars(now):
            return holder, False
        last = db.execute("SELECT fence FROM leases WHERE stack = ?", (stack,)).fetchone()
        fence = last[0] + 1 if last else 1
        end, process = now + ttl, liveness.ours()
        lease = Lease(stack, owner, _host(), os.getpid(), now, end, fence, process)
        db.execute(_INSERT, astuple(lease))
        return lease, True


def require(db: Connection, stack: str, fence: int) -> None:
    """Inside a write: raise LeaseError unless `fence` is that of the lease held now."""
    row = db.execute("SELECT fence, held FROM leases WHERE stack = ?", (stack,)).fetchone()
    if row == (fence, 1):
        return
    holder = _held(db, stack)
    now = f"it is held by {holder}" if holder else "nobody holds it now"
    raise LeaseError(
        f"stack {stack!r}: the lease with fence {fence} is no longer held, {now}; nothing was"
        " written; run again to go on from what exists"
    )


def _drop(db: Connection, stack: str, fence: int) -> None:
    db.execute("UPDATE leases SET held = 0 WHERE stack = ? AND fence = ?", (stack, fence))


def _held(db: Connection, stack: str) -> Lease | None:
    row = db.execute(_SELECT_HELD, (stack,)).fetchone()
    return Lease(*row) if row else None


def _held_by(holder: Lease) -> LeaseError:
    return LeaseError(
        f"stack {holder.stack!r} is held by {holder}, until {iso(holder.expires)} unless renewed;"
        " wait for that run to finish (--wait SECONDS does), or, when it is surely dead, release"
        f" it by its number: unlock {holder.fence}"
    )


def _host() -> str:
    import socket  # not needed before the first lease

    return socket.gethostname()
