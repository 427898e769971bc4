"""A watch on this machine: what is killed, deleted and changed comes back, but for lost data."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cloudabstract import Stack

Documents = list[dict[str, Any]]
EVERY = 2.0  # seconds between turns


def spec(*ports: int, **more: Any) -> Documents:
    """A balancer over backends on these ports, and a claim."""
    addresses = [{"address": "127.0.0.1", "port": each} for each in ports]
    balancer = {
        "kind": "LoadBalancer",
        "metadata": {"name": "web"},
        "spec": {
            "loadBalancerClass": "l7",
            "ports": [{"name": "http", "port": 8080}],
            "backends": [{"name": "web", "addresses": addresses}],
            "healthCheck": {"path": "/", "interval": "1s", "timeout": "1s"},
            **more,
        },
    }
    claim = {
        "kind": "VolumeClaim",
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "16Mi"}},
        },
    }
    return [balancer, claim]


@contextmanager
def watched(stack: Stack, source: Any, **how: Any) -> Iterator[list[Any]]:
    """The stack is watched meanwhile, in another thread; gives the turns that were taken."""
    turns: list[Any] = []
    thread = threading.Thread(
        target=lambda: stack.watch(source, every=EVERY, observer=turns.append, **how), daemon=True
    )
    thread.start()
    try:
        yield turns
    finally:
        stack.stop()
        thread.join(60)
        assert not thread.is_alive()


def url(turns: list[Any]) -> str:
    """Where the balancer is."""
    return f"http://{turns[-1].report['LoadBalancer/web'].addresses[0].ip}:8080/"


def records(root: Path, kind: str) -> list[Path]:
    """The record files of a kind."""
    return sorted((root / "records" / kind).glob("*.json"))


def test_envoy_a_record_and_a_field_are_back_within_two_turns(
    stack: Any, root: Path, greeters: Any, envoys: Any, until: Any, fetch: Callable[[str], str]
) -> None:
    """Envoy is killed, a listener's record deleted, a field edited: each is as before, and the
    balancer keeps its address."""
    with watched(stack(), spec(greeters("one"))) as turns:
        until(lambda: bool(turns), "the first turn")
        where = url(turns)
        assert fetch(where) == "one"

        for pid in envoys():
            os.kill(pid, signal.SIGKILL)
        taken = len(turns)
        until(lambda: len(turns) >= taken + 2, "two turns after Envoy was killed")
        assert fetch(where) == "one"

        (listener,) = records(root, "local.listener")
        listener.unlink()
        taken = len(turns)
        until(lambda: len(turns) >= taken + 2, "two turns after the record was deleted")
        assert records(root, "local.listener") == [listener]
        assert fetch(where) == "one"

        (pool,) = records(root, "local.endpoints")
        record = json.loads(pool.read_text())
        right, record["fields"]["members"] = record["fields"]["members"], []
        pool.write_text(json.dumps(record))
        taken = len(turns)
        until(lambda: len(turns) >= taken + 2, "two turns after the field was changed")
        assert json.loads(pool.read_text())["fields"]["members"] == right
        assert fetch(where) == "one"
        assert turns[-1].well


def test_a_deleted_volume_is_lost_and_not_made_again(stack: Any, root: Path, until: Any) -> None:
    """Its image is gone with the data; three turns later nothing stands in its place."""
    claim = spec()[1:]
    with watched(stack(), claim, yes=True, allow_data_loss=["VolumeClaim/data"]) as turns:
        until(lambda: bool(turns), "the first turn")
        (image,) = (root / "images").glob("*.img")
        image.unlink()
        taken = len(turns)
        until(lambda: len(turns) >= taken + 3, "three turns after the image was deleted")
        assert turns[-1].report["VolumeClaim/data"].phase == "Lost"
        assert not image.exists()


def test_a_changed_file_is_applied_at_once(
    stack: Any, tmp_path: Path, greeters: Any, until: Any, fetch: Callable[[str], str]
) -> None:
    """Long before the next turn would come."""
    path = tmp_path / "shop.json"

    def write(port: int) -> None:
        items = spec(port)[:1]
        path.write_text(json.dumps({"kind": "List", "apiVersion": "v1", "items": items}))

    write(greeters("one"))
    turns: list[Any] = []
    opened = stack()
    thread = threading.Thread(
        target=lambda: opened.watch(str(path), every=3600, observer=turns.append), daemon=True
    )
    thread.start()
    until(lambda: bool(turns), "the first turn")
    write(greeters("two"))
    until(lambda: len(turns) > 1, "a turn after the file was changed")
    until(lambda: fetch(url(turns)) == "two", "traffic at the new backend")
    opened.stop()
    thread.join(60)
    assert not thread.is_alive()
