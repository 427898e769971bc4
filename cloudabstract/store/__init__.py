"""What is remembered between two turns, and never more than that: a cache, a journal and a history.

The cloud is the truth. Every object carries its owner's labels, so a lost store is found again by
looking; what the store adds is speed, safety across a crash, and an account of what was done:

    lease      one turn at a time holds a stack; its fence number makes a sleeper harmless
    memory     the objects we made or were about to make, until each is observed gone
    journal    the intent of every mutating call, on disk before the call is sent
    history    one revision a turn, with the spec, the plan and the report it had

One SQLite file holds all of it. Many threads and many processes may open that file at once; all
writes of one `Store` pass through one thread, which commits in groups (`writer`). Every write takes
a fence and is refused when the lease it belongs to is no longer held. Files are 0600.

    with Store.open(path, clock) as store, store.lease("shop", owner="ci") as held:
        memory = store.memory("shop")
        journal = store.journal("shop", held.fence)
        number = journal.begin(intent)      # durable when this returns
        ...                                 # the one mutating call
        journal.end(number, "done", id="vol-1")

May import: cloudabstract.errors, cloudabstract.clock and the standard library, nothing else.
"""

from __future__ import annotations

from cloudabstract.store.held import Held
from cloudabstract.store.history import History, RecordedRevision, Revision
from cloudabstract.store.journal import Intent, Journal, OpenIntent, PastCall
from cloudabstract.store.lease import Lease, Leases
from cloudabstract.store.memory import Memory, Trace, TraceKey
from cloudabstract.store.store import Store

__all__ = [
    "Held",
    "History",
    "Intent",
    "Journal",
    "Lease",
    "Leases",
    "Memory",
    "OpenIntent",
    "PastCall",
    "RecordedRevision",
    "Revision",
    "Store",
    "Trace",
    "TraceKey",
]
