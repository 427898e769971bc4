"""An emulator for each test, and a plain HTTP caller that knows nothing of Google's client."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from cloudabstract.testing.gce import Emulator, Options
from cloudabstract.testing.gce.fixtures import gcp_emulator

__all__ = ["Api", "api", "emulator", "gcp_emulator"]

REGION, ZONE, OTHER_ZONE = "us-central1", "us-central1-a", "us-central1-b"
ROOT = "https://www.googleapis.com/compute/v1/projects/acme"
EXACT = Options(pending_seconds=1.0, running_seconds=2.0, call_seconds=0.0, poll_seconds=0.0)


class Api:
    """Calls the emulator with urllib; paths are relative to the project."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def call(self, verb: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        """(status, decoded body) of one request; a path that begins with / is taken whole."""
        base = "/compute/v1/" if path.startswith("/") else "/compute/v1/projects/acme/"
        text = urllib.parse.urlencode(query)
        url = f"{self.emulator.url}{base}{path.lstrip('/')}{'?' + text if text else ''}"
        encoded = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, encoded, method=verb)
        try:
            with urllib.request.urlopen(request) as response:
                raw = response.read()
                return response.status, json.loads(raw) if raw else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def get(self, path: str, **query: str) -> Any:
        """The body of a GET that must succeed."""
        status, body = self.call("GET", path, **query)
        assert status == 200, body
        return body

    def done(self, verb: str, path: str, body: Any = None, **query: str) -> Any:
        """The operation that a call began, after it has ended well."""
        status, operation = self.call(verb, path, body, **query)
        assert status == 200, operation
        self.emulator.advance(60)
        ended = self.get(operation["selfLink"].removeprefix(f"{ROOT}/"))
        assert ended["status"] == "DONE", ended
        assert "error" not in ended, ended
        return ended

    def make(self, collection: str, name: str, **fields: Any) -> str:
        """Insert a resource, wait, give its link; `collection` is a path like zones/z/disks."""
        return str(self.done("POST", collection, {"name": name, **fields})["targetLink"])

    def refusal(self, verb: str, path: str, body: Any = None, **query: str) -> tuple[int, str]:
        """(status, reason) of a call that must fail."""
        status, answer = self.call(verb, path, body, **query)
        assert status >= 400, answer
        return status, str(answer["error"]["errors"][0]["reason"])


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Served over HTTP, pages of two, operations of one second waiting and two working.

    Time moves only by `advance` and by `wait`.
    """
    with Emulator(page_size=2, options=EXACT) as started:
        yield started


@pytest.fixture
def api(emulator: Emulator) -> Api:
    """The caller."""
    return Api(emulator)
