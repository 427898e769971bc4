"""get, describe, tree and history: what a person reads."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest


@pytest.fixture
def shop(home: Any, run: Any) -> Any:
    """A balancer and a claim, applied."""
    run("apply", "-f", home.write("shop.yaml", home.balancer(), home.claim))
    return home


def masked(text: str) -> str:
    """Text without what is different in each run."""
    text = re.sub(r"-[a-z2-7]{10}\b", "-HASH", text)
    return re.sub(r"\b([a-z]+)-[0-9a-f]{12}\b", r"\1-ID", text)


def test_get_is_a_table_for_each_kind(shop: Any, run: Any) -> None:
    """With the kind before the name, as there are several."""
    shown = run("get").stdout
    address = json.loads(run("get", "lb", "-o", "json").stdout)[0]["status"]["addresses"][0]["ip"]
    wide = max(len("ADDRESS"), len(address))
    assert shown == (
        f"NAME               CLASS   {'ADDRESS':<{wide}}   PORTS    STATUS\n"
        f"LoadBalancer/web   l4      {address:<{wide}}   80/TCP   Ready\n"
        "\n"
        "NAME                 STATUS   CAPACITY   MODES   CLAIM          CLASS\n"
        "Volume/data-2ig3aj   Bound    64Mi       RWO     default/data   fast\n"
        "\n"
        "NAME               STATUS   VOLUME        CAPACITY   MODES   CLASS\n"
        "VolumeClaim/data   Bound    data-2ig3aj   64Mi       RWO     fast\n"
    )


def test_get_tells_of_other_namespaces(home: Any, run: Any) -> None:
    """What stands there is not shown, as in kubectl, but nobody has to wonder where it is."""
    there = home.claim.replace("name: data", "name: data, namespace: prod")
    run("apply", "-f", home.write("shop.yaml", home.balancer(), there))
    assert run("get", "vc").stderr.endswith("There is more in prod: see it with -n, or -A.\n")
    assert "LoadBalancer/web" in run("get").stdout
    assert "There is more" not in run("get", "lb").stderr
    assert [run("get", *told).stderr for told in (["-A"], ["vc", "-n", "prod"])] == ["", ""]


def test_get_wide_has_more_columns(shop: Any, run: Any) -> None:
    """Objects, labels, health of backends; namespaces when all are shown."""
    head = run("get", "lb", "-A", "-o", "wide").stdout.splitlines()[0].split()
    assert head == [
        "NAMESPACE",
        "NAME",
        "CLASS",
        "ADDRESS",
        "PORTS",
        "STATUS",
        "ROUTABILITY",
        "HEALTHY",
        "OBJECTS",
        "LABELS",
    ]


def test_get_knows_the_classes_of_the_target(shop: Any, run: Any) -> None:
    """Built-in ones too, but only when they are asked for."""
    assert run("get", "vclass", "-o", "name").stdout.split() == [
        "VolumeClass/cold",
        "VolumeClass/fast",
        "VolumeClass/shared",
        "VolumeClass/standard",
    ]
    assert "VolumeClass" not in run("get").stdout


def test_get_of_nothing_says_so_on_standard_error(home: Any, run: Any) -> None:
    """No data, no error."""
    result = run("get")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing was applied yet" in result.stderr
    assert json.loads(run("get", "-o", "json").stdout) == []


def test_describe_tells_the_whole_story(shop: Any, run: Any) -> None:
    """Conditions, backends, parts, events, and that nothing is to be done."""
    text = run("describe", "lb/web").stdout
    for section in ("Spec", "Conditions", "Backends", "Parts", "Events"):
        assert f"\n{section}\n" in text
    assert "revision 1  done     + create memory.balancer" in text
    assert text.endswith("Next: nothing: it is as it should be\n")


def test_describe_shows_the_exact_error_and_the_next_step(home: Any, run: Any) -> None:
    """What the target said, in its own words, and what is still to be made."""
    home.target(quotas={"memory.disk": 0})
    run("apply", "-f", home.write("shop.yaml", home.claim))
    text = run("describe", "vc", "data").stdout
    assert "failed   + create memory.disk" in text
    assert "EXHAUSTED Quota: there are 0 already" in text
    assert "An apply would\n  + create memory.disk" in text
    assert "Next: " in text
    assert "nothing: it is" not in text
    story = json.loads(run("describe", "vc/data", "-o", "json").stdout)
    assert story["events"][0]["error"]["native"] == "Quota"
    assert story["status"]["phase"] == "Pending"


def test_tree_shows_parts_below_what_the_user_wrote(shop: Any, run: Any) -> None:
    """The disk stands below the claim for which it was made."""
    assert masked(run("tree", "vc").stdout) == (
        "shop on mem\n"
        "└── VolumeClaim/data  Bound  64Mi\n"
        "    └── memory.disk  shop-data-2ig3aj-volume-HASH (disk-ID)  READY\n"
    )


def test_tree_of_a_spec_shows_what_will_be_there(home: Any, run: Any) -> None:
    """Before anything was applied, each part says that it is not there."""
    parts = json.loads(run("tree", "-f", home.write("a.yaml", home.claim), "-o", "json").stdout)
    assert parts[0]["parts"][0]["state"] == "does not exist yet"


def test_history_lists_revisions_and_shows_one(shop: Any, run: Any) -> None:
    """Who, when, what came of it; and the plan of one, as it was shown."""
    revisions = json.loads(run("history", "-o", "json").stdout)
    assert [(each["revision"], each["outcome"]) for each in revisions] == [(1, "done")]
    assert revisions[0]["summary"]["add"] == 6
    assert "apply    done      6 add" in run("history").stdout
    shown = run("history", "1").stdout
    assert "+   create   memory.disk" in shown
    assert shown.endswith("Plan: 6 to add, 0 to change, 0 to destroy.\n")
