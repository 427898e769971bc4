"""Every call to Compute Engine goes through here: JSON in, JSON out, counted, errors made one.

    at = Location(surface.DISKS, places.zone("europe-west1-b"), "data")
    compute.get(at)                                                        -> dict
    compute.write("insert", Location(surface.DISKS, scope), {...}, token)  -> Operation
    compute.write("resize", at, Body("DisksResizeRequest", {...}))         -> Operation
    compute.everywhere(surface.DISKS, filter)                              -> Listing

Bodies and answers are Google's JSON, in Google's field names. Reads are repeated for a few seconds
when Google is unavailable; writes never are: a write whose answer was lost may have had its
effect, and it is the engine that looks before it tries again.
"""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import errors, surface
from .clients import Clients
from .operations import Operation
from .places import GLOBAL, Scope, scope_of
from .surface import Collection, Location

log = logging.getLogger("cloudabstract.gcp")
Json = dict[str, Any]
_NAMESPACE = uuid.UUID("6f0a3c7e-54d1-5c0f-9d52-3f4c2f6f1b11")
_TIMEOUT = 60.0  # seconds for an answer
_WAIT = 150.0  # the same for `wait`, which may take two minutes by itself
_PATIENCE = 4.0  # seconds in which reads are repeated
_PAGE = 500  # Google's largest
_SILENT = "UNREACHABLE"


@dataclass(frozen=True)
class Body:
    """What goes with a verb of its own: the body, by Google's name for its type, and a query."""

    message: str = ""  # "" for no body
    content: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """What a list over all places told; `silent` names the places that did not answer."""

    items: tuple[tuple[Scope, Json], ...]
    silent: tuple[str, ...] = ()


def request_id(token: str) -> str:
    """Google's idempotency token, the same for the same token of the engine."""
    return str(uuid.uuid5(_NAMESPACE, token))


class Compute:
    """The calls of one project. Shared by threads. Every method raises errors.CallFailed."""

    def __init__(self, project: str, clients: Clients) -> None:
        self.project = project
        self._clients = clients
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._unfiltered: set[str] = set()  # services that were seen to know no such filter
        self._waitless = False  # whether an emulator was seen that cannot wait

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls so far by Google's ids of methods: `compute.disks.insert`; each page counts."""
        with self._lock:
            return dict(self._calls)

    def get(self, at: Location) -> Json:
        """One object as it is now."""
        return self._json(self._send(at.service, "get", at.arguments, retry=True))

    def project_itself(self) -> Json:
        """The project, with its quotas."""
        return self._json(self._send("Projects", "get", {}, retry=True))

    def identity(self) -> str:
        """Who calls. Raises what google-auth raises when it finds no credentials."""
        return self._clients.identity()

    def ask(self, verb: str, at: Location, body: Body) -> Iterator[Json]:
        """A question with a body (`list_network_endpoints`, `get_health`): its items, or itself."""
        arguments = {**at.arguments, **self._body(body)}
        answer = self._send(at.service, verb, arguments, retry=True)
        if not hasattr(answer, "pages"):
            yield self._json(answer)
            return
        for page in self._pages(at.service, verb, answer):
            yield from self._json(page).get("items", ())

    def write(
        self,
        verb: str,
        at: Location,
        body: Body | Mapping[str, Any] | None = None,
        token: str = "",
    ) -> Operation:
        """A call that changes something; gives back the operation that it began.

        `body` of plain JSON is one object of the collection. `token` is the engine's.
        """
        if body is not None and not isinstance(body, Body):
            body = Body(at.collection.message, body)
        arguments = {
            **at.arguments,
            **(self._body(body) if body else {}),
            **({"request_id": request_id(token)} if token else {}),
        }
        answer = self._send(at.service, f"{verb}_unary", arguments, retry=False)
        return Operation.read(self._json(answer), self._id(at.service, verb))

    def operation(self, operation: Operation, wait: bool = False) -> Operation:
        """As it is now; with `wait`, Google answers when it ends, or after two minutes."""
        at = Location(surface.OPERATIONS, operation.scope, operation.name)
        if wait and not self._waitless:
            try:
                answer = self._send(at.service, "wait", at.arguments, retry=False)
                return Operation.read(self._json(answer), operation.method)
            except errors.CallFailed as failed:
                if not (self._clients.emulated and failed.status in (404, 501)):
                    raise
                self._waitless = True
        answer = self._send(at.service, "get", at.arguments, retry=True)
        return Operation.read(self._json(answer), operation.method)

    def everywhere(self, collection: Collection, query: str = "") -> Listing:
        """All objects of a collection that `query` (Google's filter) selects, page by page.

        Only a saving: more may come than `query` selects, so callers look for themselves. Where a
        filter is refused, as emulators may do, everything is listed; an emulator that does not
        know a collection has nothing of it.
        """
        service = collection.aggregated or collection.clients["global"]
        if service in self._unfiltered:
            query = ""
        try:
            return self._listed(collection, query)
        except errors.CallFailed as failed:
            if query and failed.status in (400, 501):
                self._unfiltered.add(service)
                return self.everywhere(collection)
            if self._clients.emulated and failed.status in (404, 501):
                log.debug("the emulator does not know %s: %s", collection.name, failed)
                return Listing(())
            raise

    def close(self) -> None:
        """Close all connections."""
        self._clients.close()

    def _listed(self, collection: Collection, query: str) -> Listing:
        if not collection.aggregated:
            return Listing(tuple(self._in_project(collection, query)))
        items: list[tuple[Scope, Json]] = []
        silent: set[str] = set()
        service, verb = collection.aggregated, "aggregated_list"
        answer = self._send(service, verb, _listing(query), retry=True)
        for page in self._pages(service, verb, answer):
            told = self._json(page)
            silent.update(told.get("unreachables", ()))
            for place, scoped in told.get("items", {}).items():
                if scoped.get("warning", {}).get("code") == _SILENT:
                    silent.add(place)
                items += [(scope_of(place), each) for each in scoped.get(collection.name, ())]
        return Listing(tuple(items), tuple(sorted(silent)))

    def _in_project(self, collection: Collection, query: str) -> Iterator[tuple[Scope, Json]]:
        """The same where the project is the only place."""
        service = collection.clients["global"]
        answer = self._send(service, "list", _listing(query), retry=True)
        for page in self._pages(service, "list", answer):
            for each in self._json(page).get("items", ()):
                yield GLOBAL, each

    def _send(self, service: str, verb: str, arguments: Mapping[str, Any], retry: bool) -> Any:
        method = self._id(service, verb)
        try:
            call = getattr(self._clients.client(service), verb)
            self._count(method)
            return call(
                request={"project": self.project, **arguments},
                retry=_repeating() if retry else None,
                timeout=_WAIT if verb == "wait" else _TIMEOUT,
            )
        except Exception as error:  # Google's client raises many things, and what it builds on too
            raise errors.refused(method, error) from error

    def _pages(self, service: str, verb: str, answer: Any) -> Iterator[Any]:
        """The pages of a list; the first came with `answer`, each further one is a call."""
        method = self._id(service, verb)
        pages = iter(answer.pages)
        for number in range(1_000_000):
            try:
                page = next(pages, None)
            except Exception as error:  # the same for the call that a further page is
                raise errors.refused(method, error) from error
            if page is None:
                return
            if number:
                self._count(method)
            yield page

    def _body(self, body: Body) -> Mapping[str, Any]:
        if not body.message:
            return body.query
        message = self._clients.message(body.message).from_json(json.dumps(body.content))
        return {f"{surface.snake(body.message)}_resource": message, **body.query}

    @staticmethod
    def _json(message: Any) -> Json:
        from google.protobuf import json_format

        found: Json = json_format.MessageToDict(type(message).pb(message))
        return found

    @staticmethod
    def _id(service: str, verb: str) -> str:
        return f"compute.{surface.camel(service)}.{surface.camel(verb.removesuffix('_unary'))}"

    def _count(self, method: str) -> None:
        with self._lock:
            self._calls[method] += 1


def _listing(query: str) -> dict[str, Any]:
    return {"max_results": _PAGE, **({"filter": query} if query else {})}


def _repeating() -> Any:
    from google.api_core import exceptions, retry

    transient = retry.if_exception_type(
        exceptions.ServiceUnavailable, exceptions.GatewayTimeout, exceptions.TooManyRequests
    )
    return retry.Retry(predicate=transient, initial=0.2, maximum=2.0, timeout=_PATIENCE)
