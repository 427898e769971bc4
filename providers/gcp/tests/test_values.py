"""Small values: settings, links, marks, operations, selections; all without any call."""

from __future__ import annotations

import string
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudabstract.errors import ConfigError
from cloudabstract_gcp import ownership, places, surface
from cloudabstract_gcp.calls import request_id
from cloudabstract_gcp.errors import CallFailed
from cloudabstract_gcp.operations import Operation, Unfinished
from cloudabstract_gcp.provider import GcpProvider
from cloudabstract_gcp.settings import GcpSettings
from cloudabstract_gcp.settings_checks import is_loopback
from cloudabstract_gcp.surface import Location

GOOD: dict[str, Any] = {"project": "acme", "region": "us-central1"}
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("project", {"project": ""}),
    ("project", {"project": "Not A Project"}),
    ("region", {"region": ""}),
    ("region", {"region": "us-central1-a"}),
    ("regions[0]", {"regions": ("nowhere",)}),
    ("zones[1]", {"zones": ("us-central1-a", "europe-west1-b")}),
    ("network", {"network": "No Name"}),
    ("subnetwork", {"subnetwork": "regions/x"}),
    ("certificates.web", {"certificates": {"web": "gs://bucket"}}),
    ("endpoint", {"endpoint": "localhost:8080"}),
    ("endpoint", {"endpoint": "http://compute.example.com"}),
]
LABELS = st.dictionaries(
    st.text(string.ascii_lowercase + "-", min_size=1, max_size=12).filter(
        lambda key: key.strip("-") == key and key != "place"
    ),
    st.text(max_size=200).filter(lambda text: text.isprintable()),
    max_size=5,
)


@pytest.mark.parametrize(("field", "change"), WRONG)
def test_a_setting_that_cannot_work_is_refused_when_the_target_is_opened(
    field: str, change: dict[str, Any]
) -> None:
    """The field is named; nothing has been called yet."""
    with pytest.raises(ConfigError) as refused:
        GcpProvider(GcpSettings(**{**GOOD, **change}))
    assert field in {each.field for each in refused.value.problems}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"network": "projects/host/global/networks/shared"},
        {"endpoint": "http://127.0.0.1:8080"},
        {"endpoint": "http://[::1]:8080"},
        {"endpoint": "https://compute.example.com"},
    ],
)
def test_settings_that_google_would_take_are_taken(change: dict[str, Any]) -> None:
    """Names and paths, emulators on loopback, endpoints with TLS."""
    assert GcpProvider(GcpSettings(**{**GOOD, **change})).name == "gcp"


def test_only_a_loopback_endpoint_is_called_anonymously() -> None:
    """Credentials never travel in the clear, and are never left out elsewhere."""
    assert is_loopback("http://localhost:1")
    assert is_loopback("http://127.3.2.1:1")
    assert not is_loopback("https://127.0.0.1.example.com")
    assert not is_loopback(None)


@given(LABELS)
def test_labels_of_any_text_come_back_from_google_labels(labels: dict[str, str]) -> None:
    """Capitals, slashes, other scripts, 200 characters: exactly what was written."""
    carried = ownership.to_labels(labels)
    assert ownership.from_labels(carried) == labels
    for key, value in carried.items():
        assert key.startswith("cloudabstract-")
        assert len(key) <= 63
        assert len(value) <= 63
        assert set(value) <= set(string.ascii_lowercase + string.digits + "_-")


@given(LABELS.filter(bool), st.sampled_from(["us-central1", "europe-west1"]))
def test_labels_of_any_text_come_back_from_a_description(
    labels: dict[str, str], place: str
) -> None:
    """JSON under `cloudabstract`; the place is told apart."""
    text = ownership.describe(labels, place)
    assert '"cloudabstract"' in text
    assert ownership.described(text) == (labels, place)


@pytest.mark.parametrize("text", ["", "mine", "[]", '{"cloudabstract": 1}', '{"a": 2}', "{"])
def test_a_strangers_description_marks_nobody(text: str) -> None:
    """Whatever stands there, it is no error."""
    assert ownership.described(text) == ({}, "")


def test_labels_that_are_not_ours_stay() -> None:
    """Users label disks too."""
    found = {"team": "shop", "cloudabstract-stack": "s"}
    assert ownership.others(found) == {"team": "shop"}


@pytest.mark.parametrize(
    ("link", "level", "name"),
    [
        ("https://www.googleapis.com/compute/v1/projects/p/zones/r-a/disks/d", "zone", "r-a"),
        ("projects/p/regions/r/addresses/a", "region", "r"),
        ("projects/p/global/addresses/a", "global", ""),
        ("zones/r-a", "zone", "r-a"),
        ("global", "global", ""),
    ],
)
def test_a_link_tells_its_scope(link: str, level: str, name: str) -> None:
    """With or without host and version, or only the scope itself."""
    assert places.scope_of(link) == places.Scope(level, name)  # type: ignore[arg-type]


def test_links_are_made_relative_and_absolute() -> None:
    """One form for comparing, one for the fields that take no other."""
    at = Location(surface.DISKS, places.zone("r-a"), "d")
    assert at.link("p") == "projects/p/zones/r-a/disks/d"
    assert Location.of(surface.DISKS, places.absolute(at.link("p"))) == at
    assert places.relative(places.absolute(at.link("p"))) == at.link("p")
    assert places.relative("not a link") == "not a link"


def test_a_request_id_is_a_uuid_of_its_token_alone() -> None:
    """The same after a crash, another for another token."""
    assert request_id("a") == request_id("a") != request_id("b")
    assert len(request_id("a")) == 36


def test_names_of_clients_become_names_of_methods_and_modules() -> None:
    """As Google's conventions have them."""
    assert surface.snake("RegionBackendServices") == "region_backend_services"
    assert surface.snake("NetworkEndpointGroupsListEndpointsRequest") == (
        "network_endpoint_groups_list_endpoints_request"
    )
    assert surface.camel("aggregated_list") == "aggregatedList"
    assert surface.camel("RegionDisks") == "regionDisks"


TOLD = {
    "name": "operation-1",
    "operationType": "insert",
    "status": "RUNNING",
    "targetId": "17",
    "targetLink": "https://www.googleapis.com/compute/v1/projects/p/regions/r/addresses/a",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/p/regions/r/operations/operation-1",
}
ENDED = {**TOLD, "status": "DONE"}
FAILED = {
    **ENDED,
    "httpErrorStatusCode": 403,
    "httpErrorMessage": "FORBIDDEN",
    "error": {"errors": [{"code": "QUOTA_EXCEEDED", "message": "No more."}]},
}


class Told:
    """A poller that answers with what it was given, one after the other."""

    def __init__(self, *answers: dict[str, Any] | CallFailed) -> None:
        self.answers = list(answers)

    def operation(self, operation: Operation, wait: bool = False) -> Operation:
        answer = self.answers.pop(0)
        if isinstance(answer, CallFailed):
            raise answer
        return Operation.read(answer, operation.method)


def test_an_operation_is_read_with_its_scope_target_and_failure() -> None:
    """DONE does not mean well: the error stands in it."""
    running, failed = Operation.read(TOLD), Operation.read(FAILED, "compute.addresses.insert")
    assert (running.scope, running.done) == (places.region("r"), False)
    assert (running.target, running.target_id) == ("projects/p/regions/r/addresses/a", "17")
    assert failed.failure is not None
    assert (failed.failure.reason, failed.failure.status) == ("QUOTA_EXCEEDED", 403)
    assert failed.failure.message == "No more."


def test_unfinished_work_is_told_until_it_has_ended() -> None:
    """Then it is forgotten, unless it failed: that is told once."""
    link = Operation.read(TOLD).target
    work = Unfinished(Told(TOLD, ENDED))
    work.begun(Operation.read(TOLD))
    assert list(work.refreshed([link])) == [link]
    assert work.refreshed([link]) == {}
    assert work.of(link) is None
    work = Unfinished(Told(FAILED))
    work.begun(Operation.read(TOLD))
    assert work.refreshed([link])[link].failure is not None
    assert work.refreshed([link]) == {}


def test_an_operation_that_google_has_forgotten_has_ended() -> None:
    """Operations are kept for a while only; the object itself tells the rest."""
    work = Unfinished(Told(CallFailed("compute.regionOperations.get", 404, "notFound", "gone")))
    work.begun(Operation.read(TOLD))
    assert work.refreshed([Operation.read(TOLD).target]) == {}


def test_waiting_ends_with_the_work_or_says_that_it_goes_on() -> None:
    """Google waits two minutes at most; then it is to be tried again later."""
    running = Operation.read(TOLD)
    Unfinished(Told(ENDED)).finish(running)
    with pytest.raises(CallFailed, match="under way"):
        Unfinished(Told(TOLD)).finish(running)
    with pytest.raises(CallFailed, match=r"No more\."):
        Unfinished(Told(FAILED)).finish(running)


def test_own_knowledge_of_work_is_newer_than_a_listing() -> None:
    """What this session began is not overwritten by what others are said to have begun."""
    work = Unfinished(Told())
    mine, theirs = Operation.read(TOLD), replace(Operation.read(TOLD), name="operation-0")
    work.begun(mine)
    work.learn([theirs])
    assert work.of(mine.target) == mine


@pytest.mark.parametrize(
    "code",
    [
        "import cloudabstract_gcp.plugin",
        "from cloudabstract_gcp.provider import GcpProvider\n"
        "from cloudabstract_gcp.settings import GcpSettings\n"
        "s = GcpProvider(GcpSettings(project='acme', region='us-central1')).connect()\n"
        "s.drivers(); s.rates; s.calls; s.classify(Exception('x'))",
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from gcp_bench import drawing\n"
        "from cloudabstract.testing.conformance.samples import application, balancer\n"
        "for each in (application(), balancer()): drawing.objections(each), drawing.parts(each)",
    ],
    ids=["the plugin", "an open session", "check and expand"],
)
def test_google_is_imported_only_when_a_call_is_made(code: str) -> None:
    """Its import takes seconds, which nobody pays who makes no call."""
    from pathlib import Path

    probe = f"{code}\nimport sys; print(*(m for m in sys.modules if m.startswith('google.')))"
    command = [sys.executable, "-c", probe, str(Path(__file__).parent)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told.split() == []


def test_google_is_imported_in_part_and_becomes_whole_when_asked() -> None:
    """One service at first; whoever uses the package as usual finds everything in it."""
    code = (
        "import sys\n"
        "from cloudabstract_gcp import importing\n"
        "disks = importing.module('services.disks')\n"
        "ours = [m for m in sys.modules if m.startswith('google.cloud.compute_v1.services.')]\n"
        "print(len({m.split('.')[4] for m in ours}) < 5)\n"
        "from google.cloud import compute_v1\n"
        "print(compute_v1.DisksClient is disks.DisksClient, compute_v1.Disk.__name__)\n"
        "print(hasattr(compute_v1, 'AddressesClient'), hasattr(compute_v1, 'NoSuchClient'))\n"
    )
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told.split() == ["True", "True", "Disk", "True", "False"]
