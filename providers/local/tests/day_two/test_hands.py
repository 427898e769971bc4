"""What stands on this machine is read back, adopted and let go of."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cloudabstract import spec as specs
from cloudabstract.provider import STACK

Documents = list[dict[str, Any]]


def balancer(port: int, **more: Any) -> Documents:
    """Two ports, TLS on one, a route, affinity, ranges: all that can be read back."""
    backends = [
        {"name": name, "addresses": [{"address": "127.0.0.1", "port": port, "weight": 2}]}
        for name in ("web", "api")
    ]
    return [
        {
            "kind": "LoadBalancer",
            "metadata": {"name": "web"},
            "spec": {
                "loadBalancerClass": "l7",
                "routability": "Internal",
                "ports": [
                    {"name": "http", "port": 8080, "backend": "web"},
                    {
                        "name": "https",
                        "port": 8443,
                        "backend": "web",
                        "tls": {"certificateRefs": ["shop"]},
                    },
                ],
                "backends": backends,
                "routes": [{"path": "/api", "backend": "api"}],
                "sourceRanges": ["127.0.0.0/8"],
                "sessionAffinity": "ClientIP",
                "connectionDraining": "5s",
                "healthCheck": {"path": "/", "interval": "1s", "timeout": "1s"},
                **more,
            },
        }
    ]


def test_a_balancer_that_was_let_go_of_serves_on_and_is_adopted_by_another(
    stack: Any, greeters: Any, probing: Any
) -> None:
    """Another stack takes it over, as it was read back: its plan is empty, no request is lost."""
    shop = stack()
    report = shop.apply(balancer(greeters("one")))
    where = f"http://{report['LoadBalancer/web'].addresses[0].ip}:8080/"
    with probing(where) as client:
        assert shop.release("LoadBalancer/web").ok
        other = stack("other")
        (found,) = other.discover()
        assert other.adopt(found).ok
        client.wait(50)
    assert client.failures == []
    spec = found.resource.spec
    assert (spec.load_balancer_class, spec.routability) == ("l7", "Internal")
    assert [(each.port, each.tls is not None) for each in spec.ports] == [
        (8080, False),
        (8443, True),
    ]
    assert spec.source_ranges == ("127.0.0.0/8",)
    assert spec.session_affinity == "ClientIP"
    assert spec.connection_draining == 5
    assert len(spec.routes) == 1
    plan = other.plan([found.resource])
    assert [(each.action.value, each.reason, dict(each.fields)) for each in plan.changes] == []
    assert shop.garbage().strays == ()


def test_an_image_put_there_by_hand_becomes_a_volume(
    stack: Any, root: Path, fetch: Callable[[str], str], tmp_path: Path
) -> None:
    """It is found in `imports`, keeps its bytes, and the next plan would only mount it."""
    folder = root / "imports"
    folder.mkdir(mode=0o700, parents=True)
    root.chmod(0o700)
    content = tmp_path / "content"
    content.mkdir()
    (content / "hello.txt").write_text("hello")
    image = folder / "archive.img"
    subprocess.run(["truncate", "-s", "16M", image], check=True)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", content, image], check=True)
    before = image.read_bytes()
    shop = stack()
    (found,) = shop.discover(["Volume"])
    assert str(found.resource.key) == "Volume/archive"
    assert found.resource.spec.fs_type == "ext4"
    assert specs.read([found.resource]).problems == ()
    assert shop.adopt(found).ok
    assert image.read_bytes() == before
    plan = shop.plan([found.resource])
    said = [f"the next apply makes a {each.part.kind}: {each.part.role}" for each in plan.changes]
    assert list(found.portable.unsaid) == said  # a mount, where this machine can make one
    assert {each.action.value for each in plan.changes} <= {"create"}
    assert shop.apply([found.resource]).ok
    assert shop.plan([found.resource]).empty
    assert shop.discover() == ()


def test_a_folder_put_there_by_hand_becomes_a_shared_volume(stack: Any, root: Path) -> None:
    """Its size is what is in it, and stays what was said when it was adopted."""
    folder = root / "imports" / "shared"
    folder.mkdir(mode=0o700, parents=True)
    root.chmod(0o700)
    (folder / "a.bin").write_bytes(b"x" * 3_000_000)
    shop = stack()
    (found,) = shop.discover()
    assert found.resource.spec.capacity.storage == 3 * 2**20
    assert found.resource.spec.access_modes == ("ReadWriteMany",)
    assert shop.adopt(found).ok
    assert shop.plan([found.resource]).empty
    (folder / "b.bin").write_bytes(b"y" * 3_000_000)
    assert shop.plan([found.resource]).empty


def test_a_released_volume_keeps_its_place_and_comes_back(stack: Any, root: Path) -> None:
    """The mount stays, the marks go; adopted again, nothing is left to do."""
    claim = {
        "kind": "Volume",
        "metadata": {"name": "archive"},
        "spec": {"capacity": {"storage": "16Mi"}, "accessModes": ["ReadWriteOnce"]},
    }
    shop = stack()
    shop.apply([claim])
    assert shop.release("Volume/archive").ok
    marks = [path.read_text() for path in (root / "records").rglob("*.json")]
    assert all(f'"{STACK}"' not in text for text in marks)
    (found,) = shop.discover()
    assert shop.adopt(found).ok
    assert shop.plan([found.resource]).empty
