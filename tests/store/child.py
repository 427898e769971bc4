"""What the tests run in processes of their own: `child.py ROLE PATH ...`.

A role speaks on stdout, one line per fact, and listens on stdin; the parent paces or kills it.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from cloudabstract.clock import SystemClock
from cloudabstract.errors import LeaseError, StoreError
from cloudabstract.store import Intent, Store, schema


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def volume(name: str) -> Intent:
    return Intent("create", "aws.volume", "eu-1", name, f"part/{name}", "Volume/data", "t0")


def race(path: Path) -> None:
    """At each `go`, try to take the lease; the winner keeps it until told to `release`."""
    with Store.open(path, SystemClock()) as store:
        say("ready")
        lease = None
        for line in sys.stdin:
            if line == "go\n":
                try:
                    lease = store.leases.acquire("shop", str(os.getpid()), ttl=600)
                    say("won", lease.fence)
                except LeaseError:
                    say("lost")
            elif lease is not None:
                store.leases.release(lease)
                say("released")


def write(path: Path) -> None:
    """Begin and end creates from four threads for ever, telling each step once it is durable."""
    store = Store.open(path, SystemClock())
    lease = store.leases.acquire("shop", "child", ttl=0.0)
    journal = store.journal("shop", lease.fence)

    def work(worker: int) -> None:
        for step in range(1_000_000):
            name = f"{lease.fence}-{worker}-{step}"
            number = journal.begin(volume(name))
            say("begun", number, name)
            journal.end(number, "done", id=f"vol-{name}")
            if step % 5 == 0:
                journal.flush()
                say("ended", number, name)

    for worker in range(4):
        threading.Thread(target=work, args=(worker,)).start()


def hold(path: Path) -> None:
    """Take the lease and live on until killed."""
    store = Store.open(path, SystemClock())
    store.leases.acquire("shop", "child", ttl=60.0)
    say("holding", os.getpid())
    sys.stdin.read()


def migrate(path: Path, victim: int) -> None:
    """Migrate a store two versions on, and be killed by the statement numbered `victim`."""
    db = sqlite3.connect(path, isolation_level=None)
    db.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
    statements = [
        "CREATE TABLE later (x)",
        "ALTER TABLE traces ADD COLUMN later TEXT",
        "INSERT INTO later VALUES (1)",
        "UPDATE stacks SET settled = settled",
    ]
    statements.insert(victim, "SELECT die()")
    steps = (*schema.MIGRATIONS, statements[:2], statements[2:])
    schema.migrate(db, path, steps)
    say("survived")


def fill(path: Path, limit: int) -> None:
    """Write intents until the system refuses to let any file grow beyond `limit` bytes."""
    store = Store.open(path, SystemClock())
    lease = store.leases.acquire("shop", "child")
    journal = store.journal("shop", lease.fence)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    for step in range(1_000_000):
        try:
            number = journal.begin(volume(f"v{step}"))
        except StoreError as error:
            say("refused", error)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            say("again", journal.begin(volume("again")))
            return
        say("begun", number)


def open_new(path: Path) -> None:
    """Wait for a line, then open the store and write to a stack of one's own."""
    say("ready")
    stack = sys.stdin.readline().strip()
    with Store.open(path, SystemClock()) as store, store.lease(stack, "child") as held:
        store.journal(stack, held.fence).begin(volume(stack))
    say("done")


def open_as_nobody(path: Path) -> None:
    """Try to open the store as a user who may not write to it."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        Store.open(path, SystemClock())
        say("opened")
    except StoreError as error:
        say("refused", error)


if __name__ == "__main__":
    role, target, *numbers = sys.argv[1:]
    globals()[role](Path(target), *map(int, numbers))
