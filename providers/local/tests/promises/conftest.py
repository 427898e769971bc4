"""A stack on this machine, with real backends, for tests that go all the way from a spec.

Each test has a folder, a store, a root and addresses of its own; whatever it leaves running is
killed and unmounted at its end.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack

PROJECT = Path(__file__).parents[4]
BACKENDS = PROJECT / "examples" / "hello" / "backends.py"


class Greeters:
    """The example's backends: one process each, so that one can be killed."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.ports: dict[str, int] = {}

    def start(self, name: str) -> int:
        """Start a backend on a free port; returns the port once it serves."""
        port = self.ports.get(name) or _free_port()
        command = [sys.executable, str(BACKENDS), f"{name}={port}"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        self._running[name], self.ports[name] = process, port
        return port

    def kill(self, name: str) -> None:
        """The way a crash ends it."""
        process = self._running.pop(name)
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def close(self) -> None:
        for name in list(self._running):
            self.kill(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Probe:
    """Asks `url` without a pause from another thread; counts answers and keeps failures."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self._counted = threading.Condition()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.answers: Counter[str] = Counter()
        self.failures: list[str] = []

    def __enter__(self) -> Probe:
        self._thread.start()
        self.wait(10)
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def wait(self, more: int) -> None:
        """Return after `more` further requests."""
        with self._counted:
            goal = self._total() + more
            assert self._counted.wait_for(lambda: self._total() >= goal, 60)

    def _total(self) -> int:
        return self.answers.total() + len(self.failures)

    def _ask(self) -> None:
        while not self._over.is_set():
            try:
                name = get(self._url)
            except OSError as error:
                name, problem = "", str(error)
            with self._counted:
                if name:
                    self.answers[name] += 1
                else:
                    self.failures.append(problem)
                self._counted.notify_all()


def get(url: str) -> str:
    """The body of one answer. Raises OSError for anything but 200."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode().strip())


@pytest.fixture
def fetch() -> Callable[[str], str]:
    """Makes one request and returns the body of the answer."""
    return get


@pytest.fixture
def probing() -> type[Probe]:
    """A client that keeps asking while the world changes."""
    return Probe


@pytest.fixture
def greeters() -> Iterator[Greeters]:
    """Backends that say their names."""
    running = Greeters()
    yield running
    running.close()


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    """A configuration with a root and addresses of this test's own."""
    mark = zlib.crc32(str(tmp_path).encode())
    net = f"127.{80 + mark % 150}.{mark // 150 % 250}"
    laptop = {
        "provider": "local",
        "root": str(tmp_path / "root"),
        "pools": {"External": [f"{net}.1-{net}.100"], "Internal": [f"{net}.101-{net}.200"]},
        "inventory": [
            {"name": "hello-1", "address": "127.0.0.1", "labels": {"app": "hello"}},
            {"name": "hello-2", "address": "127.0.0.1", "labels": {"app": "hello"}},
        ],
    }
    return {"stack": "hello", "targets": {"laptop": laptop}, "store": str(tmp_path / "store.db")}


@pytest.fixture
def stack(config: dict[str, Any], tmp_path: Path) -> Iterator[Stack]:
    """An open stack; at the end nothing of it runs or is mounted."""
    with Stack(config=config) as opened:
        yield opened
    for mount in sorted(mounts_below(tmp_path), reverse=True):
        subprocess.run(["umount", mount], check=False)
    for pid in processes_in(tmp_path):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def leftovers(tmp_path: Path) -> Callable[[], list[str]]:
    """Lists what of ours is still there: processes, mounts, loop devices, files with content."""

    def find() -> list[str]:
        root = tmp_path / "root"
        processes = [f"process {pid}" for pid in processes_in(root)]
        loops = subprocess.run(["losetup", "-a"], capture_output=True, text=True, check=True)
        devices = [line for line in loops.stdout.splitlines() if str(root) in line]
        files = [str(path) for path in root.rglob("*") if not path.is_dir()]
        return [*processes, *mounts_below(root), *devices, *files]

    return find


def mounts_below(folder: Path) -> list[str]:
    """Mount points inside `folder`."""
    lines = Path("/proc/mounts").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")]


def processes_in(folder: Path) -> list[int]:
    """Processes whose working folder is inside `folder`, zombies left out."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            inside = (entry / "cwd").resolve().is_relative_to(folder)
            alive = "Z" not in (entry / "stat").read_text().rpartition(")")[2].split()[:1]
        except OSError:
            continue
        if inside and alive and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found
