"""The example of the README, from its own file: traffic, failure, change, and the end."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloudabstract import Stack

HELLO = Path(__file__).parents[4] / "examples" / "hello" / "hello.yaml"
Documents = list[dict[str, Any]]


@pytest.fixture
def hello(greeters: Any) -> Documents:
    """The documents of hello.yaml, with the ports that this test's backends have."""
    documents = list(yaml.safe_load_all(HELLO.read_text()))
    for instance in documents[0]["spec"]["backends"][0]["instances"]:
        instance["port"] = greeters.start(instance["name"])
    return documents


def _url(stack: Stack, report: Any, port: int = 8080) -> str:
    return f"http://{report['LoadBalancer/hello'].addresses[0]}:{port}/"


def test_traffic_reaches_the_backends_by_weight(
    stack: Stack, hello: Documents, fetch: Callable[[str], str]
) -> None:
    """Of 400 requests three in four reach the backend of weight 3, every one of them answered."""
    url = _url(stack, stack.apply(hello))
    answers = Counter(fetch(url) for _ in range(400))
    assert set(answers) == {"hello-1", "hello-2"}
    assert 260 <= answers["hello-1"] <= 340


def test_no_request_fails_when_a_backend_dies(
    stack: Stack, hello: Documents, greeters: Any, probing: Any
) -> None:
    """A backend is killed under a client that never pauses; the client sees no failure."""
    with probing(_url(stack, stack.apply(hello))) as client:
        greeters.kill("hello-2")
        client.wait(300)
    assert client.failures == []
    assert client.answers["hello-1"] > 200


def test_a_new_port_disturbs_nobody(
    stack: Stack, hello: Documents, probing: Any, fetch: Callable[[str], str]
) -> None:
    """One more port adds its own parts only; probes and a held connection lose nothing."""
    report = stack.apply(hello)
    address = str(report["LoadBalancer/hello"].addresses[0])
    hello[0]["spec"]["ports"].append({"name": "admin", "port": 8081, "backend": "greeters"})
    with socket.create_connection((address, 8080), timeout=10) as held:
        assert _ask(held)
        with probing(_url(stack, report)) as client:
            plan = stack.plan(hello)
            assert {change.action.value for change in plan.changes} == {"create"}
            changed = stack.apply(plan)
            client.wait(200)
        assert _ask(held)
    assert client.failures == []
    assert fetch(_url(stack, changed, 8081)) in ("hello-1", "hello-2")


def _ask(held: socket.socket) -> bool:
    """One request on a connection that stays open; whether it was answered with 200."""
    held.sendall(b"GET / HTTP/1.1\r\nHost: hello\r\n\r\n")
    answer = b""
    while b"hello-" not in answer:
        received = held.recv(4096)
        if not received:
            return False
        answer += received
    return answer.startswith(b"HTTP/1.1 200")


def test_a_second_apply_changes_nothing(stack: Stack, hello: Documents) -> None:
    """Applied again, the plan is empty, no call changes anything, no revision is made."""
    assert stack.apply(hello).ok
    again = stack.apply(hello)
    assert again.ok
    assert again.plan.empty
    assert len(stack.history()) == 1
    assert not [call for call in again.calls if not call.startswith("observe")]


def test_a_killed_envoy_and_a_deleted_listener_are_drift(
    stack: Stack, hello: Documents, tmp_path: Path, fetch: Callable[[str], str]
) -> None:
    """What somebody broke behind our back is in the plan as drift, and apply mends it."""
    url = _url(stack, stack.apply(hello))
    (listener,) = (tmp_path / "root" / "records" / "local.listener").iterdir()
    listener.unlink()
    plan = stack.plan(hello)
    assert [(each.action.value, each.drift) for each in plan.changes] == [("create", True)]
    assert stack.apply(plan).ok
    assert fetch(url) in ("hello-1", "hello-2")


def test_a_lost_store_is_found_again(
    stack: Stack, hello: Documents, config: dict[str, Any], tmp_path: Path
) -> None:
    """Without the store the next plan finds everything by its labels and has nothing to do."""
    stack.apply(hello)
    stack.close()
    for path in tmp_path.glob("store.db*"):
        path.unlink()
    with Stack(config=config) as anew:
        assert anew.plan(hello).changes == ()


def test_delete_leaves_nothing(
    stack: Stack, hello: Documents, leftovers: Callable[[], list[str]]
) -> None:
    """After delete no process, mount, loop device or file of ours is there."""
    stack.apply(hello)
    assert leftovers()
    assert stack.delete(allow_data_loss=["VolumeClaim/guestbook"]).ok
    assert leftovers() == []
