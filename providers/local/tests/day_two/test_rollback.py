"""A rollback restores the parts of before, under traffic that loses nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Documents = list[dict[str, Any]]


def spec(to: dict[str, int], **more: Any) -> Documents:
    """A balancer over two named backends with weights."""
    addresses = [
        {"address": "127.0.0.1", "port": to["one"], "weight": more.pop("weight", 1)},
        {"address": "127.0.0.1", "port": to["two"]},
    ]
    return [
        {
            "kind": "LoadBalancer",
            "metadata": {"name": "web"},
            "spec": {
                "loadBalancerClass": "l7",
                "ports": [{"name": "http", "port": 8080, "backend": "web"}],
                "backends": [{"name": "web", "addresses": addresses}],
                "healthCheck": {"path": "/", "interval": "1s", "timeout": "1s"},
                **more,
            },
        }
    ]


def records(root: Path) -> dict[str, Any]:
    """Every record: fields and labels, by kind and name."""
    found = {}
    for path in sorted((root / "records").rglob("*.json")):
        record = json.loads(path.read_text())
        record["fields"].setdefault("leaving", False)  # a mark of its own that is not always there
        found[f"{record['kind']} {record['name']}"] = (record["fields"], record["labels"])
    return found


def test_the_parts_of_before_are_back_and_probes_lose_nothing(
    stack: Any, root: Path, greeters: Any, probing: Any, until: Any
) -> None:
    """The bad change turned backends, checks, routes and ports about; a client asks without a
    pause while it is taken back."""
    ports = {name: greeters(name) for name in ("one", "two", "three")}
    shop = stack()
    report = shop.apply(spec(ports))
    before = records(root)
    address = report["LoadBalancer/web"].addresses[0].ip
    bad = spec(
        {**ports, "two": ports["three"]},
        weight=5,
        ports=[
            {"name": "http", "port": 8080, "backend": "web"},
            {"name": "more", "port": 8081, "backend": "web"},
        ],
        routes=[{"path": "/elsewhere", "backend": "web"}],
        healthCheck={"path": "/other", "interval": "2s", "timeout": "1s"},
    )
    assert shop.apply(bad).ok
    assert records(root) != before
    with probing(f"http://{address}:8080/") as client:
        assert shop.rollback().ok
        until(lambda: client.answers["two"] > 0, "traffic at the backend of before")
        client.wait(200)
    assert client.failures == []
    assert records(root) == before
    assert shop.plan(spec(ports)).empty
    assert [each.action for each in shop.history()] == ["apply", "apply", "rollback"]
