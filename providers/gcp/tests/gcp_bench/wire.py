"""Google's real client, with its last step replaced: requests reach the emulator without a socket.

Everything of google-cloud-compute runs (its messages, its transcoding, its transport, its errors);
only the requests library's adapter is another, which saves the time of HTTP on loopback. Clients
are made once a process and shared by all worlds, of which one is alive at a time.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import requests.adapters

from cloudabstract.testing.calls import Crash
from cloudabstract.testing.gce import AnswerLost, Emulator
from cloudabstract_gcp.clients import Clients
from cloudabstract_gcp.settings import GcpSettings

_CHANGING = ("POST", "PUT", "PATCH", "DELETE")
_ASKING = ("/wait", "/getHealth", "/listNetworkEndpoints")  # POST, and yet only questions
_UNKNOWN = {"error": {"code": 501, "message": "Not implemented.", "errors": []}}
ENDPOINT = "http://127.0.0.1:9"  # the discard port: nothing must ever get there


class Death:
    """Ends the process, as it were, before or after its n-th request that changes something."""

    def __init__(self, number: int, side: str) -> None:
        self._number, self._side = number, side
        self._seen, self.struck = 0, False
        self._lock = threading.Lock()
        self.method = ""  # verb and path of the request that it struck

    def around(
        self, request: requests.PreparedRequest, answer: Callable[[], requests.Response]
    ) -> requests.Response:
        """The answer, unless the process is dead; whichever thread asks then dies as well."""
        with self._lock:
            if self.struck:
                raise Crash("the process is dead")
            self._seen += request.method in _CHANGING and not str(request.url).endswith(_ASKING)
            mine = self._seen == self._number and not self.method
            if mine:
                self.method = f"{request.method} {urlsplit(str(request.url)).path}"
                self.struck = self._side == "before"
                if self.struck:
                    raise Crash(self.method)
            answered = answer()
            if mine:
                self.struck = True
                raise Crash(self.method)
        return answered


class Manners:
    """How an emulator of somebody else may differ: it knows less, and tells less."""

    def __init__(
        self, lacks: Iterable[str] = (), filters: bool = True, drops: Iterable[str] = ()
    ) -> None:
        self._lacks, self._filters, self._drops = tuple(lacks), filters, tuple(drops)

    def unknown(self, verb: str, path: str, query: Mapping[str, str]) -> bool:
        """Whether it answers such a request with 501."""
        refused = bool(query.get("filter")) and not self._filters
        return refused or any(each in f"{verb} {path}" for each in self._lacks)

    def shown(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """An answer without what it does not tell."""
        if "operation" not in str(body.get("kind", "")).lower():
            return dict(body)
        return {name: value for name, value in body.items() if name not in self._drops}


class Wire(requests.adapters.BaseAdapter):
    """Answers requests by asking the emulator that is alive."""

    def __init__(self) -> None:
        super().__init__()
        self.emulator: Emulator | None = None
        self.after: list[Callable[[], object]] = []  # called after each answer
        self.death: Death | None = None
        self.manners: Manners | None = None  # those of another emulator

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        assert self.emulator is not None, "no world is alive"
        if self.death is not None:
            return self.death.around(request, lambda: self._answer(request))
        return self._answer(request)

    def _answer(self, request: requests.PreparedRequest) -> requests.Response:
        assert self.emulator is not None
        parts = urlsplit(str(request.url))
        body = json.loads(request.body) if request.body else None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix("/compute/v1/")
        if self.manners is not None and self.manners.unknown(str(request.method), path, query):
            return _response(request, 501, _UNKNOWN)
        try:
            answer = self.emulator.request(str(request.method), path, body, query)
        except AnswerLost as lost:
            raise requests.ConnectionError(str(lost)) from lost
        finally:
            for look in self.after:
                look()
        shown = answer.body
        if self.manners is not None and shown is not None:
            shown = self.manners.shown(shown)
        return _response(request, answer.status, shown)

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
            made.transport._session.trust_env = False  # looks for proxies at every call
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
