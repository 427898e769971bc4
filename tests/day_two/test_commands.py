"""The commands of day two, as a person and as a script meet them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from cloudabstract.cli.main import main
from cloudabstract.testing.memory import Cloud

CLAIM = """\
kind: VolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: SIZE}}}
"""
WEB = """\
kind: LoadBalancer
metadata: {name: web, labels: {app: shop}}
spec:
  ports: [{name: http, port: 80}]
  backends: [{name: web, addresses: [{address: MEMBER}]}]
"""


@dataclass
class Home:
    """A working directory with a target whose cloud is in a file."""

    folder: Path

    def write(self, size: str = "64Mi", member: str = "10.0.0.5") -> str:
        """The spec."""
        text = "---\n".join((CLAIM.replace("SIZE", size), WEB.replace("MEMBER", member)))
        (self.folder / "shop.yaml").write_text(text)
        return "shop.yaml"

    @property
    def cloud(self) -> Cloud:
        """The cloud as it is now."""
        return Cloud(path=self.folder / "cloud.json")

    def spawn(self, *arguments: str) -> subprocess.Popen[str]:
        """The command line as a process."""
        return subprocess.Popen(
            [sys.executable, "-m", "cloudabstract", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A fresh one, made the working directory."""
    for name in list(os.environ):
        if name.startswith(("CLOUDABSTRACT", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "120")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    target = {"provider": "memory", "path": str(work / "cloud.json")}
    config = {"stack": "shop", "target": "mem", "targets": {"mem": target}, "plugins": []}
    (work / "cloudabstract.yaml").write_text(json.dumps(config))
    return Home(work)


Run = Callable[..., Result]


@pytest.fixture
def run(home: Home) -> Run:
    """Calls the command line in this process."""
    return lambda *words: CliRunner().invoke(main, list(words), catch_exceptions=False)


@pytest.fixture
def applied(home: Home, run: Run) -> Home:
    """A home with the spec applied."""
    assert run("apply", "-f", home.write(), "--yes").exit_code == 0
    return home


@pytest.fixture
def watching(home: Home) -> Iterator[Callable[..., Any]]:
    """Starts a watch as a process; what is left of it is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        started.append(home.spawn("watch", "--log-format", "json", *arguments))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


def said(process: subprocess.Popen[str], event: str) -> dict[str, Any]:
    """Read its log until this event."""
    assert process.stderr is not None
    for line in process.stderr:
        record: dict[str, Any] = json.loads(line)
        if record.get("event") == event:
            return record
    raise AssertionError(f"the watch ended without {event!r}")


def test_a_watch_repairs_obeys_and_ends_politely(
    home: Home, run: Run, watching: Callable[..., Any]
) -> None:
    """Drift is back, a changed file is applied, another apply is locked out, SIGTERM is 143."""
    spec = home.write()
    watch = watching("-f", spec, "--every", "1s")
    assert said(watch, "turn")["changes"] == 6
    locked = run("apply", "-f", spec)
    assert locked.exit_code == 4
    assert f"pid {watch.pid}" in locked.stderr
    pool = home.cloud.one("memory.pool")
    home.cloud.edit(pool, draining_seconds=1)
    done = said(watch, "done")
    assert (done["action"], done["drift"]) == ("update", True)
    home.write(member="10.0.0.9")
    while said(watch, "done")["drift"]:
        pass
    watch.send_signal(signal.SIGTERM)
    assert watch.wait(30) == 143
    members = home.cloud.one("memory.members").fields["members"]
    assert [each["address"] for each in members] == ["10.0.0.9"]
    assert home.cloud.one("memory.pool").fields["draining_seconds"] == 30
    assert run("plan", "-f", spec, "--detailed-exitcode").exit_code == 0


def test_a_watch_that_is_interrupted_exits_with_130(
    home: Home, watching: Callable[..., Any]
) -> None:
    """Ctrl-C between two turns."""
    watch = watching("-f", home.write(), "--every", "1h")
    said(watch, "turn")
    watch.send_signal(signal.SIGINT)
    assert watch.wait(30) == 130


def test_a_watch_serves_its_numbers(home: Home, watching: Callable[..., Any]) -> None:
    """/metrics and /healthz on the port that was asked for."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    watch = watching("-f", home.write(), "--metrics-port", str(port))
    said(watch, "turn")
    text = urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    assert 'cloudabstract_turns_total{result="well",stack="shop",target="mem"} 1.0' in text
    assert json.loads(urlopen(f"http://127.0.0.1:{port}/healthz").read())["status"] == "ok"


def test_one_turn_for_cron(applied: Home, run: Run) -> None:
    """Without -f it is what was applied last; what takes a person exits with 6."""
    applied.cloud.edit(applied.cloud.one("memory.pool"), draining_seconds=1)
    assert run("watch", "--once").exit_code == 0
    assert applied.cloud.one("memory.pool").fields["draining_seconds"] == 30
    applied.cloud.remove(applied.cloud.one("memory.disk"))
    assert run("watch", "--once").exit_code == 6


def test_standard_input_cannot_be_watched(run: Run) -> None:
    """It never changes."""
    assert run("watch", "-f", "-").exit_code == 64


def test_drift_as_text_and_as_data(applied: Home, run: Run) -> None:
    """Exits 0, or 2 where asked; classes are counted."""
    assert run("drift", "--detailed-exitcode").stdout == "Nothing has drifted.\n"
    applied.cloud.edit(applied.cloud.one("memory.pool"), draining_seconds=1)
    applied.cloud.edit(applied.cloud.one("memory.balancer"), source_ranges=["203.0.113.0/24"])
    text = run("drift")
    assert text.exit_code == 0
    assert "security  LoadBalancer/web" in text.stdout
    assert "2 objects have drifted: 1 security, 1 benign." in text.stdout
    assert run("drift", "--detailed-exitcode").exit_code == 2
    told = json.loads(run("drift", "-o", "json").stdout)
    assert told["classes"] == {"benign": 1, "security": 1, "data": 0}
    assert told["drift"][0]["fields"] == [
        {"field": "source_ranges", "wanted": [], "found": ["203.0.113.0/24"], "class": "security"}
    ]
    assert run("drift", "--class", "data", "--detailed-exitcode").exit_code == 0


def test_history_diff_and_rollback(applied: Home, run: Run) -> None:
    """Two revisions, what differs between them, and back; what cannot be undone is told first."""
    assert run("apply", "-f", applied.write("128Mi", "10.0.0.9"), "--yes").exit_code == 0
    shown = run("history", "show", "2")
    assert shown.exit_code == 0
    assert "memory.members" in shown.stdout
    assert run("history", "2").stdout == shown.stdout
    assert run("history", "show").exit_code == 64
    diff = run("diff", "--revision", "1", "2")
    assert 'spec.resources.requests.storage: "64Mi" -> "128Mi"' in diff.stdout
    told = json.loads(run("diff", "-o", "json").stdout)
    assert [each["resource"] for each in told["resources"]] == [
        "LoadBalancer/web",
        "VolumeClaim/data",
    ]
    refused = run("rollback", "--yes")
    assert refused.exit_code == 5
    assert "Cannot be undone:" in refused.stderr
    assert "cannot shrink" in refused.stderr
    shown = run("rollback", "--to", "1", "--dry-run", "-o", "json")
    assert shown.exit_code == 5
    dry = json.loads(shown.stdout)
    assert any("cannot shrink" in line for line in dry["irreversible"])
    assert run("rollback", "--yes", "--keep-sizes").exit_code == 0
    members = applied.cloud.one("memory.members").fields["members"]
    assert [each["address"] for each in members] == ["10.0.0.5"]
    actions = [each["action"] for each in json.loads(run("history", "-o", "json").stdout)]
    assert actions == ["apply", "apply", "rollback"]


def test_discover_adopt_release(applied: Home, run: Run) -> None:
    """Let go, found, taken back under another name: the objects never notice."""
    before = {each.id for each in applied.cloud.objects()}
    assert run("release", "lb/web").exit_code == 6
    assert run("release", "lb/wbe", "--yes").exit_code == 1
    assert run("release", "lb/web", "--yes").exit_code == 0
    found = run("discover", "--kind", "lb")
    assert found.exit_code == 0
    assert "# memory.balancer balancer-" in found.stdout
    (data,) = json.loads(run("discover", "-o", "json").stdout)
    name = data["document"]["metadata"]["name"]
    wrong = run("adopt", "lb/" + name[:-1])
    assert wrong.exit_code == 1
    assert f"did you mean 'LoadBalancer/{name}'" in wrong.stderr
    adopted = run("adopt", f"lb/{name}", "--as", "front")
    assert adopted.exit_code == 0
    (applied.folder / "front.yaml").write_text(adopted.stdout)
    (applied.folder / "rest.yaml").write_text(CLAIM.replace("SIZE", "64Mi"))
    plan = run("plan", "-f", "front.yaml", "-f", "rest.yaml", "--detailed-exitcode")
    assert plan.exit_code == 0, plan.stdout
    assert {each.id for each in applied.cloud.objects()} == before
    names = {each.name for each in applied.cloud.objects() if each.kind == "memory.balancer"}
    tree = run("tree", "lb/front", "-f", "front.yaml").stdout
    assert [name for name in names if f"memory.balancer  {name} (" not in tree] == []
    assert run("discover").stderr == "There is nothing here that belongs to no stack.\n"


def test_gc_lists_and_ends_only_what_is_named(applied: Home, run: Run) -> None:
    """From the point of view of another store, all of it is unknown."""
    other = ("--store", str(applied.folder / "other.db"), "--stack", "mine")
    told = json.loads(run("gc", *other, "-o", "json").stdout)["strays"]
    assert {each["stack"] for each in told} == {"shop"}
    assert json.loads(run("gc", "-o", "json").stdout)["strays"] == []
    disk = next(each["address"] for each in told if each["holdsData"])
    assert "memory.disk/" in run("gc", *other).stdout
    assert run("gc", *other, "--delete", disk).exit_code == 6
    assert run("gc", *other, "--delete", disk, "--yes").exit_code == 6
    assert run("gc", *other, "--delete", "memory.disk/nothing", "--yes").exit_code == 1
    assert applied.cloud.objects("memory.disk")
    agreed = ("--yes", "--allow-data-loss", disk)
    assert run("gc", *other, "--delete", disk, *agreed).exit_code == 0
    assert applied.cloud.objects("memory.disk") == ()
    assert len(applied.cloud.objects("memory.balancer")) == 1


def test_wait(applied: Home, run: Run) -> None:
    """For a condition, a phase, the end; 8 when the time is over."""
    assert run("wait", "lb/web", "--for", "Programmed").exit_code == 0
    assert run("wait", "vc/data", "--for", "phase=Bound").exit_code == 0
    assert run("wait", "lb/web", "--for", "Degraded=False").exit_code == 0
    late = run("wait", "lb/web", "--for", "Degraded", "--timeout", "1s")
    assert late.exit_code == 8
    assert "LoadBalancer/web is Degraded=False" in late.stderr
    near = run("wait", "lb/wep", "--for", "Programmed")
    assert "did you mean 'LoadBalancer/web'?" in near.stderr
    assert run("delete", "--stack", "shop", "--all", "--yes", "--retain-data").exit_code == 0
    assert run("wait", "lb/web", "--for", "deleted").exit_code == 0


def test_events(applied: Home, run: Run) -> None:
    """Every call with its outcome; about one resource, or what failed."""
    told = json.loads(run("events", "-o", "json").stdout)
    assert {each["verb"] for each in told} == {"create"}
    assert {each["outcome"] for each in told} == {"done"}
    about = json.loads(run("events", "lb/web", "-o", "json").stdout)
    assert {each["resource"] for each in about} == {"LoadBalancer/web"}
    assert json.loads(run("events", "--failed", "-o", "json").stdout) == []
    assert "memory.listener" in run("events").stdout


def test_part_of_a_plan(home: Home, run: Run) -> None:
    """By name, kind and label; what is left out is told; a misspelt name is guessed."""
    spec = home.write()
    told = json.loads(run("plan", "-f", spec, "--only", "vc", "-o", "json").stdout)
    assert {each["kind"] for each in told["changes"]} == {"memory.disk"}
    assert {each["resource"] for each in told["leftOut"]} == {"LoadBalancer/web"}
    assert "Left out" in run("plan", "-f", spec, "--only", "vc/data").stdout
    told = json.loads(run("plan", "-f", spec, "--exclude", "app=shop", "-o", "json").stdout)
    assert {each["kind"] for each in told["changes"]} == {"memory.disk"}
    near = run("plan", "-f", spec, "--only", "vc/dat")
    assert near.exit_code == 1
    assert "did you mean 'data'?" in near.stderr
    assert run("apply", "-f", spec, "--only", "lb/web").exit_code == 0
    assert home.cloud.objects("memory.disk") == ()
    assert len(home.cloud.objects("memory.balancer")) == 1


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("get lb/", ["lb/web"]),
        ("get lb/w", ["lb/web"]),
        ("get lb ", ["web"]),
        ("wait vc/", ["vc/data"]),
        ("plan --only LoadBalancer/", ["LoadBalancer/web"]),
        ("rollback --to ", ["1"]),
        ("wat", ["watch"]),
    ],
)
def test_names_are_completed_from_the_last_revision(
    applied: Home, words: str, offers: list[str]
) -> None:
    """A shell is offered what there is."""
    from click.shell_completion import ShellComplete

    completer = ShellComplete(main, {}, "cloudabstract", "_CLOUDABSTRACT_COMPLETE")
    *typed, last = words.split(" ")
    assert [each.value for each in completer.get_completions(typed, last)] == offers


def test_completion_never_fails(home: Home) -> None:
    """Without a store, and with a configuration that is broken, there is no offer."""
    from click.shell_completion import ShellComplete

    completer = ShellComplete(main, {}, "cloudabstract", "_CLOUDABSTRACT_COMPLETE")
    assert completer.get_completions(["get"], "lb/") == []
    assert not (home.folder.parent / "state").exists()
    (home.folder / "cloudabstract.yaml").write_text("targets: [")
    assert completer.get_completions(["get"], "lb/") == []
