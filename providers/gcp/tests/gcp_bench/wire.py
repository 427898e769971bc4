"""Google's real client, with its last step replaced: requests reach the emulator without a socket.

Everything of google-cloud-compute runs (its messages, its transcoding, its transport, its errors);
only the requests library's adapter is another, which saves the time of HTTP on loopback. Clients
are made once a process and shared by all worlds, of which one is alive at a time.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import requests.adapters

from cloudabstract.testing.gce import AnswerLost, Emulator
from cloudabstract_gcp.clients import Clients
from cloudabstract_gcp.settings import GcpSettings

ENDPOINT = "http://127.0.0.1:9"  # the discard port: nothing must ever get there


class Wire(requests.adapters.BaseAdapter):
    """Answers requests by asking the emulator that is alive."""

    def __init__(self) -> None:
        super().__init__()
        self.emulator: Emulator | None = None
        self.after: list[Callable[[], object]] = []  # called after each answer

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        assert self.emulator is not None, "no world is alive"
        parts = urlsplit(str(request.url))
        body = json.loads(request.body) if request.body else None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix("/compute/v1/")
        try:
            answer = self.emulator.request(str(request.method), path, body, query)
        except AnswerLost as lost:
            raise requests.ConnectionError(str(lost)) from lost
        finally:
            for look in self.after:
                look()
        return _response(request, answer.status, answer.body)

    def close(self) -> None:
        """Nothing is open."""


WIRE = Wire()
_MADE: dict[str, Any] = {}


class WiredClients(Clients):
    """Clients that lead to the emulator, kept between sessions."""

    def __init__(self) -> None:
        super().__init__(GcpSettings(project="acme", region="us-central1", endpoint=ENDPOINT))

    def client(self, service: str) -> Any:
        if service not in _MADE:
            made = super().client(service)
            made.transport._session.mount("http://", WIRE)
            _MADE[service] = made
        return _MADE[service]

    def close(self) -> None:
        """They are needed again."""


def _response(request: requests.PreparedRequest, status: int, body: Any) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.request = request
    response.url = str(request.url)
    response.headers["Content-Type"] = "application/json; charset=UTF-8"
    text = b"" if body is None else json.dumps(body).encode()
    response.raw = io.BytesIO(text)
    response._content = text
    return response
