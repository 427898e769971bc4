"""google-cloud-compute, in one place: imported when a call is about to be made, and never before.

The import takes seconds (docs/decisions/0014-gcp-transport.md), so plans that need no call do
without it. One client for each of Google's services, shared by all threads.

Google's client polls operations through further clients that it makes for the public endpoint,
whatever endpoint it was given itself. Nothing here uses that: calls give the operation back at
once (`insert_unary`), and operations are read by clients made here like all others.
"""

from __future__ import annotations

import threading
from typing import Any

from . import importing
from .settings import GcpSettings
from .settings_checks import is_loopback
from .surface import snake

_POOL = 32  # connections of one client, which is shared by all threads


class Clients:
    """Makes clients on demand. Raises what google-auth raises when it finds no credentials."""

    def __init__(self, settings: GcpSettings) -> None:
        self._settings = settings
        self._made: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._lock = threading.RLock()

    @property
    def emulated(self) -> bool:
        """Whether it is an emulator that answers, which may know less than Google does."""
        return is_loopback(self._settings.endpoint)

    def client(self, service: str) -> Any:
        """The client of one service, by Google's name for it: `RegionBackendServices`."""
        with self._lock:
            if service not in self._made:
                module = importing.module(f"services.{snake(service)}")
                made = getattr(module, f"{service}Client")(**self._chosen())
                _widen(made)
                self._made[service] = made
            return self._made[service]

    def message(self, name: str) -> Any:
        """One of Google's message types: `BackendService`."""
        return getattr(importing.module("types.compute"), name)

    def identity(self) -> str:
        """Whose credentials are used, as far as they tell without a call."""
        with self._lock:
            found = self._chosen()["credentials"]
        name = getattr(found, "service_account_email", "") or getattr(found, "account", "")
        kind = f"{type(found).__module__.rpartition('.')[2]}.{type(found).__name__}"
        return f"{name} ({kind})" if name else kind

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for client in self._made.values():
                client.transport.close()
            self._made.clear()
            self._options.clear()

    def _chosen(self) -> dict[str, Any]:
        """Credentials and endpoint, the same for every client."""
        if not self._options:
            from google.api_core.client_options import ClientOptions

            options = ClientOptions(api_endpoint=self._settings.endpoint)
            self._options = {"credentials": self._credentials(), "client_options": options}
        return self._options

    def _credentials(self) -> Any:
        if is_loopback(self._settings.endpoint):
            from google.auth.credentials import AnonymousCredentials

            return AnonymousCredentials()
        import google.auth

        scopes = ["https://www.googleapis.com/auth/compute"]
        found, _ = google.auth.default(scopes=scopes)
        return found


def _widen(client: Any) -> None:
    """Let a client keep as many connections as the engine has workers, and more."""
    from requests.adapters import HTTPAdapter

    session = getattr(client.transport, "_session", None)
    if session is not None:
        session.mount("https://", HTTPAdapter(pool_maxsize=_POOL))
        session.mount("http://", HTTPAdapter(pool_maxsize=_POOL))
