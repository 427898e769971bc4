"""The JSON forms of the contract, and that standard output always parses."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from cloudabstract.engine import Engine


def data(result: Any) -> Any:
    """Standard output as the one JSON document that it must be."""
    return json.loads(result.stdout)


def test_a_plan_has_the_documented_keys(home: Any, run: Any) -> None:
    """Stack, target, changes with their fields, objections, summary."""
    plan = data(run("plan", "-f", home.write("shop.yaml", home.claim), "-o", "json"))
    assert (plan["stack"], plan["target"]) == ("shop", "mem")
    assert plan["summary"] == {"add": 1, "change": 0, "destroy": 0, "release": 0}
    assert plan["objections"] == []
    change = plan["changes"][0]
    assert (change["action"], change["kind"], change["place"]) == (
        "create",
        "memory.disk",
        "here-a",
    )
    assert change["resource"] == "Volume/data-2ig3aj"
    assert change["part"] == "Volume/data-2ig3aj#memory.disk:volume"
    assert change["effect"] == "none"
    assert change["fields"]["size"] == {"from": None, "to": 64 * 2**20}
    assert {"name", "reason"} <= change.keys()


def test_a_plan_with_objections_is_printed_all_the_same(home: Any, run: Any) -> None:
    """Exit 5, and the objections are data, with file and line."""
    port = {"name": "http", "port": 80, "protocol": "SCTP"}
    result = run("plan", "-f", home.write("shop.yaml", home.balancer(ports=[port])), "-o", "json")
    assert result.exit_code == 5
    objection = data(result)["objections"][0]
    assert (objection["code"], objection["field"]) == ("LB003", "spec.ports[0].protocol")
    assert (objection["file"], objection["line"]) == ("shop.yaml", 1)


def test_an_apply_has_outcomes_resources_and_calls(home: Any, run: Any) -> None:
    """The plan's changes with "outcome" and "error", every resource's status, and API calls."""
    spec = home.write("shop.yaml", home.balancer(), home.claim)
    report = data(run("apply", "-f", spec, "-o", "json"))
    assert {change["outcome"] for change in report["changes"]} == {"done"}
    assert {change["error"] for change in report["changes"]} == {None}
    by_kind = {each["kind"]: each for each in report["resources"]}
    assert by_kind["LoadBalancer"]["status"]["addresses"][0]["ip"]
    claim = by_kind["VolumeClaim"]
    assert (claim["name"], claim["namespace"]) == ("data", "default")
    assert claim["status"]["phase"] == "Bound"
    assert sum(report["apiCalls"].values()) > 0
    assert report["revision"] == 1


def test_a_failed_change_has_the_targets_own_error(home: Any, run: Any) -> None:
    """Code, native code, message, request id, whether to try again, and a remedy."""
    home.target(quotas={"memory.disk": 0})
    report = data(run("apply", "-f", home.write("shop.yaml", home.claim), "-o", "json"))
    error = report["changes"][0]["error"]
    assert report["changes"][0]["outcome"] == "failed"
    assert (error["code"], error["native"], error["retryable"]) == ("EXHAUSTED", "Quota", False)
    assert {"message", "requestId", "remedy"} <= error.keys()


def test_get_prints_a_list_with_portable_status(home: Any, run: Any) -> None:
    """Addresses and conditions of balancers; phase, capacity and volumeName of claims."""
    run("apply", "-f", home.write("shop.yaml", home.balancer(), home.claim))
    found = {each["kind"]: each for each in data(run("get", "-o", "json"))}
    assert set(found) == {"LoadBalancer", "Volume", "VolumeClaim"}
    assert found["LoadBalancer"]["status"]["addresses"][0]["ip"]
    assert found["LoadBalancer"]["status"]["conditions"]
    assert found["VolumeClaim"]["status"]["phase"] == "Bound"
    assert found["VolumeClaim"]["status"]["capacity"] == "64Mi"
    assert found["VolumeClaim"]["status"]["volumeName"] == found["Volume"]["name"]


def test_a_pending_balancer_has_its_keys_too(home: Any, run: Any) -> None:
    """A status key is there even when it is empty, so that scripts need not ask."""
    spec = home.write("shop.yaml", home.balancer())
    status = data(run("get", "lb", "-f", spec, "-o", "json"))[0]["status"]
    assert status["addresses"] == []
    assert status["conditions"][1]["reason"] == "Provisioning"


def test_yaml_says_the_same(home: Any, run: Any) -> None:
    """-o yaml is the same data in another notation."""
    run("apply", "-f", home.write("shop.yaml", home.claim))
    as_yaml = yaml.safe_load(run("get", "-o", "yaml").stdout)
    assert as_yaml == data(run("get", "-o", "json"))


def test_validate_lists_every_document_once(home: Any, run: Any) -> None:
    """File, line, kind, name, namespace, disposition, reason and objections of each."""
    other = "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: thing}\n"
    home.write("shop.yaml", home.claim, other, home.balancer(prts=[]))
    result = run("validate", "-f", "shop.yaml", "-o", "json")
    documents = data(result)["documents"]
    assert result.exit_code == 5
    assert [(each["kind"], each["line"]) for each in documents] == [
        ("VolumeClaim", 1),
        ("Gadget", 8),
        ("LoadBalancer", 12),
    ]
    assert [each["disposition"] for each in documents] == ["managed", "unknown", "managed"]
    assert [len(each["objections"]) for each in documents] == [0, 0, 1]
    assert documents[0]["namespace"] == "default"
    assert documents[1]["reason"]
    assert {"code", "field", "message"} <= documents[2]["objections"][0].keys()


def test_validate_with_a_target_checks_capabilities(home: Any, run: Any) -> None:
    """Offline: the cloud's file is not even made."""
    port = {"name": "http", "port": 80, "protocol": "SCTP"}
    spec = home.write("shop.yaml", home.balancer(ports=[port]))
    assert run("validate", "-f", spec).exit_code == 0
    result = run("validate", "-f", spec, "-t", "mem", "-o", "json")
    assert result.exit_code == 5
    assert data(result)["documents"][0]["objections"][0]["code"] == "LB003"
    assert not (home.folder / "cloud.json").exists()


def test_a_rejected_spec_is_an_error_document(home: Any, run: Any) -> None:
    """Every problem with its place; the message for people is on standard error."""
    result = run("apply", "-f", home.write("shop.yaml", home.balancer(prts=[])), "-o", "json")
    error = data(result)["error"]
    assert (error["code"], error["exitCode"], error["type"]) == ("rejected", 5, "SpecError")
    assert error["problems"][0] == {
        "code": "",
        "message": "there is no such field",
        "file": "shop.yaml",
        "line": 1,
        "resource": "LoadBalancer/web",
        "field": "spec.prts",
        "remedy": "did you mean 'ports'?",
    }
    assert result.stderr.startswith("error: shop.yaml:1: LoadBalancer/web: spec.prts:")


FAILING = [
    ("plan", "-f", "nowhere.yaml"),
    ("apply", "-f", "shop.yaml", "-t", "moon"),
    ("delete", "--all"),
    ("get", "gadgets"),
    ("get", "lb/nobody"),
    ("describe", "lb/nobody"),
    ("history", "7"),
    ("unlock", "7"),
    ("explain", "nonsense"),
    ("plan", "--nonsense"),
    ("nonsense",),
]


@pytest.mark.parametrize("arguments", FAILING, ids=" ".join)
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_standard_output_parses_whatever_fails(
    arguments: tuple[str, ...], form: str, home: Any, run: Any
) -> None:
    """One document with an error whose exitCode is the exit code; no traceback anywhere."""
    home.write("shop.yaml", home.claim)
    result = run(*arguments, "-o", form)
    error = (data(result) if form == "json" else yaml.safe_load(result.stdout))["error"]
    assert result.exit_code == error["exitCode"] != 0
    assert error["message"]
    assert "Traceback" not in result.output


def test_an_interrupt_while_planning_parses_too(
    home: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was begun: exit 130 at once."""

    def interrupted(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "plan", interrupted)
    result = run("plan", "-f", home.write("shop.yaml", home.claim), "-o", "json")
    assert result.exit_code == 130
    assert data(result)["error"]["code"] == "interrupted"
