"""A lease kept alive while a turn runs, by a thread that renews it three times per lifetime.

The thread does not interrupt anybody: it sets `lost`, and the engine stops before its next call.
Should it not look in time, the store refuses its next write (`lease.require`).
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from types import TracebackType

from cloudabstract.clock import Clock
from cloudabstract.errors import LeaseError, StoreError
from cloudabstract.store.lease import TTL, Lease, Leases

_log = logging.getLogger("cloudabstract.store")


@dataclass(frozen=True)
class Terms:
    """What is asked for; times in seconds."""

    stack: str
    owner: str
    ttl: float = TTL
    wait: float = 0.0  # patience on entry while another holds the stack
    beat: float | None = None  # between renewals: ttl / 3 when None; 0: no thread, call `renew`


class Held:
    """Context manager: acquire on entry, renew meanwhile, release on exit.

    `lost` is set once the lease is another's, or could not be renewed before it expired.
    Entry raises LeaseError when the stack is still held after the agreed wait.
    """

    def __init__(self, leases: Leases, clock: Clock, terms: Terms) -> None:
        self._leases = leases
        self._clock = clock
        self._terms = terms
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lease: Lease | None = None
        self.lost = threading.Event()

    @property
    def lease(self) -> Lease:
        """The lease as last renewed. Raises LeaseError before entry."""
        if self._lease is None:
            raise LeaseError(f"stack {self._terms.stack!r}: enter the `with` to take the lease")
        return self._lease

    @property
    def fence(self) -> int:
        """The number that every write must state."""
        return self.lease.fence

    def renew(self) -> bool:
        """Renew once; False, with `lost` set, when the lease is gone."""
        try:
            self._lease = self._leases.heartbeat(self.lease, self._terms.ttl)
        except LeaseError as error:
            _log.warning("%s", error)
            self.lost.set()
        except StoreError as error:  # e.g. a full disk: there is time until the lease expires
            _log.warning("lease of stack %r not renewed: %s", self._terms.stack, error)
            if self._clock.now() >= self.lease.expires:
                self.lost.set()
        return not self.lost.is_set()

    def __enter__(self) -> Held:
        terms = self._terms
        self._lease = self._leases.acquire(terms.stack, terms.owner, terms.ttl, terms.wait)
        beat = terms.ttl / 3 if terms.beat is None else terms.beat
        if beat > 0:
            self._thread = threading.Thread(
                target=self._keep_alive, args=(beat,), name="lease", daemon=True
            )
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self._leases.release(self.lease)
        except StoreError as failure:  # it expires by itself; do not hide what ended the turn
            _log.warning("lease of stack %r not released: %s", self._terms.stack, failure)

    def _keep_alive(self, beat: float) -> None:
        while True:
            self._clock.sleep(beat, self._stop)
            if self._stop.is_set() or not self.renew():
                return
