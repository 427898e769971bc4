"""Every exit code of the contract is reached by the situation that it stands for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudabstract.cli import codes
from cloudabstract.clock import SystemClock
from cloudabstract.engine import Engine
from cloudabstract.spec import config
from cloudabstract.store import Store

Home = Run = Spawn = Any  # see conftest.py


def done(home: Home, run: Run) -> int:
    """An apply of a valid spec."""
    return run("apply", "-f", home.write("shop.yaml", home.claim)).exit_code


def nothing_to_do(home: Home, run: Run) -> int:
    """A second apply."""
    run("apply", "-f", home.write("shop.yaml", home.claim))
    return run("apply", "-f", "shop.yaml").exit_code


def failed(home: Home, run: Run) -> int:
    """The only thing to do is refused by the target."""
    home.target(quotas={"memory.disk": 0})
    return run("apply", "-f", home.write("shop.yaml", home.claim)).exit_code


def changes(home: Home, run: Run) -> int:
    """A plan that was asked to tell."""
    return run("plan", "-f", home.write("shop.yaml", home.claim), "--detailed-exitcode").exit_code


def no_changes(home: Home, run: Run) -> int:
    """A plan that was asked to tell, and has nothing to."""
    run("apply", "-f", home.write("shop.yaml", home.claim))
    return run("plan", "-f", "shop.yaml", "--detailed-exitcode").exit_code


def partly(home: Home, run: Run) -> int:
    """One of two independent things is refused."""
    home.target(quotas={"memory.disk": 0})
    return run("apply", "-f", home.write("shop.yaml", home.claim, home.balancer())).exit_code


def locked(home: Home, run: Run) -> int:
    """Another run holds the stack."""
    with Store.open(config.state_folder() / "store.db", SystemClock()) as store:
        store.leases.acquire("shop@mem", "somebody")
        return run("apply", "-f", home.write("shop.yaml", home.claim)).exit_code


def invalid_spec(home: Home, run: Run) -> int:
    """A field that does not exist."""
    return run("apply", "-f", home.write("shop.yaml", home.balancer(prts=[]))).exit_code


def invalid_configuration(home: Home, run: Run) -> int:
    """A target that does not exist."""
    return run("apply", "-f", home.write("shop.yaml", home.claim), "-t", "moon").exit_code


def incapable(home: Home, run: Run) -> int:
    """A class that the target does not have."""
    spec = home.write("shop.yaml", home.balancer(loadBalancerClass="example.com/odd"))
    return run("plan", "-f", spec).exit_code


def unconsented(home: Home, run: Run) -> int:
    """A deletion without --yes, and nobody to ask."""
    run("apply", "-f", home.write("shop.yaml", home.balancer()))
    return run("delete", "-f", "shop.yaml").exit_code


def stale(home: Home, run: Run) -> int:
    """The world changes between plan and apply."""
    run("plan", "-f", home.write("shop.yaml", home.balancer()), "--out", "plan.json")
    run("apply", "-f", "shop.yaml")
    return run("apply", "plan.json").exit_code


def timed_out(home: Home, run: Run) -> int:
    """An object that is not ready for an hour, and no patience."""
    home.target(delay=3600)
    spec = home.write("shop.yaml", home.claim)
    return run("apply", "-f", spec, "--timeout", "0s").exit_code


def usage(home: Home, run: Run) -> int:
    """An option that does not exist."""
    return run("plan", "--colour").exit_code


SITUATIONS: list[tuple[int, Callable[[Home, Run], int]]] = [
    (0, done),
    (0, nothing_to_do),
    (1, failed),
    (2, changes),
    (0, no_changes),
    (3, partly),
    (4, locked),
    (5, invalid_spec),
    (5, invalid_configuration),
    (5, incapable),
    (6, unconsented),
    (7, stale),
    (8, timed_out),
    (64, usage),
]


@pytest.mark.parametrize(
    ("code", "situation"), SITUATIONS, ids=lambda each: getattr(each, "__name__", str(each))
)
def test_the_exit_code_tells_what_happened(
    code: int, situation: Callable[[Home, Run], int], home: Home, run: Run
) -> None:
    """Each situation, described by its function, ends with its code."""
    assert situation(home, run) == code


def test_the_table_has_every_code_but_those_of_signals_and_bugs() -> None:
    """What is promised is what is tested; 70, 130 and 143 have tests of their own."""
    tested = {code for code, _ in SITUATIONS} | {70, 130, 143}
    assert set(codes.EXIT_CODES) == tested


def test_a_bug_leaves_a_report_and_no_traceback(
    home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected exception exits 70, asks for a private file, and that holds no secret."""

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("cannot go on with password=hunter2hunter2")

    monkeypatch.setattr(Engine, "plan", broken)
    result = run("plan", "-f", home.write("shop.yaml", home.claim), "-o", "json")
    reports = list((Path(os.environ["XDG_STATE_HOME"]) / "cloudabstract/reports").iterdir())
    assert result.exit_code == 70
    assert json.loads(result.stdout)["error"]["code"] == "bug"
    assert "Traceback" not in result.stderr
    assert str(reports[0]) in result.stderr
    assert reports[0].stat().st_mode & 0o777 == 0o600
    assert "RuntimeError: cannot go on" in reports[0].read_text()
    assert "hunter2" not in reports[0].read_text() + result.output


def _interrupt(home: Home, number: int) -> tuple[int, str]:
    """Apply something that is never ready, and send a signal once it is under way."""
    home.target(delay=3600)
    process = subprocess.Popen(
        home.command("apply", "-f", home.write("shop.yaml", home.claim), "-o", "json"),
        cwd=home.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stderr:
        if "waiting" in line:
            process.send_signal(number)
            break
    output = process.stdout.read()
    process.stderr.read()
    return process.wait(30), output


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_an_apply_in_order(number: int, code: int, home: Home, spawn: Spawn) -> None:
    """What was begun is recorded: standard output parses, and the next run goes on from there."""
    assert _interrupt(home, number)[0] == code
    home.target()
    history = json.loads(spawn("history", "-o", "json").stdout)
    assert [each["outcome"] for each in history] == ["partial"]
    assert spawn("unlock").stdout == "Nobody holds stack shop.\n"
    assert home.kinds == ["memory.disk"]


def test_an_interrupted_apply_reports_what_it_did(home: Home) -> None:
    """With -o json the report is printed all the same, and says that it was interrupted."""
    _, output = _interrupt(home, signal.SIGINT)
    report = json.loads(output)
    assert report["interrupted"] is True
    assert report["changes"][0]["outcome"] == "skipped"
