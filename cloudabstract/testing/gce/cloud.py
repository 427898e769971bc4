"""The parts of an emulator in one place, for the handlers that need several of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloudabstract.testing.gce import discovery
from cloudabstract.testing.gce.catalogue import REGIONS, Catalogue
from cloudabstract.testing.gce.families import FAMILIES
from cloudabstract.testing.gce.family import Family
from cloudabstract.testing.gce.faults import Faults
from cloudabstract.testing.gce.operations import Operations
from cloudabstract.testing.gce.permissions import Permissions
from cloudabstract.testing.gce.quotas import Quotas
from cloudabstract.testing.gce.records import Records
from cloudabstract.testing.gce.schemas import Checker
from cloudabstract.testing.gce.scopes import Key, Scope, scope_of
from cloudabstract.testing.gce.simulated import Time


@dataclass(frozen=True)
class Options:
    """How an emulator behaves. Times are simulated seconds."""

    page_size: int | None = None  # most items in a page, below Google's 500
    reject_unknown: bool = True  # fields and parameters; what Compute Engine does is not known
    pending_seconds: float = 0.2  # an operation waits so long
    running_seconds: float = 0.8  # and then works so long
    call_seconds: float = 0.1  # what a call costs, when the emulator owns its time
    poll_seconds: float = 1.0  # what a look at an unfinished operation costs, likewise
    request_id_seconds: float = 3600.0  # how long a requestId is remembered
    wait_seconds: float = 120.0  # the longest that `wait` waits
    regions: Mapping[str, Sequence[str]] = field(default_factory=lambda: REGIONS)


@dataclass(frozen=True)
class Call:
    """One call of the API, understood: typed parameters, checked body, and what it is about."""

    method: discovery.Method
    params: Mapping[str, str]
    query: Mapping[str, Any]
    body: dict[str, Any]

    @property
    def project(self) -> str:
        return self.params.get("project", "")

    @property
    def scope(self) -> Scope:
        return scope_of(self.params)

    @property
    def collection(self) -> str:
        """The collection in the path: `disks` also for regionDisks."""
        literals = [part for part in self.method.template.split("/") if "{" not in part]
        if literals[1:2] == ["aggregated"]:
            return literals[2]
        place = ("projects", "zones", "regions", "global")
        return next((part for part in literals if part not in place), literals[-1])

    @property
    def key(self) -> Key:
        """The resource in the path; for `insert`, the one that the body names."""
        order = [part[1:-1] for part in self.method.template.split("/") if part[:1] == "{"]
        named = [name for name in order if name not in ("project", "zone", "region")]
        name = self.params[named[0]] if named else str(self.body.get("name", ""))
        return Key(self.project, self.scope, self.collection, name)

    @property
    def path(self) -> str:
        """What an error says the call is about."""
        return self.key.path if self.key.name else f"projects/{self.project}"

    @property
    def full_path(self) -> str:
        """The same, but a list's own path when no single resource is meant."""
        return self.key.path if self.key.name else self.method.template.format(**self.params)


class Cloud:
    """Everything one emulator consists of, but for its front."""

    def __init__(self, projects: Sequence[str], options: Options, time: Time) -> None:
        self.document = discovery.document()
        self.projects = tuple(projects)
        self.options = options
        self.time = time
        self.catalogue = Catalogue(options.regions)
        self.records = Records()
        self.operations = Operations()
        self.faults = Faults()
        self.permissions = Permissions()
        self.families = FAMILIES
        self.quotas = Quotas(self.records, FAMILIES)
        self.checker = Checker(self.document, options.reject_unknown)
        self.health: dict[str, str] = {}  # instance name or IP address -> what its checks say

    def family(self, collection: str) -> Family:
        return self.families[collection]
