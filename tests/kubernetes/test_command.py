"""A rendered chart can be piped into the command line, with no cluster anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cloudabstract.cli.main import main

CORPUS = Path(__file__).parent / "corpus"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples/kubernetes/chart.yaml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command line with a memory cloud as its target."""
    target = {"provider": "memory", "path": str(tmp_path / "cloud.json")}
    config = {"stack": "shop", "target": "mem", "targets": {"mem": target}, "plugins": []}
    (tmp_path / "cloudabstract.yaml").write_text(json.dumps(config))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def runs(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(main, list(arguments), input=stdin)

    return runs


@pytest.fixture(scope="module")
def chart() -> str:
    """What a chart renders to: all valid documents of the corpus, with noise between them."""
    texts = [path.read_text() for path in sorted(CORPUS.glob("*.yaml"))]
    valid = [text for text in texts if text.startswith("# expected: accept")]
    return "\n---\n---\n# Source: shop/templates\n".join(valid)


def test_every_document_appears_once_in_validate(run: Any, chart: str) -> None:
    """With disposition and reason; remarks are objections with a severity; exit 0."""
    result = run("validate", "-f", "-", "-o", "json", stdin=chart)
    assert result.exit_code == 0, result.output
    documents = json.loads(result.stdout)["documents"]
    places = [(each["file"], each["line"]) for each in documents]
    assert len(set(places)) == len(places) >= 40
    assert {each["disposition"] for each in documents} == {"managed", "recognised", "unknown"}
    severities = {o["severity"] for each in documents for o in each["objections"]}
    assert severities == {"degrade", "note"}
    by_name = {(each["kind"], each["name"]): each for each in documents}
    fields = [o["field"] for o in by_name["Service", "exported"]["objections"]]
    assert "spec.clusterIP" in fields


def test_a_refused_manifest_is_exit_5_with_the_field(run: Any) -> None:
    """The objection that rejects is told from those that only degrade."""
    text = (CORPUS / "service-port-range.yaml").read_text()
    result = run("validate", "-f", "-", "-o", "json", stdin=text)
    assert result.exit_code == 5
    (objection,) = json.loads(result.stdout)["documents"][0]["objections"]
    assert (objection["severity"], objection["field"]) == ("reject", "spec.ports[0].port")


def test_a_plan_accounts_for_every_document(run: Any, chart: str) -> None:
    """As data each one once; as text those that are not provisioned, by kind and name."""
    kept = [each for each in chart.split("\n---\n") if "kind: Ingress\n" not in each]
    text = "\n---\n".join(each for each in kept if "PersistentVolume\n" not in each)
    told = json.loads(run("validate", "-f", "-", "-o", "json", stdin=text).stdout)["documents"]
    result = run("plan", "-f", "-", "-o", "json", stdin=text)
    plan = json.loads(result.stdout)
    keys = ("line", "kind", "name", "disposition")
    assert [[each[key] for key in keys] for each in plan["documents"]] == [
        [each[key] for key in keys] for each in told
    ]
    assert {each["severity"] for each in plan["objections"] if "source" in each} == {
        "degrade",
        "note",
    }
    written = run("plan", "-f", "-", stdin=text).stdout
    assert "Deployment: web" in written
    assert "Widget (unknown): w" in written


def test_render_prints_portable_documents_and_manifests(run: Any) -> None:
    """Manifests in portable words, portable documents as manifests; both read back."""
    text = (CORPUS / "service-balancer.yaml").read_text()
    portable = run("render", "-f", "-", stdin=text)
    assert portable.exit_code == 0, portable.output
    assert "kind: LoadBalancer" in portable.stdout
    manifests = run("render", "-f", "-", "-o", "kubernetes", stdin=portable.stdout)
    assert "kind: Service" in manifests.stdout
    assert run("render", "-f", "-", stdin=manifests.stdout).stdout == portable.stdout


def test_render_refuses_what_is_not_valid(run: Any) -> None:
    """Exit 5, and nothing on standard output."""
    text = (CORPUS / "service-port-range.yaml").read_text()
    result = run("render", "-f", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (5, "")


def test_a_chart_is_applied_once(run: Any) -> None:
    """30 documents, each in the plan once; after apply there is nothing to do."""
    plan = json.loads(run("plan", "-f", str(EXAMPLE), "-o", "json").stdout)
    names = [(each["kind"], each["name"], each["line"]) for each in plan["documents"]]
    assert len(names) == len(set(names)) == 30
    assert [each for each in plan["objections"] if each["severity"] == "reject"] == []
    assert run("apply", "-f", str(EXAMPLE), "-y").exit_code == 0
    again = run("plan", "-f", str(EXAMPLE), "--detailed-exitcode")
    assert again.exit_code == 0, again.output
