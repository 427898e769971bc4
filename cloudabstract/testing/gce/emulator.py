"""The emulator: a small Compute Engine of one's own, in process or over HTTP.

with Emulator() as emulator:
    client = compute_v1.DisksClient(client_options={"api_endpoint": emulator.url}, ...)
    ...
    emulator.advance(seconds=30)
    assert [disk.name for disk in emulator.world.all("disks")] == ["data"]
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from cloudabstract.clock import Clock
from cloudabstract.testing.gce import world as worlds
from cloudabstract.testing.gce.admission import Request
from cloudabstract.testing.gce.calls import CallLog
from cloudabstract.testing.gce.cloud import Cloud, Options
from cloudabstract.testing.gce.dispatch import Answer, Dispatcher
from cloudabstract.testing.gce.faults import Faults
from cloudabstract.testing.gce.permissions import Permissions
from cloudabstract.testing.gce.quotas import Quotas
from cloudabstract.testing.gce.server import Server
from cloudabstract.testing.gce.simulated import Time


class Emulator:
    """One emulated Compute Engine.

    `clock`: where time comes from; without one the emulator has time of its own, which calls and
    `advance` move. `page_size`: most items in a page. `projects`: ids of the projects that exist.
    Raises ConfigError when Google's discovery document is not installed.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        page_size: int | None = None,
        projects: Sequence[str] = ("acme",),
        options: Options | None = None,
    ) -> None:
        chosen = options or Options()
        if page_size is not None:
            chosen = replace(chosen, page_size=page_size)
        self._time = Time(clock)
        self._cloud = Cloud(projects, chosen, self._time)
        self._dispatcher = Dispatcher(self._cloud)
        self._server: Server | None = None
        self.world = worlds.World(self._cloud, self._dispatcher)
        worlds.furnish(self.world, self._cloud)

    @property
    def faults(self) -> Faults:
        return self._cloud.faults

    @property
    def permissions(self) -> Permissions:
        return self._cloud.permissions

    @property
    def quotas(self) -> Quotas:
        return self._cloud.quotas

    @property
    def calls(self) -> CallLog:
        return self._dispatcher.calls

    @property
    def projects(self) -> tuple[str, ...]:
        return self._cloud.projects

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`. Raises RuntimeError when the emulator is not started."""
        if self._server is None:
            raise RuntimeError("the emulator is not started: use it in `with`, or call start()")
        return self._server.url

    def now(self) -> float:
        """The emulator's time, in seconds since the epoch."""
        return self._time.now()

    def advance(self, seconds: float) -> None:
        """Let time pass; operations that are over by then have their effects."""
        with self._dispatcher.lock:
            self._time.advance(seconds)
            self._cloud.operations.settle(self._time.now())

    def request(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request, without HTTP; `path` begins `projects/`.

        Raises AnswerLost where over HTTP the connection would break.
        """
        text = json.dumps(body).encode() if body is not None else b""
        listed = {name: [value] for name, value in (query or {}).items()}
        return self._dispatcher.answer(Request(verb, path, listed, text))

    def start(self, host: str = "127.0.0.1", port: int = 0) -> Emulator:
        """Serve over HTTP from now on; port 0 takes a free one."""
        if self._server is None:
            self._server = Server(self._dispatcher, host, port)
        return self

    def stop(self) -> None:
        """Stop serving; the world stays as it is."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
