"""The custom role in the docs is exactly what is needed: nothing is missing, nothing is unused.

`ROLE=write pytest` writes it anew, and the difference is reviewed like code.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from gcp_bench import role, world
from gcp_bench.harness import GcpHarness, WiredProvider
from gcp_bench.storage import volume

from cloudabstract.engine import Options
from cloudabstract.model import LoadBalancer, Metadata, Port, Resource, Tls, Volume
from cloudabstract.testing.conformance.samples import application, balancer, snapshot
from cloudabstract.testing.conformance.story import Story, story

FILE = Path(__file__).parents[3] / "docs" / "guides" / "gcp-role.yaml"
Chapters = Iterable[tuple[Resource, ...]]


def like(made: LoadBalancer, name: str, **change: object) -> LoadBalancer:
    return replace(made, metadata=Metadata(name), spec=replace(made.spec, **change))


def sampled() -> list[Chapters]:
    """The lives of the conformance suite's samples."""
    return [
        (one.resources, one.changed, one.grown, one.replaced)
        for one in GcpHarness.samples().values()
    ]


def of_the_web(routability: str) -> list[Chapters]:
    """A site that gets other routes, certificates and target ports, and then TLS on every port."""
    plain, secure = Port(80, name="http", backend="web"), Port(443, name="https", backend="web")
    one, two = Tls(("secure",)), Tls(("secure", "two"))
    site = like(
        application(),
        "site",
        routability=routability,
        ports=(plain, replace(secure, tls=one)),
    )
    routed = like(site, "site", routes=())
    certified = like(site, "site", ports=(plain, replace(secure, tls=two)))
    ports = (replace(plain, target_port=81), replace(secure, tls=one, target_port=81))
    moved = like(site, "site", ports=ports)
    closed = like(site, "site", ports=(replace(plain, tls=one), replace(secure, tls=one)))
    return [((each,) for each in (site, routed, certified, moved, closed))]


def named_ones() -> list[Chapters]:
    """A balancer on an address of the user's, which later lets fewer clients in."""
    named = like(balancer(), "named", address_refs=("reserved",))
    more = like(balancer(), "named", address_refs=("reserved",), source_ranges=("10.0.0.0/8",))
    return [((named,), (more,))]


def kept_ones() -> list[Chapters]:
    """A disk and its snapshot that get other labels, and are released in the end."""
    copy = snapshot("archive")
    kept = replace(copy, spec=replace(copy.spec, deletion_policy="Retain"))
    return [((volume(), copy), (volume(reclaim_policy="Retain"), kept))]


def lived(told: Story, chapters: Chapters) -> None:
    """One life, to its end; chapters that a sample does not tell are left out."""
    for resources in filter(None, chapters):
        told.turn(resources)
    told.turn(())


def changed_hands(told: Story, resources: tuple[Resource, ...]) -> None:
    """Made, let go of, read back, taken up again and looked at closely."""
    told.turn(resources)
    for each in resources:
        told.release(each.key)
    found = told.discover()
    for each in found:
        told.adopt(each)
    told.plan([each.resource for each in found], Options(closely=True))


@pytest.fixture(scope="module")
def recorded() -> set[str]:
    """Every permission that any call of many lives, and of doctor, has needed."""
    needed: set[str] = set()
    webs = (*of_the_web("Internal"), *of_the_web("External"))
    for chapters in (*sampled(), *webs, *named_ones(), *kept_ones()):
        with story(GcpHarness) as told:
            emulator = told.harness.emulator
            fields = {"type": "SELF_MANAGED", "certificate": "PEM"}
            for scope in ("", world.REGION):
                emulator.world.put("sslCertificates", "two", scope, fields)
            fields = {"address": "203.0.113.60", "addressType": "EXTERNAL"}
            emulator.world.put("addresses", "reserved", world.REGION, fields)
            first, *rest = chapters
            lived(told, (first, *rest))
            if all(isinstance(each, (LoadBalancer, Volume)) for each in first):
                changed_hands(told, first)
            list(WiredProvider(GcpHarness.settings()).connect().checkup())
            needed |= emulator.calls.permissions()
    return needed


def test_the_role_in_the_docs_is_made_of_the_recorded_calls(recorded: set[str]) -> None:
    """Both ways at once: the file is what these calls make of it, line by line."""
    text = role.render(recorded)
    if os.environ.get("ROLE") == "write":
        FILE.write_text(text)
    assert FILE.read_text() == text


def test_a_permission_that_is_missing_from_the_role_is_missed(recorded: set[str]) -> None:
    """Each permission of the role is one that some life cannot do without."""
    listed = {line.strip("- ") for line in FILE.read_text().splitlines() if "- compute." in line}
    assert recorded <= listed
    assert listed - recorded == set(role.USED) - recorded
