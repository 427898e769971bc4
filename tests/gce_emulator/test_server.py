"""The emulator as a server: on its own, and shared by many callers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.request
from typing import Any

import pytest

from cloudabstract.testing.gce import Emulator


def test_the_command_prints_its_url_and_serves_until_it_is_stopped() -> None:
    """Nothing else comes to standard output; SIGTERM ends it with 0."""
    command = [sys.executable, "-m", "cloudabstract.testing.gce", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}/compute/v1/projects/acme/zones") as response:
            listed = json.loads(response.read())
        server.send_signal(signal.SIGTERM)
        rest = server.stdout.read()
    assert url.startswith("http://127.0.0.1:")
    assert listed["kind"] == "compute#zoneList"
    assert (server.returncode, rest) == (0, "")


def test_an_emulator_that_is_not_started_has_no_url() -> None:
    """It says what to do."""
    with pytest.raises(RuntimeError, match="start"):
        _ = Emulator().url


def test_calls_from_many_threads_are_answered_one_at_a_time(emulator: Emulator, api: Any) -> None:
    """Of twenty inserts of one name, one succeeds and nineteen find it taken."""
    statuses = []

    def insert() -> None:
        statuses.append(api.call("POST", "zones/us-central1-a/disks", {"name": "data"})[0])

    threads = [threading.Thread(target=insert) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 19


def test_the_fixture_serves_an_emulator_with_small_pages(gcp_emulator: Emulator) -> None:
    """`gcp_emulator` is started, and its pages hold two items."""
    with urllib.request.urlopen(f"{gcp_emulator.url}/compute/v1/projects/acme/zones") as response:
        listed = json.loads(response.read())
    assert len(listed["items"]) == 2


def test_importing_the_emulator_imports_no_google_code() -> None:
    """The discovery document is found without importing the package that ships it."""
    code = (
        "import sys; from cloudabstract.testing.gce import Emulator; Emulator(); "
        "sys.exit(any(m.split('.')[0] in ('google', 'googleapiclient') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
