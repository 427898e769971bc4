"""A stack on this machine over days that pass in seconds: real Envoy, real images, real traffic.

Each test has a root, a store and addresses of its own; what it leaves running is ended.
"""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import threading
import urllib.request
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudabstract import Stack
from cloudabstract.clock import SystemClock

_PATIENCE = 60.0  # seconds


class Greeter:
    """A backend that answers with its name."""

    def __init__(self, name: str) -> None:
        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name.encode())

            def log_message(self, *words: object) -> None:
                """Nobody reads it."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


class Probe:
    """Asks a URL without a pause from another thread; counts answers and keeps failures."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self._counted = threading.Condition()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.answers: Counter[str] = Counter()
        self.failures: list[str] = []

    def __enter__(self) -> Probe:
        self._thread.start()
        self.wait(20)
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def wait(self, more: int) -> None:
        """Return after `more` further requests."""
        with self._counted:
            goal = self._total() + more
            assert self._counted.wait_for(lambda: self._total() >= goal, _PATIENCE)

    def _total(self) -> int:
        return self.answers.total() + len(self.failures)

    def _ask(self) -> None:
        while not self._over.is_set():
            name, problem = "", ""
            try:
                name = get(self._url)
            except OSError as error:
                problem = str(error)
            with self._counted:
                if name:
                    self.answers[name] += 1
                else:
                    self.failures.append(problem)
                self._counted.notify_all()


def get(url: str) -> str:
    """The body of one answer. Raises OSError for anything but 200."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Return once `holds`; fail with `what` if that does not happen."""
    clock = SystemClock()
    deadline = clock.now() + _PATIENCE
    while not holds():
        assert clock.now() < deadline, what
        clock.sleep(0.1)


@pytest.fixture
def until() -> Callable[[Callable[[], bool], str], None]:
    """Waits for what the world does in its own time."""
    return wait_until


@pytest.fixture
def fetch() -> Callable[[str], str]:
    """Makes one request."""
    return get


@pytest.fixture
def probing() -> type[Probe]:
    """A client that keeps asking while the world changes."""
    return Probe


@pytest.fixture
def greeters() -> Iterator[Callable[[str], int]]:
    """Starts a backend that says its name; gives its port."""
    running: list[Greeter] = []

    def start(name: str) -> int:
        running.append(Greeter(name))
        return int(running[-1].port)

    yield start
    for each in running:
        each.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root of the target."""
    return tmp_path / "root"


@pytest.fixture
def config(tmp_path: Path, root: Path) -> dict[str, Any]:
    """A configuration with a root and addresses of this test's own."""
    mark = zlib.crc32(str(tmp_path).encode())
    net = f"127.{80 + mark % 150}.{mark // 150 % 250}"
    pools = {"External": [f"{net}.1-{net}.100"], "Internal": [f"{net}.101-{net}.200"]}
    laptop = {"provider": "local", "root": str(root), "pools": pools}
    return {"stack": "shop", "targets": {"laptop": laptop}, "store": str(tmp_path / "store.db")}


@pytest.fixture
def stack(config: dict[str, Any], tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Opens stacks by name; at the end nothing of them runs or is mounted."""
    opened: list[Stack] = []

    def make(name: str = "shop") -> Stack:
        opened.append(Stack(config={**config, "stack": name}))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
    for mount in sorted(_mounts_below(tmp_path), reverse=True):
        subprocess.run(["umount", mount], check=False)
    for pid in processes_in(tmp_path):
        os.kill(pid, signal.SIGKILL)


def _mounts_below(folder: Path) -> list[str]:
    lines = Path("/proc/mounts").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")]


def processes_in(folder: Path) -> list[int]:
    """The living processes whose working folder is `folder` or below."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            inside = Path(os.readlink(entry / "cwd")).is_relative_to(folder)
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if inside and state not in "ZX":
            found.append(int(entry.name))
    return found


@pytest.fixture
def envoys(root: Path) -> Callable[[], list[int]]:
    """The pids of the Envoys that serve the root."""
    return lambda: processes_in(root)
