"""What a manifest asked for in vain is told by every plan, and by the status."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudabstract import Stack

MANIFEST = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  externalIPs: [192.0.2.7]
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Endpoints
metadata: {name: web}
subsets: [{addresses: [{ip: 10.0.0.5}], ports: [{port: 8080}]}]
"""


@pytest.fixture
def applied(home: Any, run: Any) -> Any:
    """A Service with a field that no portable field can say."""
    assert run("apply", "-f", home.write("web.yaml", MANIFEST)).exit_code == 0
    return home


def condition(run: Any, *arguments: str) -> dict[str, Any]:
    """The condition Degraded of the balancer, as a command tells it."""
    told = json.loads(run(*arguments, "-o", "json").stdout)
    status = (told[0] if isinstance(told, list) else told)["status"]
    (found,) = [each for each in status["conditions"] if each["type"] == "Degraded"]
    return dict(found)


def test_the_status_says_degraded_without_the_manifest(applied: Any, run: Any) -> None:
    """`get` and `describe` need no -f: it is known from what was applied."""
    for command in (("get", "lb/web"), ("describe", "lb/web")):
        found = condition(run, *command)
        assert (found["status"], found["reason"]) == ("True", "ClusterOnly")
        assert "spec.externalIPs" in found["message"]


def test_a_plan_tells_it_once(applied: Any, run: Any) -> None:
    """At its line in the manifest; a plan in Python tells it too."""
    plan = json.loads(run("plan", "-f", "web.yaml", "-o", "json").stdout)
    (told,) = [each for each in plan["objections"] if each["severity"] == "degrade"]
    assert (told["code"], told["field"], told["line"]) == ("LB000", "spec.externalIPs", 6)
    assert plan["changes"] == []
    with Stack() as stack:
        (same,) = stack.plan("web.yaml").objections
    assert (same.code, same.resource) == ("LB000", "LoadBalancer/web")


def test_it_goes_with_the_field(applied: Any, run: Any) -> None:
    """The manifest without it is honoured in full; a rollback brings the note back."""
    applied.write(
        "web.yaml", MANIFEST.replace("  externalIPs: [192.0.2.7]\n", "  sessionAffinity: None\n")
    )
    assert run("apply", "-f", "web.yaml").exit_code == 0
    assert condition(run, "get", "lb/web")["status"] == "False"
    assert run("rollback", "--yes").exit_code == 0
    assert condition(run, "get", "lb/web")["status"] == "True"


def test_it_survives_in_portable_words(applied: Any, run: Any) -> None:
    """A manifest that is rendered keeps the note, and is degraded as before."""
    applied.write("portable.yaml", run("render", "-f", "web.yaml").stdout)
    plan = json.loads(run("plan", "-f", "portable.yaml", "-o", "json").stdout)
    assert [each["code"] for each in plan["objections"]] == ["LB000"]
    assert plan["changes"] == []


def test_a_class_is_degraded_too(home: Any, run: Any) -> None:
    """It has no objects, and its status says what of its manifest nobody honours."""
    manifest = """\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: odd}
provisioner: nobody.example.com
"""
    run("apply", "-f", home.write("class.yaml", manifest))
    found = condition(run, "get", "vclass/odd")
    assert (found["status"], found["reason"]) == ("True", "NotPortable")
    assert "provisioner" in found["message"]


@pytest.mark.parametrize("note", ["no json", '["LB000"]', '[["LB000", "spec.x", 1, ""]]', "{}"])
def test_a_note_that_nobody_wrote_is_refused(home: Any, run: Any, note: str) -> None:
    """Exit 5, with the annotation as the field."""
    document = json.loads(home.balancer())
    document["metadata"]["annotations"] = {"cloudabstract.dev/degraded": note}
    result = run("plan", "-f", home.write("web.yaml", json.dumps(document)))
    assert result.exit_code == 5
    assert "cloudabstract.dev/degraded" in result.stderr
